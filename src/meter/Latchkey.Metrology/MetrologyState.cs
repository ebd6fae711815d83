namespace Latchkey.Metrology;

/// <summary>What must survive a power cut: the six energy registers with their remainders and the counters.</summary>
public readonly record struct MetrologyState(
    EnergyCounter ActiveImport,
    EnergyCounter ActiveExport,
    EnergyCounter Reactive1,
    EnergyCounter Reactive2,
    EnergyCounter Reactive3,
    EnergyCounter Reactive4,
    long SampleCount,
    long FrameCount);
