namespace Latchkey.Meter.Journal;

/// <summary>Where everything lies in a memory of 256 KiB, in slots of 32 bytes and pages of eight. Two halves hold the same, event logs aside.</summary>
/// <remarks>The copy lies 128 KiB away: neither a torn page nor a hit on a wrong page reaches both.</remarks>
internal static class JournalLayout
{
    public const int MemorySize = 256 * 1024;
    public const int SlotsPerPage = RecordIo.SlotsPerPage;
    public const int CopyOffset = MemorySize / 2 / SlotCodec.Size;
    public const int CopyPages = CopyOffset / SlotsPerPage;
    public const int Copies = 2;

    /// <summary>32 KiB of energy checkpoints, one page each.</summary>
    public const int RingPage = 0;
    public const int RingPages = 128;

    /// <summary>Two banks of 16 KiB for transactions.</summary>
    public const int LogStart = (RingPage + RingPages) * SlotsPerPage;
    public const int LogBankPages = 64;
    public const int LogBankSlots = LogBankPages * SlotsPerPage;
    public const int LogBanks = 2;

    /// <summary>Where the meter's own decisions lie.</summary>
    public static LogArea Log { get; } = new(LogStart, LogBankPages, CopyOffset);

    /// <summary>8 KiB per half for events: the general log in the first half, the tamper log in the second.</summary>
    public const int EventStart = LogStart + (LogBanks * LogBankSlots);
    public const int EventSlots = 256;

    /// <summary>The last 8 KiB of the first half: evidence of tampers, one page each.</summary>
    public const int EvidenceStart = CopyOffset - (32 * SlotsPerPage);
    /// <summary>12 KiB of parameter blocks.</summary>
    public const int BlockPage = (EventStart + EventSlots) / SlotsPerPage;

    /// <summary>Frozen registers, one page each.</summary>
    public const int MonthPage = BlockPage + (BlockStore.Areas * BlockStore.AreaPages);
    public const int MonthPages = 16;
    public const int DayPage = MonthPage + MonthPages;
    public const int DayPages = 64;

    /// <summary>16 KiB in the first half and 24 KiB in the second that nothing uses yet.</summary>
    public const int FreePage = DayPage + DayPages;
    public const int FreePages = (EvidenceStart / SlotsPerPage) - FreePage;
}

/// <summary>A piece of memory for a transaction log: two banks, each twice.</summary>
/// <param name="Start">First slot of the first bank.</param>
/// <param name="BankPages">Pages of a bank.</param>
/// <param name="CopyOffset">Slots from a record to its copy.</param>
internal readonly record struct LogArea(int Start, int BankPages, int CopyOffset)
{
    public int BankSlots => BankPages * RecordIo.SlotsPerPage;
}
