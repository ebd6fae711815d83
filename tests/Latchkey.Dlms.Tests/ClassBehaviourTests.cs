using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Cosem.Model;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>What the interface classes do by themselves, without a meter.</summary>
public sealed class ClassBehaviourTests
{
    private static readonly LogicalName Value = new(1, 0, 1, 7, 0);
    private static readonly LogicalName Told = new(0, 0, 96, 50, 1);
    private static readonly LogicalName Scripts = new(0, 0, 10, 0, 100);

    [Fact]
    public void EveryClassOfTheCatalogue_CountsItsMembers_AndNamesEachOnce()
    {
        Assert.NotEmpty(ClassCatalog.All);
        foreach (ClassDefinition definition in ClassCatalog.All)
        {
            string[] names = [.. Enumerable.Range(1, definition.AttributeCount).Select(a => definition.Attribute(a).Name)];
            Assert.Equal("logical_name", names[0]);
            Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Theory]
    [InlineData("u16", "120001", true)]
    [InlineData("u16", "1101", false)]
    [InlineData("octets12", "090C07EA0101FF000000008000FF", true)]
    [InlineData("octets12", "090101", false)]
    [InlineData("datetime", "090C07EA0101FF000000008000FF", true)]
    [InlineData("datetime", "090C07EA0D01FF000000008000FF", false)]
    [InlineData("[{u16,name}]", "0100", true)]
    [InlineData("[{u16,name}]", "01010202120001090601000108 00FF", true)]
    [InlineData("[{u16,name}]", "010102011200 01", false)]
    [InlineData("bits3", "0403A0", true)]
    [InlineData("bits3", "0404A0", false)]
    [InlineData("null|[i8]", "00", true)]
    [InlineData("number", "0301", false)]
    public void Shape_TakesExactlyItsType(string shape, string hex, bool expected)
    {
        Assert.True(DataView.TryReadWhole(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)), out DataView value));
        Assert.Equal(expected, DataShape.Parse(shape).Matches(value));
    }

    [Theory]
    [InlineData("{u16")]
    [InlineData("u17")]
    [InlineData("u16,")]
    public void Shape_ThatIsNoShape_IsAMistakeOfTheProgram(string shape) => Assert.Throws<FormatException>(() => DataShape.Parse(shape));

    [Theory]
    [InlineData(3, 0xFE, 7, 2026, "2026-03-29")]
    [InlineData(3, 0xFD, 7, 2026, "2026-03-22")]
    [InlineData(2, 0xFE, 0xFF, 2028, "2028-02-29")]
    [InlineData(2, 0xFD, 0xFF, 2026, "2026-02-27")]
    [InlineData(11, 1, 7, 2026, "2026-11-01")]
    [InlineData(11, 8, 1, 2026, "2026-11-09")]
    public void DatePattern_NamesItsDay(byte month, byte day, byte weekday, int year, string expected)
    {
        CosemDateTime pattern = CosemDateTime.Unspecified with { Month = month, Day = day, DayOfWeek = weekday, Hour = 2 };
        Assert.True(CosemDatePattern.TryResolve(pattern, year, out DateTime found));
        Assert.Equal(expected, found.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void DatePattern_OfADayThatTheMonthHasNot_NamesNone() =>
        Assert.False(CosemDatePattern.TryResolve(CosemDateTime.Unspecified with { Month = 2, Day = 30 }, 2026, out _));

    [Fact]
    public void Limiter_RunsItsScripts_AfterItsPatience_OnceEach()
    {
        var bench = new Bench();
        var limiter = new CosemLimiter(
            new LogicalName(0, 0, 17, 0, 0), bench.Device, new VolatileAttributes(), new ValueReference(InterfaceClass.Register, Value, 2),
            new ScriptReference(Scripts, 1), new ScriptReference(Scripts, 2));
        Assert.Equal(DataAccessResult.Success, Write(limiter, 4, static (ref AxdrWriter w) => w.DoubleLongUnsigned(100)));
        Assert.Equal(DataAccessResult.Success, Write(limiter, 6, static (ref AxdrWriter w) => w.DoubleLongUnsigned(10)));
        Assert.Equal(DataAccessResult.Success, Write(limiter, 7, static (ref AxdrWriter w) => w.DoubleLongUnsigned(5)));
        bench.Now = 150;
        var told = new List<long>();
        for (int second = 0; second < 40; second++)
        {
            if (second == 20) bench.Now = 50;
            limiter.Elapse(second, DateTimeOffset.UnixEpoch);
            if (bench.TakeTold() is { } script) told.Add((second * 10) + script);
        }

        Assert.Equal([101, 252], told);
    }

    [Fact]
    public void Monitor_TellsEveryPassage_UpAndDown()
    {
        var bench = new Bench();
        var monitor = new CosemRegisterMonitor(new LogicalName(0, 0, 16, 1, 0), bench.Device, new VolatileAttributes(), new ValueReference(InterfaceClass.Register, Value, 2));
        Write(monitor, 2, static (ref AxdrWriter w) =>
        {
            w.Array(1);
            w.DoubleLongUnsigned(100);
        });
        Write(monitor, 4, static (ref AxdrWriter w) =>
        {
            w.Array(1);
            w.Structure(2);
            new ScriptReference(Scripts, 1).Write(ref w);
            new ScriptReference(Scripts, 2).Write(ref w);
        });
        var told = new List<int?>();
        foreach (long value in new long[] { 90, 100, 101, 101, 100, 99 })
        {
            bench.Now = value;
            monitor.Elapse();
            told.Add(bench.TakeTold());
        }

        Assert.Equal([null, null, 1, null, null, 2], told);
    }

    [Fact]
    public void Calendar_FollowsHoursSpecialDaysAndThePassiveSet()
    {
        var bench = new Bench();
        var special = new CosemSpecialDays(new LogicalName(0, 0, 11, 0, 0), new VolatileAttributes());
        var calendar = new CosemActivityCalendar(
            new LogicalName(0, 0, 13, 0, 0), special, bench.Device, new VolatileAttributes(), static (ref AxdrWriter w) => w.OctetString("A"u8), Season, Week, (ref AxdrWriter w) => Days(1, ref w));
        int? At(int day, int hour)
        {
            calendar.Elapse(CosemDateTime.From(new DateTimeOffset(2026, 5, day, hour, 0, 0, TimeSpan.Zero)));
            return bench.TakeTold();
        }

        Assert.Equal([1, 2, 1], [At(4, 0), At(4, 8), At(5, 0)]);
        Assert.Null(At(5, 1));

        // The sixth of May is a day like a Sunday: the second profile, which has one rate.
        var returned = new AxdrWriter(new byte[8]);
        Assert.True(DataView.TryReadWhole(Data(static (ref AxdrWriter w) => SpecialDay(1, ref w)), out DataView entry));
        Assert.Equal(ActionResult.Success, special.Invoke(1, entry, ref returned));
        Assert.Equal(3, At(6, 8));
        Assert.Equal(ActionResult.ReadWriteDenied, (ActionResult)Write(calendar, 5, (ref AxdrWriter w) => Days(4, ref w)));
        Assert.Equal(DataAccessResult.Success, Write(calendar, 9, (ref AxdrWriter w) => Days(4, ref w)));
        Assert.Equal(DataAccessResult.Success, Write(calendar, 10, static (ref AxdrWriter w) => w.DateTimeOctets(CosemDateTime.From(new DateTimeOffset(2026, 5, 7, 8, 0, 0, TimeSpan.Zero)))));
        Assert.Equal([1, 4], [At(7, 1), At(7, 8)]);
    }

    [Fact]
    public void Schedule_RunsOnce_AtItsTime_AndNotForAClockThatJumps()
    {
        var bench = new Bench();
        var schedule = new CosemSingleActionSchedule(new LogicalName(0, 0, 15, 0, 0), bench.Device, new VolatileAttributes(), new ScriptReference(Scripts, 1), static (ref AxdrWriter w) =>
        {
            w.Array(1);
            w.Structure(2);
            w.OctetString([6, 30, 0, 0]);
            w.OctetString([0xFF, 0xFF, 0xFF, 0xFE, 0xFF]);
        });
        DateTime before = new(2026, 4, 30, 6, 29, 59, DateTimeKind.Unspecified);
        Assert.True(schedule.Elapse(before, before.AddSeconds(2)));
        Assert.False(schedule.Elapse(before.AddSeconds(2), before.AddSeconds(3)));
        Assert.False(schedule.Elapse(before.AddDays(-1), before.AddDays(-1).AddSeconds(2)));
        Assert.False(schedule.Elapse(before.AddHours(-5), before.AddSeconds(2)));
    }

    [Fact]
    public void Arbitrator_LetsTheWeightierActorHaveItsWay()
    {
        var bench = new Bench();
        var arbitrator = new CosemArbitrator(
            new LogicalName(0, 0, 96, 3, 20), bench.Device, new VolatileAttributes(), [new ScriptReference(Scripts, 1), new ScriptReference(Scripts, 2)], [[20, 10], [5, 15], [0, 5]]);
        Assert.Equal(ActionResult.Success, Ask(arbitrator, 1, 0b01));
        Assert.Equal(2, bench.TakeTold());
        Assert.Equal(ActionResult.Success, Ask(arbitrator, 0, 0b10));
        Assert.Equal(1, bench.TakeTold());
        Assert.Equal(ActionResult.ReadWriteDenied, Ask(arbitrator, 2, 0b10));
        Assert.Equal(ActionResult.OtherReason, Ask(arbitrator, 3, 0b10));
        Assert.Null(bench.TakeTold());
    }

    [Fact]
    public void ScriptTable_ThatCallsItself_Ends()
    {
        var device = new LogicalDevice();
        var table = new CosemScriptTable(Scripts, device, new VolatileAttributes(), (ref AxdrWriter w) =>
        {
            w.Array(1);
            w.Structure(2);
            w.LongUnsigned(1);
            w.Array(1);
            w.Structure(5);
            w.Enum(2);
            w.LongUnsigned((ushort)InterfaceClass.ScriptTable);
            w.Name(Scripts);
            w.Integer(1);
            w.LongUnsigned(1);
        });
        device.Add(table);
        Assert.Equal(ActionResult.OtherReason, table.Run(1));
    }

    [Fact]
    public void DemandRegister_AveragesOverItsSlidingWindow()
    {
        long energy = 0;
        var demand = new CosemDemandRegister(new LogicalName(1, 0, 1, 4, 0), () => energy, 0, ScalerUnit.Watt, s => CosemDateTime.From(DateTimeOffset.FromUnixTimeSeconds(s)), new VolatileAttributes());
        Write(demand, 9, static (ref AxdrWriter w) => w.LongUnsigned(2));
        var averages = new List<long>();
        for (long second = 900; second <= 4 * 900; second++)
        {
            // 1000 W in the first and third quarter of an hour, 3000 W in the second.
            if (second > 900) energy += (second <= 1_800 || second > 2_700 ? 1_000 : 3_000) * 1_000 / 3_600;
            if (demand.Elapse(second)) averages.Add(demand.Last!.Value.Average);
        }

        Assert.Equal([500, 2_000, 2_000], averages.Select(a => (long)Math.Round(a / 10.0) * 10));
    }

    [Theory]
    [InlineData(1, new long[] { 5, -7, 3, 9 })]
    [InlineData(2, new long[] { 9, 3, -7, 5 })]
    [InlineData(3, new long[] { 9, 5, 3, -7 })]
    [InlineData(4, new long[] { -7, 3, 5, 9 })]
    [InlineData(5, new long[] { 3, 5, -7, 9 })]
    [InlineData(6, new long[] { 9, -7, 5, 3 })]
    public void Profile_ShowsItsRowsInTheOrderOfItsSortMethod(byte method, long[] expected)
    {
        var bench = new Bench();
        CapturedProfile profile = Captured(bench, [5, -7, 3, 9]);
        Assert.Equal(DataAccessResult.Success, Write(profile, 6, static (ref AxdrWriter w) => new CaptureObject(InterfaceClass.Register, Value, 2, 0).Write(ref w)));
        Assert.Equal(DataAccessResult.Success, Write(profile, 5, (ref AxdrWriter w) => w.Enum(method)));
        Assert.Equal(expected, Rows(profile, default));
    }

    [Fact]
    public void Profile_ByRangeOfAnyColumn_IncludesBothEnds()
    {
        CapturedProfile profile = Captured(new Bench(), [5, -7, 3, 9]);
        Assert.True(DataView.TryReadWhole(
            Data(static (ref AxdrWriter w) =>
            {
                w.Structure(4);
                new CaptureObject(InterfaceClass.Register, Value, 2, 0).Write(ref w);
                w.DoubleLong(3);
                w.DoubleLong(5);
                w.Array(0);
            }),
            out DataView range));
        Assert.Equal([5, 3], Rows(profile, new SelectiveAccess(RangeDescriptor.Selector, range)));
    }

    [Fact]
    public void Profile_WithOtherColumns_StartsEmpty_AndTakesOnlyColumnsThatExist()
    {
        CapturedProfile profile = Captured(new Bench(), [1, 2]);
        Assert.Equal(DataAccessResult.OtherReason, Write(profile, 3, static (ref AxdrWriter w) => Columns(new LogicalName(9, 9, 9, 9, 9), ref w)));
        Assert.Equal(2, profile.Count);
        Assert.Equal(DataAccessResult.Success, Write(profile, 3, static (ref AxdrWriter w) => Columns(Value, ref w)));
        Assert.Equal(0, profile.Count);
    }

    private static ActionResult Ask(CosemArbitrator arbitrator, byte actor, uint bits)
    {
        var returned = new AxdrWriter(new byte[8]);
        Assert.True(DataView.TryReadWhole(
            Data((ref AxdrWriter w) =>
            {
                w.Structure(2);
                w.Unsigned(actor);
                w.BitString(bits, 2);
            }),
            out DataView parameter));
        return arbitrator.Invoke(1, parameter, ref returned);
    }

    private static CapturedProfile Captured(Bench bench, long[] values)
    {
        var clock = new CosemClock(new LogicalName(0, 0, 1, 0, 0), bench);
        bench.Device.Add(clock);
        CaptureObject[] columns = [new(InterfaceClass.Clock, clock.Name, 2, 0), new(InterfaceClass.Register, Value, 2, 0)];
        var profile = new CapturedProfile(new LogicalName(1, 0, 99, 1, 0), bench.Device, clock, new Rows4(), new VolatileAttributes(), columns, 0);
        for (int i = 0; i < values.Length; i++)
        {
            bench.Now = values[i];
            Assert.True(profile.Capture(1_000 + i));
        }

        return profile;
    }

    private static long[] Rows(CapturedProfile profile, SelectiveAccess selection)
    {
        var writer = new AxdrWriter(new byte[1_024]);
        Assert.Equal(DataAccessResult.Success, profile.Read(2, selection, ref writer));
        Assert.True(DataView.TryReadWhole(writer.Written, out DataView rows));
        var found = new List<long>();
        foreach (DataView row in rows.Items)
        {
            DataItems columns = row.Items;
            Assert.True(columns.MoveNext() & columns.TryTake(DataTag.DoubleLong, out long value));
            found.Add(value);
        }

        return [.. found];
    }

    private static void Columns(LogicalName name, ref AxdrWriter writer)
    {
        writer.Array(1);
        new CaptureObject(InterfaceClass.Register, name, 2, 0).Write(ref writer);
    }

    private static void Season(ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(3);
        writer.OctetString("S"u8);
        writer.DateTimeOctets(CosemDateTime.Unspecified with { Month = 1, Day = 1, Hour = 0, Minute = 0, Second = 0 });
        writer.OctetString("W"u8);
    }

    private static void Week(ref AxdrWriter writer)
    {
        writer.Array(1);
        writer.Structure(8);
        writer.OctetString("W"u8);
        for (int day = 0; day < 7; day++) writer.Unsigned(1);
    }

    private static void Days(ushort second, ref AxdrWriter writer)
    {
        ushort[][] days = [[1, second == 1 ? (ushort)2 : second], [3]];
        writer.Array(2);
        for (int day = 0; day < 2; day++)
        {
            writer.Structure(2);
            writer.Unsigned((byte)(day + 1));
            writer.Array(days[day].Length);
            for (int i = 0; i < days[day].Length; i++)
            {
                writer.Structure(3);
                writer.OctetString([(byte)(6 * i), 0, 0, 0]);
                writer.Name(Scripts);
                writer.LongUnsigned(days[day][i]);
            }
        }
    }

    private static void SpecialDay(ushort index, ref AxdrWriter writer)
    {
        writer.Structure(3);
        writer.LongUnsigned(index);
        writer.OctetString([0xFF, 0xFF, 5, 6, 0xFF]);
        writer.Unsigned(2);
    }

    private static byte[] Data(ValueWriter value)
    {
        var writer = new AxdrWriter(new byte[1_024]);
        value(ref writer);
        return writer.Written.ToArray();
    }

    private static DataAccessResult Write(ICosemObject item, int attribute, ValueWriter value)
    {
        Assert.True(DataView.TryReadWhole(Data(value), out DataView data));
        return item.Write(attribute, data);
    }

    /// <summary>A device with one register, and scripts 1 to 4 that tell which of them ran.</summary>
    private sealed class Bench : IClockHost
    {
        private int? _told;

        public Bench()
        {
            Device.Add(new CosemRegister(Value, (ref AxdrWriter w) => w.DoubleLong((int)Now), 0, ScalerUnit.Watt));
            Device.Add(new CosemData(Told, static (ref AxdrWriter w) => w.Null(), Tell));
            Device.Add(new CosemScriptTable(Scripts, Device, new VolatileAttributes(), WriteScripts));
        }

        public LogicalDevice Device { get; } = new();

        public long Now { get; set; }

        public long UnixSeconds => 1_000_000;

        public int UtcOffsetMinutes => 0;

        public int MeasuringPeriod => 900;

        public int? TakeTold()
        {
            int? told = _told;
            _told = null;
            return told;
        }

        public bool TrySetTime(long unixSeconds) => false;

        public bool TrySetOffset(int minutes) => false;

        private DataAccessResult Tell(DataView value)
        {
            _ = value.TryGetInteger(out long script);
            _told = (int)script;
            return DataAccessResult.Success;
        }

        private static void WriteScripts(ref AxdrWriter writer)
        {
            writer.Array(4);
            for (ushort script = 1; script <= 4; script++)
            {
                writer.Structure(2);
                writer.LongUnsigned(script);
                writer.Array(1);
                writer.Structure(5);
                writer.Enum(1);
                writer.LongUnsigned((ushort)InterfaceClass.Data);
                writer.Name(Told);
                writer.Integer(2);
                writer.LongUnsigned(script);
            }
        }
    }

    private sealed class Rows4 : IProfileBuffer
    {
        private readonly List<(long Seconds, byte[] Values)> _rows = [];

        public int Capacity => 4;

        public int MaxRow => 64;

        public int Count => _rows.Count;

        public long TimeOf(int row) => _rows[row].Seconds;

        public ReadOnlySpan<byte> ValuesOf(int row) => _rows[row].Values;

        public bool TryAppend(long seconds, ReadOnlySpan<byte> values)
        {
            if (_rows.Count == Capacity) _rows.RemoveAt(0);
            _rows.Add((seconds, values.ToArray()));
            return true;
        }

        public bool TryClear()
        {
            _rows.Clear();
            return true;
        }
    }
}
