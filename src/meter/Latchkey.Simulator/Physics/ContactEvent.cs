namespace Latchkey.Simulator.Physics;

/// <summary>What happened at the contacts.</summary>
public enum ContactEventKind
{
    PulseStarted = 0,

    /// <summary>The armature did not move or fell back.</summary>
    PulseFailed = 1,

    /// <summary>The contacts parted; an arc may burn.</summary>
    Parted = 2,

    /// <summary>The current stopped: the break is complete.</summary>
    Interrupted = 3,

    /// <summary>First touch of a closing.</summary>
    Touched = 4,

    /// <summary>The bounce is over.</summary>
    Made = 5,

    /// <summary>The bounce welded the contacts.</summary>
    Welded = 6,

    /// <summary>An opening pulse did not part welded contacts.</summary>
    WeldHeld = 7,

    /// <summary>A magnet flipped the latch.</summary>
    Dislodged = 8,
}

/// <summary>One event at the contacts, to the microsecond; for benches, pictures and tests, never for the firmware.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="TimeUs">When.</param>
/// <param name="Joules">Arc energy of the operation so far.</param>
/// <param name="Coulombs">Arc charge with the sign of the current.</param>
/// <param name="Reignitions">Current zeros that did not put the arc out.</param>
/// <param name="PeakAmps">Largest current since the first touch.</param>
public readonly record struct ContactEvent(
    ContactEventKind Kind, long TimeUs, double Joules = 0, double Coulombs = 0, int Reignitions = 0, double PeakAmps = 0);
