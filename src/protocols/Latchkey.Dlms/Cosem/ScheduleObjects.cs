using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Special days table: days on which another day profile holds.</summary>
/// <remarks>Source: IEC 62056-6-2, Special days table (class_id 11, version 0).</remarks>
public sealed class CosemSpecialDays : StoredObject
{
    private const int MaxEntries = 64;

    /// <summary>An empty table.</summary>
    public CosemSpecialDays(LogicalName name, IAttributeStore store)
        : base(InterfaceClass.SpecialDays, 0, name, store) => Preset(2, static (ref AxdrWriter w) => w.Array(0));

    /// <summary>The day profile of a day; null on a day like others.</summary>
    public byte? DayProfileOf(DateTime day)
    {
        foreach (DataView entry in Value(2).Items)
        {
            DataItems fields = entry.Items;
            bool read = fields.MoveNext() & fields.TryTake(out DataView date) & fields.TryTake(DataTag.Unsigned, out long profile);
            if (read && CosemDatePattern.IsOn(Octets(date), day)) return (byte)profile;
        }

        return null;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        long index = IndexOf(parameter);
        bool insert = method == 1;
        byte[] room = new byte[MaxValue];
        var writer = new AxdrWriter(room);
        int count = 0;
        foreach (DataView entry in Value(2).Items)
        {
            if (IndexOf(entry) != index) count++;
        }

        if (!insert && count == Value(2).Count) return ActionResult.ObjectUnavailable;
        if (insert && count == MaxEntries) return ActionResult.OtherReason;
        writer.Array(count + (insert ? 1 : 0));
        foreach (DataView entry in Value(2).Items)
        {
            if (IndexOf(entry) != index) writer.WriteData(entry);
        }

        if (insert) writer.WriteData(parameter);
        if (writer.Overflowed || !DataView.TryReadWhole(writer.Written, out DataView table)) return ActionResult.OtherReason;
        return Keep(2, table) ? ActionResult.Success : ActionResult.HardwareFault;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value) =>
        value.Count <= MaxEntries ? DataAccessResult.Success : DataAccessResult.OtherReason;

    internal static ReadOnlySpan<byte> Octets(DataView value) =>
        value.Tag == DataTag.OctetString && value.TryGetOctets(out ReadOnlySpan<byte> octets) ? octets : value.Encoded[1..];

    private static long IndexOf(DataView entry)
    {
        if (entry.TryGetInteger(DataTag.LongUnsigned, out long alone)) return alone;
        DataItems fields = entry.Items;
        return fields.TryTake(DataTag.LongUnsigned, out long index) ? index : -1;
    }
}

/// <summary>Single action schedule: runs a script at given times.</summary>
/// <remarks>Source: IEC 62056-6-2, Single action schedule (class_id 22, version 0).</remarks>
public sealed class CosemSingleActionSchedule : StoredObject
{
    private const int MaxTimes = 16;
    private const int LongestGap = 3_600;
    private readonly LogicalDevice _device;

    /// <summary>A schedule.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="device">Whose scripts run.</param>
    /// <param name="store">Where the schedule survives.</param>
    /// <param name="script">The script at delivery.</param>
    /// <param name="times">Writes the times at delivery.</param>
    public CosemSingleActionSchedule(LogicalName name, LogicalDevice device, IAttributeStore store, ScriptReference script, ValueWriter times)
        : base(InterfaceClass.SingleActionSchedule, 0, name, store)
    {
        _device = device;
        Preset(2, script.Write);
        Preset(3, static (ref AxdrWriter w) => w.Enum(1));
        Preset(4, times);
    }

    /// <summary>Runs the script if one of its times lies after <paramref name="before"/> and not after <paramref name="now"/>, both local.</summary>
    public bool Elapse(DateTime before, DateTime now)
    {
        // A clock that was set far ahead does not make up for what lies between.
        if (now <= before || (now - before).TotalSeconds > LongestGap) return false;
        foreach (DataView entry in Value(4).Items)
        {
            DataItems fields = entry.Items;
            if (!(fields.TryTake(out DataView time) & fields.TryTake(out DataView date))) continue;
            if (!Falls(CosemSpecialDays.Octets(time), CosemSpecialDays.Octets(date), before, now)) continue;
            ScriptReference script = ScriptReference.From(Value(2));
            return _device.Run(script.Table, script.Script);
        }

        return false;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value) => attribute switch
    {
        3 => value.TryGetInteger(out long type) && type is >= 1 and <= 5 ? DataAccessResult.Success : DataAccessResult.OtherReason,
        4 => value.Count <= MaxTimes ? DataAccessResult.Success : DataAccessResult.OtherReason,
        _ => DataAccessResult.Success,
    };

    private static bool Falls(ReadOnlySpan<byte> time, ReadOnlySpan<byte> date, DateTime before, DateTime now)
    {
        // Minute by minute, since each field may be open; a gap is an hour at most.
        for (DateTime at = before.AddSeconds(1); at <= now; at = at.AddSeconds(1))
        {
            bool hit = Fits(time[0], at.Hour) && Fits(time[1], at.Minute) && (time[2] == CosemDateTime.Any ? at.Second == 0 : time[2] == at.Second);
            if (hit && CosemDatePattern.IsOn(date, at)) return true;
        }

        return false;
    }

    private static bool Fits(byte pattern, int actual) => pattern == CosemDateTime.Any || pattern == actual;
}

