namespace Latchkey.Simulator.Physics;

/// <summary>One harmonic of a waveform: order, share of the fundamental's amplitude, and phase lag at its own frequency.</summary>
public readonly record struct Harmonic(int Order, double Share, double LagRadians);
