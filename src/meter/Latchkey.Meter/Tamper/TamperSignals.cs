using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Tamper;

/// <summary>What the sensors and registers say at one look. Two levels for each kind, so that what hovers at a threshold does not flutter.</summary>
/// <param name="Operate">Past the level at which a tamper begins.</param>
/// <param name="Hold">Not yet back below the level at which it ends; at least 30 % lower.</param>
/// <param name="Suspended">Nothing can be said: too little current or voltage to judge by.</param>
public readonly record struct TamperSignals(TamperInputs Operate, TamperInputs Hold, TamperInputs Suspended)
{
    /// <summary>A switch or a comparator, which has its hysteresis in hardware.</summary>
    public static TamperSignals Switches(TamperInputs inputs) => new(inputs, inputs, TamperInputs.None);

    public bool IsQuiet => (Operate | Hold) == TamperInputs.None;

    public TamperSignals And(in TamperSignals other) => new(Operate | other.Operate, Hold | other.Hold, Suspended | other.Suspended);
}
