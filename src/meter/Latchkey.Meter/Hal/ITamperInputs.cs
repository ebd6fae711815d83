namespace Latchkey.Meter.Hal;

/// <summary>The tampers a meter tells apart, as bits; the numbers are stored and transmitted.</summary>
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

    /// <summary>Current without voltage on a single phase: the neutral is missing; found in the registers.</summary>
    MissingVoltage = 32,

    /// <summary>Voltage behind an open switch: a bridge or a generator; found in the registers.</summary>
    LoadSideVoltage = 64,

    /// <summary>A field of mains frequency above 1 mT.</summary>
    AlternatingField = 1 << 7,

    /// <summary>One of three phases has current and no voltage: its voltage tap is open.</summary>
    CurrentWithoutVoltage = 1 << 8,

    /// <summary>One of three phases has no current at its sensor and some in its return: the sensor is shorted.</summary>
    MissingCurrent = 1 << 9,

    /// <summary>One or two phases have no voltage.</summary>
    PhaseLoss = 1 << 10,

    /// <summary>The phases come in the wrong order.</summary>
    PhaseSequence = 1 << 11,

    /// <summary>One phase is far too high and another far too low: the neutral of the supply is lost.</summary>
    ShiftedNeutral = 1 << 12,

    /// <summary>Direct or far too high voltage: something is fed into the neutral.</summary>
    NeutralDisturbance = 1 << 13,

    /// <summary>The watchdog had to restart the meter again and again: static electricity, a jammer.</summary>
    Jamming = 1 << 14,

    /// <summary>The switch does not open any more.</summary>
    SwitchWelded = 1 << 15,

    /// <summary>The time of day jumped against the meter's own running time.</summary>
    ClockStep = 1 << 16,

    /// <summary>Program or parameters are not what they must be.</summary>
    Integrity = 1 << 17,

    /// <summary>Token after token is wrong.</summary>
    TokenGuessing = 1 << 18,

    /// <summary>The module in the slot sends what no module sends.</summary>
    HostileModule = 1 << 19,
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
