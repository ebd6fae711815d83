namespace Latchkey.Simulator.Physics;

/// <summary>What the sensors make of the truth when somebody has been at them. The default changes nothing.</summary>
/// <param name="VoltageShare">Share of the voltage that reaches its divider: 0 where the neutral or a fuse is missing.</param>
/// <param name="DirectVolts">Direct voltage fed into the neutral.</param>
/// <param name="PhaseShare">Share of the current that the phase sensor sees.</param>
/// <param name="NeutralShare">Share of the current that the neutral sensor sees.</param>
/// <param name="InducedAmps">Peak of a current that is none: a swinging field in the sensor's loop, at mains frequency.</param>
public sealed record SensorView(double VoltageShare = 1, double DirectVolts = 0, double PhaseShare = 1, double NeutralShare = 1, double InducedAmps = 0)
{
    public static SensorView True { get; } = new();
}
