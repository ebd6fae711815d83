using System.Collections.Immutable;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;

namespace Latchkey.Meter.Payment.Freezes;

/// <summary>Freezes the registers at the end of each local day and month, and when an account is closed. The newest 64 days and 16 months and closings are kept.</summary>
/// <remarks>The page is written first and counts from the record that follows it; cut in between, the same page is written again.</remarks>
internal sealed class FreezeDesk(MeterContext context, AccountDesk account, CalendarDesk calendar, INonVolatileMemory memory)
{
    private readonly PageIo _io = new(memory);

    public void Follow()
    {
        if (calendar.Local is not { } local) return;
        long day = local.Ticks / TimeSpan.TicksPerDay;
        AccountBook book = context.State.Book;
        if (book[AccountLine.FrozenDay] == day) return;
        int month = calendar.LocalMonth;
        bool isFirst = book[AccountLine.FrozenDay] == 0;
        uint sequence = Count(book);
        bool monthEnded = !isFirst && book[AccountLine.FrozenMonth] != month;
        if (!isFirst && !TryWrite(FreezeKind.Day, ++sequence)) return;
        if (monthEnded && !TryWrite(FreezeKind.Month, ++sequence)) return;
        account.Post(draft =>
        {
            draft[AccountLine.FrozenDay] = day;
            draft[AccountLine.FrozenMonth] = month;
            draft[AccountLine.Freezes] = sequence;
        });
    }

    /// <summary>The final figures, before a change that the caller posts; the number that the change must bring to <see cref="AccountLine.Freezes"/>.</summary>
    public uint? TryFreezeFinal()
    {
        uint sequence = Count(context.State.Book) + 1;
        return TryWrite(FreezeKind.Final, sequence) ? sequence : null;
    }

    /// <summary>Newest first.</summary>
    public ImmutableArray<RegisterFreeze> Days => Read(JournalLayout.DayPage, JournalLayout.DayPages);

    /// <summary>Months and closings, newest first.</summary>
    public ImmutableArray<RegisterFreeze> Months => Read(JournalLayout.MonthPage, JournalLayout.MonthPages);

    private static uint Count(AccountBook book) => (uint)Math.Clamp(book[AccountLine.Freezes], 0, uint.MaxValue - JournalLayout.DayPages);

    private bool TryWrite(FreezeKind kind, uint sequence)
    {
        AccountPosition position = account.Position;
        Metrology.MetrologyRegisters registers = context.Metrology.Registers;
        RunningTotals running = context.Running;
        var freeze = new RegisterFreeze(
            kind, sequence, context.Now.ClockSeconds, context.UptimeSeconds, registers.ActiveImport, registers.ActiveExport,
            [running.Rate1, running.Rate2, running.Rate3, running.Rate4], context.Totals, position.Own, -position.AggregatedDebt);
        Span<byte> buffer = stackalloc byte[PageIo.MaxPayload];
        var output = new ByteWriter(buffer);
        freeze.Write(ref output);
        int page = Oldest(kind, sequence);
        bool first = _io.TryWrite(page, RecordType.Freeze, sequence, output.Written);
        return _io.TryWrite(page + JournalLayout.CopyPages, RecordType.Freeze, sequence, output.Written) || first;
    }

    // The page whose freeze is oldest, or that holds this very number from before a cut.
    private int Oldest(FreezeKind kind, uint sequence)
    {
        (int start, int pages) = kind == FreezeKind.Day ? (JournalLayout.DayPage, JournalLayout.DayPages) : (JournalLayout.MonthPage, JournalLayout.MonthPages);
        int best = start;
        uint oldest = uint.MaxValue;
        for (int page = start; page < start + pages; page++)
        {
            uint found = 0;
            for (int copy = 0; copy < JournalLayout.Copies; copy++)
            {
                if (_io.TryRead(page + (copy * JournalLayout.CopyPages), RecordType.Freeze, out uint number, out _)) found = Math.Max(found, number);
            }

            if (found == sequence) return page;
            if (found < oldest) (best, oldest) = (page, found);
        }

        return best;
    }

    private ImmutableArray<RegisterFreeze> Read(int start, int pages)
    {
        var found = new List<RegisterFreeze>();
        for (int page = start; page < start + pages; page++)
        {
            for (int copy = 0; copy < JournalLayout.Copies; copy++)
            {
                if (!_io.TryRead(page + (copy * JournalLayout.CopyPages), RecordType.Freeze, out uint sequence, out ReadOnlySpan<byte> bytes)) continue;
                if (sequence > context.State.Book[AccountLine.Freezes] || RegisterFreeze.Read(sequence, bytes) is not { } freeze) continue;
                found.Add(freeze);
                break;
            }
        }

        return [.. found.OrderByDescending(f => f.Sequence)];
    }
}
