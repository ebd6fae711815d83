namespace Latchkey.Simulator.Physics;

/// <summary>One scored opening.</summary>
/// <param name="Strategy">Who chose the instant.</param>
/// <param name="Unit">Number of the relay.</param>
/// <param name="Operation">Number of the operation of this relay and strategy, from 1.</param>
/// <param name="Conditions">Under which it happened.</param>
/// <param name="Age">Age of the relay.</param>
/// <param name="Joules">Arc energy.</param>
/// <param name="Coulombs">Arc charge with sign.</param>
/// <param name="Missed">True when the arc outlived the first current zero.</param>
/// <param name="LatencyMs">From the decision to the parting; 0 where there was no decision.</param>
/// <param name="AimErrorMs">Parting less plan; 0 where there was no plan.</param>
public readonly record struct OpeningTrial(
    OpeningStrategy Strategy, int Unit, int Operation, OperatingConditions Conditions, double Age,
    double Joules, double Coulombs, bool Missed, double LatencyMs, double AimErrorMs);

/// <summary>The rows of the comparison.</summary>
public enum OpeningStrategy
{
    /// <summary>Any instant.</summary>
    Random = 0,

    /// <summary>Nominal delay, aimed at the voltage zero.</summary>
    VoltageZero = 1,

    /// <summary>Nominal delay, aimed 0.5 ms ahead of the current zero.</summary>
    CurrentZero = 2,

    /// <summary>Delay corrected for temperature and coil voltage, 0.7 ms ahead of the current zero, nothing learned.</summary>
    Compensated = 3,

    /// <summary>The firmware.</summary>
    Learned = 4,

    /// <summary>The true mean delay known, jitter alone left, the firmware's aim.</summary>
    Oracle = 5,

    /// <summary>No jitter and perfect knowledge.</summary>
    Theory = 6,
}
