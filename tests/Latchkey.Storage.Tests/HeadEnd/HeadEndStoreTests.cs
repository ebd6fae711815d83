using System.Collections.Immutable;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Storage.HeadEnd;
using Latchkey.Sts;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.HeadEnd;

/// <summary>What every store of the head-end must do; run for each.</summary>
public abstract class HeadEndStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly MeterPan One = MeterPan.Parse("600727000000000009");
    private static readonly MeterPan Two = MeterPan.Parse("600727000000000017");

    protected abstract IHeadEndStore Store { get; }

    /// <summary>The process ends and another opens the same data.</summary>
    protected abstract void Reopen();

    [Fact]
    public void Meter_WithEverything_ComesBackEqual()
    {
        RegisteredMeter meter = FullMeter();
        Commit(c => c.Put(meter));
        Reopen();
        AssertEqual(meter, Store.FindMeter(One)!);
        Assert.Null(Store.FindMeter(Two));
    }

    [Fact]
    public void Meter_WithNothingYet_ComesBackEqual()
    {
        var meter = new RegisteredMeter { Pan = One, WrappedKey = new byte[] { 1, 2, 3 } };
        Commit(c => c.Put(meter));
        Reopen();
        AssertEqual(meter, Store.FindMeter(One)!);
    }

    [Fact]
    public void ListMeters_ByPages_VisitsEachOnce()
    {
        Commit(c => c.Put(FullMeter()), c => c.Put(FullMeter() with { Pan = Two }));
        Assert.Equal([One], Store.ListMeters(null, 1).Select(m => m.Pan));
        Assert.Equal([Two], Store.ListMeters(One, 5).Select(m => m.Pan));
    }

    [Theory]
    [MemberData(nameof(Contents))]
    public void Delivery_OfAnyContent_ComesBackEqual(DeliveryContent content)
    {
        Delivery delivery = OpenDelivery(1) with { Content = content, HeldUntil = Noon.AddMinutes(3), MeterStatus = 9, Proof = ProofLevel.LinkAcknowledged };
        Commit(c => c.Put(FullMeter()), c => c.Put(delivery));
        Reopen();
        Assert.Equal(delivery, Store.FindDelivery(delivery.Id));
    }

    [Fact]
    public void OpenDeliveries_LeavesOutTheClosed()
    {
        Delivery closed = OpenDelivery(2) with { State = DeliveryState.Proven, ProvenBy = ProofSource.Keypad, ClosedAt = Noon };
        Commit(c => c.Put(FullMeter()), c => c.Put(OpenDelivery(1)), c => c.Put(closed));
        Assert.Equal([OpenDelivery(1)], Store.OpenDeliveries());
        Assert.Equal([closed, OpenDelivery(1)], Store.DeliveriesOf(One, 5));
        Assert.Equal([closed], Store.DeliveriesOf(One, 1));
        Assert.Empty(Store.DeliveriesOf(Two, 5));
    }

    [Fact]
    public void Meter_WrittenAgain_KeepsItsDeliveries()
    {
        Commit(c => c.Put(FullMeter()), c => c.Put(OpenDelivery(1)));
        Commit(c => c.Put(FullMeter() with { Model = "kpm37" }));
        Assert.Equal(("kpm37", 1), (Store.FindMeter(One)!.Model, Store.OpenDeliveries().Count));
    }

    [Fact]
    public void Days_InARange_ComeOldestFirst()
    {
        var first = new DateOnly(2026, 2, 28);
        Commit([.. Enumerable.Range(0, 4).Reverse().Select(i => (Action<HeadEndChanges>)(c => c.Put(Day(first.AddDays(i), i))))]);
        Reopen();
        Assert.Equal([1L, 2L], Store.Days(One, ReadingChannel.PowerW, first.AddDays(1), first.AddDays(2)).Select(d => d.Points()[0].Value));
        Assert.Empty(Store.Days(One, ReadingChannel.Relay, first, first.AddDays(9)));
    }

    [Fact]
    public void Event_WrittenTwice_IsOnceAndKeepsItsFirstArrival()
    {
        var entry = new MeterEvent(One, Noon, 17, -5, Noon.AddSeconds(2));
        Commit(c => c.Put(entry));
        Commit(c => c.Put(entry with { ReceivedAt = Noon.AddHours(1) }));
        Assert.Equal([entry], Store.Events(One, 10));
    }

    public static TheoryData<DeliveryContent> Contents() =>
    [
        new DeliveryContent.Credit([new DeliveryToken(Token(1), 16_000_000, TokenFate.Proven), new DeliveryToken(Token(2), null)]),
        new DeliveryContent.Management(new DeliveryToken(Token(3), 5)),
        new DeliveryContent.KeyChange([new DeliveryToken(Token(4), null), new DeliveryToken(Token(5), null)]),
        new DeliveryContent.Relay(RelayPosition.On),
        new DeliveryContent.Parameter(MeterParameter.LowCreditAlarm1, -1),
        new DeliveryContent.ReadNow(),
    ];

    private static TokenNumber Token(int n) => TokenNumber.FromBlock(TokenClass.CreditTransfer, (ulong)n * 0x0123_4567_89AB);

    private static PackedDay Day(DateOnly day, int value) =>
        new PackedDay(One, ReadingChannel.PowerW, day, default).Join([new DayPoint(60, value)]);

    private static Delivery OpenDelivery(int n) => new()
    {
        Id = new Guid(n, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]), Pan = One, Content = new DeliveryContent.Relay(RelayPosition.Off), Sequence = (uint)n,
        CreatedAt = Noon, ExpiresAt = Noon.AddDays(30), DueAt = Noon.AddMinutes(1), State = DeliveryState.InFlight, Exchanges = 2, Datagrams = 7,
        FirstSentAt = Noon.AddTicks(1), LinkAcknowledgedAt = Noon.AddTicks(2), Evidence = "00ff",
    };

    private static RegisteredMeter FullMeter() => new()
    {
        Pan = One, WrappedKey = new byte[] { 9, 8, 7 }, Model = "kpm31", Coverage = CoverageClass.Extreme,
        Module = new ModuleState(ModuleKind.NbIot, ulong.MaxValue, Noon), LastContactAt = Noon.AddTicks(3), LastChannel = "radio", RssiDbm = -112,
        Inbound = new ReplayWindow(uint.MaxValue, uint.MaxValue), OutboundReserved = 65, NextSequence = uint.MaxValue, RoundTrip = new RoundTripEstimate(1_500, 200),
        DesiredRelay = RelayPosition.Off,
        DesiredParameters = ImmutableSortedDictionary<int, long>.Empty.Add(3, -7).Add(5, 5_000),
        ConfirmedParameters = ImmutableSortedDictionary<int, long>.Empty.Add(5, 4_000),
        Reported = new ReportedState(
            Noon, Energy.FromWattHours(1_234_567), -20, RelayReport.ReadyForReconnection, Power.FromWatts(-3), Voltage.FromMillivolts(231_400), 4_372, 10, 30, 5u, uint.MaxValue),
    };

    private static void AssertEqual(RegisteredMeter expected, RegisteredMeter actual)
    {
        Assert.Equal(expected.WrappedKey.ToArray(), actual.WrappedKey.ToArray());
        Assert.Equal(expected.DesiredParameters.AsEnumerable(), actual.DesiredParameters);
        Assert.Equal(expected.ConfirmedParameters.AsEnumerable(), actual.ConfirmedParameters);
        Assert.Equal(Plain(expected), Plain(actual));
    }

    private static RegisteredMeter Plain(RegisteredMeter meter) => meter with
    {
        WrappedKey = default, DesiredParameters = ImmutableSortedDictionary<int, long>.Empty, ConfirmedParameters = ImmutableSortedDictionary<int, long>.Empty,
    };

    private void Commit(params Action<HeadEndChanges>[] writes)
    {
        var changes = new HeadEndChanges();
        foreach (Action<HeadEndChanges> write in writes) write(changes);
        Store.Commit(changes);
    }
}

public sealed class InMemoryHeadEndStoreTests : HeadEndStoreContract
{
    protected override IHeadEndStore Store { get; } = new InMemoryHeadEndStore();

    protected override void Reopen()
    {
        // it forgets when the process ends; that is what it says
    }
}

public sealed class SqliteHeadEndStoreTests : HeadEndStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteDatabase _database;
    private SqliteHeadEndStore _store;

    public SqliteHeadEndStoreTests()
    {
        _database = Open();
        _store = new SqliteHeadEndStore(_database);
    }

    protected override IHeadEndStore Store => _store;

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    protected override void Reopen()
    {
        _database.Dispose();
        _database = Open();
        _store = new SqliteHeadEndStore(_database);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, HeadEndSchema.Room);
}
