namespace Latchkey.Meter.Hal;

/// <summary>What the tamper sensors say, as bits; the numbers are stored and transmitted.</summary>
[Flags]
public enum TamperInputs : uint
{
    None = 0,

    /// <summary>The cover over the meter's own chamber is open.</summary>
    MeterCover = 1,

    /// <summary>The cover over the terminals is open.</summary>
    TerminalCover = 2,

    /// <summary>A steady field above the operate level of the Hall sensors (6.9 mT).</summary>
    Magnet = 4,

    /// <summary>Energy flows against the meter's direction; found in the registers.</summary>
    ReverseFlow = 8,

    /// <summary>Phase and neutral current differ: part of the load goes round the meter; found in the registers.</summary>
    Bypass = 16,

    /// <summary>Current without voltage: the neutral or a fuse is missing; found in the registers.</summary>
    MissingVoltage = 32,

    /// <summary>Voltage behind an open switch: a bridge or a generator; found in the registers.</summary>
    LoadSideVoltage = 64,
}

/// <summary>The tamper switches and sensors, polled.</summary>
public interface ITamperInputs
{
    /// <summary>What is open or present now.</summary>
    TamperInputs Now { get; }

    /// <summary>What was open at any time since the last <see cref="ClearLatch"/>; kept by hardware through total power loss.</summary>
    TamperInputs Latched { get; }

    /// <summary>Re-arms the hardware latch; what is still open sets it again.</summary>
    void ClearLatch();
}
