namespace Latchkey.Meter.LoadSwitch;

/// <summary>What the controller has to say.</summary>
public enum SwitchEventKind
{
    /// <summary>Open, confirmed by load-side voltage and current.</summary>
    Opened = 1,

    /// <summary>Closed, confirmed by load-side voltage.</summary>
    Closed = 2,

    /// <summary>A pulse did not do what it should; another follows.</summary>
    Retrying = 3,

    /// <summary>Three pulses did not part the contacts: welded, or bridged.</summary>
    DisconnectFailure = 4,

    /// <summary>Three pulses did not close the contacts.</summary>
    ReconnectFailure = 5,

    /// <summary>A foreign source feeds the open side; closing is blocked.</summary>
    LoadVoltageWhileOpen = 6,

    /// <summary>Current without voltage behind an open switch: a sensor or the neutral.</summary>
    CurrentWhileOpen = 7,

    /// <summary>No zero to be found and more than 5 A at the smallest: opened all the same for safety.</summary>
    UnsynchronisedBreak = 8,

    /// <summary>Above the breaking capacity: the upstream breaker must clear first.</summary>
    WaitingForBreakingCapacity = 9,

    /// <summary>Coil or mains voltage too low for a pulse.</summary>
    WaitingForSupply = 10,

    /// <summary>The waveform leaves no good instant; the best was taken.</summary>
    DistortedCurrent = 11,

    /// <summary>The voltage's phase jumped; three cycles are waited for.</summary>
    PhaseJump = 12,

    /// <summary>The contacts are not where they were left: magnet, shock or hand.</summary>
    MovedUnbidden = 13,

    /// <summary>The operation could not be verified for lack of mains voltage; it will be.</summary>
    Unverified = 14,

    /// <summary>No zero to be found and more than 5 A at the smallest: a normal request waits.</summary>
    WaitingForZero = 15,

    /// <summary>An arc stands between parted contacts: direct current that no zero puts out.</summary>
    ArcStands = 16,
}

/// <summary>One event with its figures.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="TimeUs">When, on the hardware timer.</param>
/// <param name="Position">The believed position after it.</param>
/// <param name="ContactUs">The observed contact instant; 0 when none was seen.</param>
/// <param name="AimErrorUs">Observed less planned contact instant.</param>
/// <param name="ChargeMicrocoulombs">Arc charge of the operation with its sign.</param>
public readonly record struct SwitchEvent(
    SwitchEventKind Kind, long TimeUs, SwitchPosition Position, long ContactUs = 0, int AimErrorUs = 0, long ChargeMicrocoulombs = 0);
