using System.Numerics;

namespace Latchkey.Meter.Control;

/// <summary>Why the supply is off or must not come back. The bits are stored, transmitted and shown; none is ever reused.</summary>
[Flags]
public enum OffReasons : uint
{
    None = 0,

    /// <summary>Credit is used up.</summary>
    Credit = 1 << 0,

    /// <summary>Switched off by the head-end.</summary>
    Remote = 1 << 1,

    /// <summary>Switched off at the meter by hand.</summary>
    Manual = 1 << 2,

    /// <summary>The meter cover was opened; a clear-tamper token is needed.</summary>
    MeterCover = 1 << 3,

    /// <summary>The terminal cover was opened; a clear-tamper token is needed.</summary>
    TerminalCover = 1 << 4,

    /// <summary>A strong magnet was found and the policy is to switch off.</summary>
    Magnet = 1 << 5,

    /// <summary>The load limit was passed.</summary>
    Overload = 1 << 6,

    /// <summary>The durable memory does not hold together.</summary>
    StorageFault = 1 << 7,

    /// <summary>A test token opened the switch.</summary>
    Test = 1 << 9,

    /// <summary>A tamper other than a cover or a magnet, where the policy is to switch off.</summary>
    Tamper = 1 << 20,

    /// <summary>Metrology or calibration are not what was sealed.</summary>
    Integrity = 1 << 21,
}

/// <summary>The public table of reasons: one short text and one priority for the display, the app, the message and the interface.</summary>
public static class OffReasonTable
{
    /// <summary>The reasons from the most to the least urgent: the one shown when several hold.</summary>
    private static readonly (OffReasons Reason, int Code, string Text, string Display)[] Rows =
    [
        (OffReasons.StorageFault, 15, "memory fault", "memory fault"),
        (OffReasons.Integrity, 16, "program or calibration changed", "program"),
        (OffReasons.MeterCover, 5, "meter cover opened", "meter cover"),
        (OffReasons.TerminalCover, 6, "terminal cover opened", "term. cover"),
        (OffReasons.Magnet, 11, "magnet", "magnet"),
        (OffReasons.Tamper, 13, "tamper", "tamper"),
        (OffReasons.Remote, 7, "switched off remotely", "off remotely"),
        (OffReasons.Test, 4, "test token", "test token"),
        (OffReasons.Overload, 3, "overload", "overload"),
        (OffReasons.Credit, 1, "no credit", "no credit"),
        (OffReasons.Manual, 2, "switched off by hand", "off by hand"),
    ];

    /// <summary>The reasons that a clear-tamper token takes away.</summary>
    public const OffReasons OfTampers = OffReasons.MeterCover | OffReasons.TerminalCover | OffReasons.Magnet | OffReasons.Tamper | OffReasons.Integrity;

    /// <summary>The reason to show of a set, or None for the empty set.</summary>
    public static OffReasons Foremost(OffReasons reasons)
    {
        foreach ((OffReasons reason, _, _, _) in Rows)
        {
            if ((reasons & reason) != OffReasons.None) return reason;
        }

        return OffReasons.None;
    }

    /// <summary>The two-digit code of one reason; 0 for none.</summary>
    public static int Code(OffReasons reason) => Row(reason).Code;

    /// <summary>The English words of one reason; empty for none.</summary>
    public static string Text(OffReasons reason) => Row(reason).Text;

    /// <summary>The words of one reason as the display has room for, at most 12 characters.</summary>
    public static string Display(OffReasons reason) => Row(reason).Display;

    private static (OffReasons Reason, int Code, string Text, string Display) Row(OffReasons reason)
    {
        if (BitOperations.PopCount((uint)reason) != 1) return (reason, 0, string.Empty, string.Empty);
        return Array.Find(Rows, r => r.Reason == reason) is { Text: not null } row ? row : (reason, 99, "other", "other");
    }
}
