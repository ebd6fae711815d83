using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Cosem;

/// <summary>Where everything lies in the communication store of 512 KiB.</summary>
internal static class CosemLayout
{
    public const int MemorySize = 512 * 1024;

    private const int BankPages = 192;
    private const int LogSlots = 2 * BankPages * RecordIo.SlotsPerPage;

    /// <summary>Settings, keys and counters: two banks of 48 KiB, each twice.</summary>
    public static LogArea Log { get; } = new(0, BankPages, LogSlots);

    private const int RowStart = 2 * LogSlots;

    /// <summary>Rows of the 15-minute profile: 31 days.</summary>
    public static RowArea LoadProfile { get; } = new(1, RowStart, Rows: 2_976, SlotsPerRow: 2);

    public static RowArea DailyProfile { get; } = LoadProfile.Next(2, rows: 400, slotsPerRow: 2);

    public static RowArea Billing { get; } = DailyProfile.Next(3, rows: 36, slotsPerRow: 4);

    public static RowArea TokenTransfers { get; } = Billing.Next(4, rows: 128, slotsPerRow: 4);

    public static RowArea TokenCredits { get; } = TokenTransfers.Next(5, rows: 128, slotsPerRow: 2);

    public static RowArea ChargeCollections { get; } = TokenCredits.Next(6, rows: 128, slotsPerRow: 2);
}

/// <summary>A ring of rows of equal room; rows do not straddle pages.</summary>
/// <param name="Id">Names the ring in the settings.</param>
/// <param name="Start">Its first slot.</param>
/// <param name="Rows">Rows kept.</param>
/// <param name="SlotsPerRow">1, 2, 4 or 8.</param>
internal readonly record struct RowArea(byte Id, int Start, int Rows, int SlotsPerRow)
{
    public int MaxRow => SlotsPerRow * SlotCodec.PayloadSize;

    /// <summary>The ring behind this one, beginning at a page.</summary>
    public RowArea Next(byte id, int rows, int slotsPerRow)
    {
        int end = Start + (Rows * SlotsPerRow);
        int page = (end + RecordIo.SlotsPerPage - 1) / RecordIo.SlotsPerPage;
        return new RowArea(id, page * RecordIo.SlotsPerPage, rows, slotsPerRow);
    }
}
