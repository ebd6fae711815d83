namespace Latchkey.Simulator.Physics;

/// <summary>The supply at one instant.</summary>
/// <param name="Seconds">Time since the start of the circuit.</param>
/// <param name="Phase">Phase of the fundamental, radian, not wrapped; the voltage rises through zero at multiples of 2π.</param>
/// <param name="Volts">Voltage of the source.</param>
public readonly record struct MainsPoint(double Seconds, double Phase, double Volts);
