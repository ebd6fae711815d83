using Latchkey.Meter.Hal;

namespace Latchkey.Simulator;

/// <summary>Covers and magnet as hands move them, with the hardware latch that needs no power.</summary>
internal sealed class TamperBench : ITamperInputs
{
    public TamperInputs Now { get; private set; }

    public TamperInputs Latched { get; set; }

    public void Set(TamperInputs input, bool present)
    {
        Now = present ? Now | input : Now & ~input;
        // The latch remembers covers; a field leaves no trace in a meter without power.
        if (present) Latched |= input & (TamperInputs.MeterCover | TamperInputs.TerminalCover);
    }

    public void ClearLatch() => Latched = Now & (TamperInputs.MeterCover | TamperInputs.TerminalCover);
}
