using System.Collections.Immutable;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Payment.Calendars;

/// <summary>A calendar as the bytes of a parameter block, little-endian; see docs/meter-maker.md.</summary>
public static class CalendarCodec
{
    private const byte Format = 1;
    private const int DaysPerWeek = 7;

    public static byte[] Write(Calendar calendar)
    {
        byte[] buffer = new byte[BlockStore.MaxLength];
        var output = new ByteWriter(buffer);
        output.Byte(Format);
        output.Int64(calendar.ActivationClockSeconds);
        output.Byte((byte)calendar.Schedules.Length);
        foreach (ImmutableArray<DayPeriod> schedule in calendar.Schedules)
        {
            output.Byte((byte)schedule.Length);
            foreach (DayPeriod period in schedule)
            {
                output.UInt16(period.FromMinute);
                output.Byte(period.Rate);
                output.Byte((byte)period.Rules);
            }
        }

        output.Byte((byte)calendar.Seasons.Length);
        foreach (Season season in calendar.Seasons)
        {
            output.Byte(season.Month);
            output.Byte(season.Day);
            output.Bytes(season.Week.AsSpan());
        }

        output.Byte((byte)calendar.SpecialDays.Length);
        foreach (SpecialDay day in calendar.SpecialDays)
        {
            output.UInt16(day.Year);
            output.Byte(day.Month);
            output.Byte(day.Day);
            output.Byte(day.Schedule);
        }

        return output.Written.ToArray();
    }

    /// <summary>Reads and checks; any bytes may come.</summary>
    public static CalendarFault TryRead(ReadOnlySpan<byte> bytes, out Calendar calendar)
    {
        calendar = Calendar.Plain;
        var input = new ByteReader(bytes);
        if (input.Byte() != Format) return CalendarFault.Format;
        long activation = input.Int64();
        var schedules = new List<ImmutableArray<DayPeriod>>();
        for (int left = Math.Min(input.Byte(), (byte)(Calendar.MaxSchedules + 1)); left > 0; left--) schedules.Add(ReadSchedule(ref input));
        var seasons = new List<Season>();
        for (int left = Math.Min(input.Byte(), (byte)(Calendar.MaxSeasons + 1)); left > 0; left--)
            seasons.Add(new Season(input.Byte(), input.Byte(), [.. input.Bytes(DaysPerWeek)]));
        var days = new List<SpecialDay>();
        for (int left = Math.Min(input.Byte(), (byte)(Calendar.MaxSpecialDays + 1)); left > 0; left--)
            days.Add(new SpecialDay(input.UInt16(), input.Byte(), input.Byte(), input.Byte()));
        if (!input.Ok || !input.IsAtEnd) return CalendarFault.Format;
        var read = new Calendar { ActivationClockSeconds = activation, Schedules = [.. schedules], Seasons = [.. seasons], SpecialDays = [.. days] };
        CalendarFault fault = read.Check();
        if (fault == CalendarFault.None) calendar = read;
        return fault;
    }

    private static ImmutableArray<DayPeriod> ReadSchedule(ref ByteReader input)
    {
        var periods = new List<DayPeriod>();
        for (int left = Math.Min(input.Byte(), (byte)(Calendar.MaxPeriods + 1)); left > 0; left--)
            periods.Add(new DayPeriod(input.UInt16(), input.Byte(), (PeriodRules)input.Byte()));
        return [.. periods];
    }
}
