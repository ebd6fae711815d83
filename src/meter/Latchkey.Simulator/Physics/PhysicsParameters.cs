using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latchkey.Simulator.Physics;

/// <summary>Every number of the relay, arc and sensing models. The values are choices and live in physics.json, nowhere else.</summary>
/// <remarks>Modelled, not measured: no data sheet of an 80 to 120 A meter relay stands behind them.</remarks>
public sealed record PhysicsParameters(
    CoilParameters Coil,
    BounceParameters Bounce,
    ArcParameters Arc,
    WearParameters Wear,
    SensingParameters Sensing)
{
    // Declared before Default, which needs it.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The values of the embedded physics.json.</summary>
    public static PhysicsParameters Default { get; } = Load();

    private static PhysicsParameters Load()
    {
        using Stream stream = typeof(PhysicsParameters).Assembly.GetManifestResourceStream("Latchkey.Simulator.Physics.physics.json")!;
        return JsonSerializer.Deserialize<PhysicsParameters>(stream, Strict)!;
    }
}

/// <summary>Coil, armature and latch.</summary>
public sealed record CoilParameters(
    double NominalVolts, double TimeConstantMs, double BreakawayShare, double CopperPerKelvin,
    double OpenTravelMs, double CloseTravelMs, double ColdPerKelvin,
    double UnitSpread, double UnitLowest, double UnitHighest,
    double AgeSlowing, double AgeOpenShiftMs, double AgeCloseShiftMs, double JitterMs, double CommittedShare,
    double DislodgeMillitesla, double DislodgePerSecond, double SettleMs);

/// <summary>Contact bounce when closing: flights and the dwell between them.</summary>
public sealed record BounceParameters(double[] FlightMs, double[] FlightSpread, double DwellLowestMs, double DwellHighestMs);

/// <summary>The arc between opening contacts and what it takes to put it out.</summary>
public sealed record ArcParameters(
    double IgniteAmps, double IgniteVolts, double FallVolts, double ColumnVoltsPerMm, double HighestVolts, double GapMmPerMs,
    double ImmediateVolts, double ImmediateVoltsPerAmp, double ImmediateLowestVolts, double DielectricVoltsPerMm, double Overshoot);

/// <summary>Erosion and welding.</summary>
public sealed record WearParameters(
    double MicrogramsPerCoulomb, double EndOfLifeMicrograms, double WeldJoulesNew, double WeldJoulesAged, double WeldSpread,
    double LightWeldShare, double LightWeldBreaks, double LightWeldBreaksAtHighVoltage, double HighVoltageRatio, double CertainWeldAmps, double CarryWeldAmps);

/// <summary>How well the firmware sees: one standard deviation each, drawn anew for every operation where it is an error.</summary>
public sealed record SensingParameters(
    double CoilVoltageError, double TemperatureErrorKelvin, double LoadVoltageGainError, double NoiseCounts, double LoadSideLeakVolts);
