using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.State;

namespace Latchkey.Meter.Payment.Calendars;

/// <summary>Keeps the calendar in force and the one to come, and says what holds now.</summary>
internal sealed class CalendarDesk(MeterContext context, BlockStore blocks)
{
    private const int SecondsPerMinute = 60;
    private const int MonthsPerYear = 12;
    private (BlockReference Current, BlockReference Future)? _loaded;
    private long _lookedAtMinute = -1;
    private long _toldUnreadable = -1;

    public Calendar Current { get; private set; } = Calendar.Plain;

    /// <summary>The calendar to come, or null.</summary>
    public Calendar? Future { get; private set; }

    /// <summary>What holds now.</summary>
    public CalendarMoment Moment { get; private set; }

    /// <summary>The local time, or null while the clock is not to be believed.</summary>
    public DateTime? Local { get; private set; }

    /// <summary>Months since year 0, or 0 while the clock is not to be believed.</summary>
    public int LocalMonth { get; private set; }

    public void Follow()
    {
        Load();
        bool isDue = Future is { ActivationClockSeconds: > 0 } future && context.Clock.Trusted >= future.ActivationClockSeconds;
        if (isDue && ActivateFuture()) Load();
        long clock = context.Clock.Trusted;
        if (clock <= 0)
        {
            (Moment, Local, LocalMonth, _lookedAtMinute) = (default, null, 0, -1);
            return;
        }

        long minute = (Math.Min(clock, uint.MaxValue) / SecondsPerMinute) + context.State.Parameters.UtcOffsetMinutes;
        if (minute == _lookedAtMinute) return;
        _lookedAtMinute = minute;
        DateTime local = DateTime.UnixEpoch.AddMinutes(minute);
        (Local, LocalMonth) = (local, (local.Year * MonthsPerYear) + local.Month - 1);
        Moment = Current.At(local);
    }

    /// <summary>The future calendar takes the place of the present one, by one record.</summary>
    public bool ActivateFuture()
    {
        if (Future is null || !context.Journal.TryCommit(new MeterTransaction.BlockMoved(BlockKind.FutureCalendar, BlockKind.Calendar))) return false;
        context.Log(EventCode.CalendarChanged, context.State.Blocks[(int)BlockKind.Calendar].Version);
        return true;
    }

    /// <summary>Writes a calendar as the present or the future one. Refused with the reason, or durable.</summary>
    public CalendarFault Set(Calendar calendar, bool future, ushort version, out bool stored)
    {
        stored = false;
        CalendarFault fault = calendar.Check();
        if (fault != CalendarFault.None) return fault;
        BlockKind kind = future ? BlockKind.FutureCalendar : BlockKind.Calendar;
        stored = !context.Journal.IsBroken
            && blocks.TryWrite(context.State.Blocks.AsSpan(), version, CalendarCodec.Write(calendar), out BlockReference block)
            && context.Journal.TryCommit(new MeterTransaction.BlockAdopted(kind, block, []));
        if (stored) context.Log(EventCode.BlockAdopted, ((long)kind << 16) | version);
        Load();
        return CalendarFault.None;
    }

    private void Load()
    {
        var wanted = (context.State.Blocks[(int)BlockKind.Calendar], context.State.Blocks[(int)BlockKind.FutureCalendar]);
        if (_loaded == wanted) return;
        _loaded = wanted;
        _lookedAtMinute = -1;
        Current = Read(BlockKind.Calendar) ?? Calendar.Plain;
        Future = Read(BlockKind.FutureCalendar);
    }

    // A calendar that cannot be read leaves the first rate all day: credit and metering go on without it.
    private Calendar? Read(BlockKind kind)
    {
        BlockReference reference = context.State.Blocks[(int)kind];
        if (reference.IsNone) return null;
        if (blocks.Read(reference) is { } bytes && CalendarCodec.TryRead(bytes, out Calendar calendar) == CalendarFault.None) return calendar;
        if (_toldUnreadable != reference.Crc) context.Log(EventCode.BlockUnreadable, (long)kind);
        _toldUnreadable = reference.Crc;
        return null;
    }
}
