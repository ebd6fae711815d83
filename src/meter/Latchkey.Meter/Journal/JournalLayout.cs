namespace Latchkey.Meter.Journal;

/// <summary>Where everything lies in a memory of 256 KiB, in slots of 32 bytes. Two halves hold the same, event logs aside.</summary>
/// <remarks>The copy lies 128 KiB away: neither a torn page nor a hit on a wrong page reaches both.</remarks>
internal static class JournalLayout
{
    public const int MemorySize = 256 * 1024;
    public const int SlotsPerPage = RecordIo.SlotsPerPage;
    public const int CopyOffset = MemorySize / 2 / SlotCodec.Size;
    public const int Copies = 2;

    /// <summary>64 KiB of energy checkpoints, one page each.</summary>
    public const int RingStart = 0;
    public const int RingPages = 256;

    /// <summary>Two banks of 16 KiB for transactions.</summary>
    public const int LogStart = RingStart + (RingPages * SlotsPerPage);
    public const int LogBankPages = 64;
    public const int LogBankSlots = LogBankPages * SlotsPerPage;
    public const int LogBanks = 2;

    /// <summary>8 KiB per half for events: the general log in the first half, the tamper log in the second.</summary>
    public const int EventStart = LogStart + (LogBanks * LogBankSlots);
    public const int EventSlots = 256;

    /// <summary>The last 8 KiB of the first half: evidence of tampers, one page each.</summary>
    public const int EvidenceStart = CopyOffset - (32 * SlotsPerPage);
}