/// <summary>Activity calendar: which script holds at which hour, by season, week and day, with a passive set that takes over at its time.</summary>
/// <remarks>Source: IEC 62056-6-2, Activity calendar (class_id 20, version 0).</remarks>
public sealed class CosemActivityCalendar : StoredObject
{
    private const int Passive = 4;
    private const int FirstTable = 2;
    private const int ActivationTime = 10;
    private readonly CosemSpecialDays _special;
    private readonly LogicalDevice _device;
    private ScriptReference _running;

    /// <summary>A calendar; at delivery active and passive are the same.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="special">The special days.</param>
    /// <param name="device">Whose scripts run.</param>
    /// <param name="store">Where the calendar survives.</param>
    /// <param name="tables">Writes name, seasons, weeks and days.</param>
    public CosemActivityCalendar(LogicalName name, CosemSpecialDays special, LogicalDevice device, IAttributeStore store, params ValueWriter[] tables)
        : base(InterfaceClass.ActivityCalendar, 0, name, store)
    {
        (_special, _device) = (special, device);
        for (int i = 0; i < Passive; i++)
        {
            Preset(FirstTable + i, tables[i]);
            Preset(FirstTable + Passive + i, tables[i]);
        }

        Preset(ActivationTime, static (ref AxdrWriter w) => w.DateTimeOctets(CosemDateTime.Unspecified));
    }

    /// <summary>The script that holds now; default where the calendar says nothing.</summary>
    public ScriptReference Running => _running;

    /// <summary>Lets time pass: the passive calendar takes over when its time has come, and the script that begins to hold is run.</summary>
    public void Elapse(CosemDateTime now)
    {
        if (!now.TryToInstant(0, out DateTimeOffset instant)) return;
        if (Value(ActivationTime).TryGetDateTime(out CosemDateTime due) && due.TryToInstant(now.DeviationMinutes, out DateTimeOffset at) && at <= instant) Activate();
        ScriptReference found = At(instant.DateTime);
        if (found == _running) return;
        _running = found;
        if (found != default) _device.Run(found.Table, found.Script);
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        return Activate() ? ActionResult.Success : ActionResult.HardwareFault;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value) =>
        attribute is >= FirstTable and < FirstTable + Passive ? DataAccessResult.ReadWriteDenied : DataAccessResult.Success;

    private bool Activate()
    {
        bool kept = true;
        for (int i = 0; i < Passive; i++) kept &= Keep(FirstTable + i, Value(FirstTable + Passive + i));
        return kept && Keep(ActivationTime, static (ref AxdrWriter w) => w.DateTimeOctets(CosemDateTime.Unspecified));
    }

    private ScriptReference At(DateTime local)
    {
        byte day = _special.DayProfileOf(local) ?? DayOf(local);
        ScriptReference running = default;
        int running0 = -1;
        foreach (DataView entry in Value(FirstTable + 3).Items)
        {
            DataItems fields = entry.Items;
            if (!fields.TryTake(DataTag.Unsigned, out long id) || id != day || !fields.TryTake(out DataView schedule)) continue;
            foreach (DataView item in schedule.Items)
            {
                DataItems parts = item.Items;
                if (!(parts.TryTake(out DataView start) & parts.TryTake(out DataView table) & parts.TryTake(DataTag.LongUnsigned, out long script))) continue;
                int minute = MinuteOf(CosemSpecialDays.Octets(start));
                bool later = minute <= (local.Hour * 60) + local.Minute && minute > running0 && table.TryGetLogicalName(out _);
                if (!later || !table.TryGetLogicalName(out LogicalName name)) continue;
                (running0, running) = (minute, new ScriptReference(name, (ushort)script));
            }
        }

        return running;
    }

    // The season that began last holds, also over the turn of the year.
    private byte DayOf(DateTime local)
    {
        ReadOnlySpan<byte> week = default;
        DateTime begun = DateTime.MinValue;
        foreach (DataView season in Value(FirstTable + 1).Items)
        {
            DataItems fields = season.Items;
            bool read = fields.MoveNext() & fields.TryTake(out DataView start) & fields.TryTake(out DataView weekName);
            if (!read || !start.TryGetDateTime(out CosemDateTime pattern)) continue;
            DateTime from = Begin(pattern, local);
            if (from < begun) continue;
            begun = from;
            _ = weekName.TryGetOctets(out week);
        }

        return DayOf(week, CosemDatePattern.WeekdayOf(local));
    }

    private byte DayOf(ReadOnlySpan<byte> week, int weekday)
    {
        foreach (DataView entry in Value(FirstTable + 2).Items)
        {
            DataItems fields = entry.Items;
            if (!fields.TryTake(out DataView name) || !name.TryGetOctets(out ReadOnlySpan<byte> octets) || !octets.SequenceEqual(week)) continue;
            long day = 0;
            for (int i = 0; i < weekday; i++) _ = fields.TryTake(DataTag.Unsigned, out day);
            return (byte)day;
        }

        return 0;
    }

    private static DateTime Begin(CosemDateTime pattern, DateTime local)
    {
        if (CosemDatePattern.TryResolve(pattern, local.Year, out DateTime begin) && begin <= local) return begin;
        return CosemDatePattern.TryResolve(pattern, local.Year - 1, out begin) ? begin : DateTime.MinValue;
    }

    private static int MinuteOf(ReadOnlySpan<byte> time) =>
        (time[0] == CosemDateTime.Any ? 0 : time[0] * 60) + (time[1] == CosemDateTime.Any ? 0 : time[1]);
}
