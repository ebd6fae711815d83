using Latchkey.HeadEnd.Deliveries;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Payments.Intents;
using Latchkey.Quantities;
using Latchkey.Storage.Parks;
using Latchkey.Sts;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Parks;

/// <summary>What every store of the parks must do; run for each.</summary>
public abstract class ParkStoreContract
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, 123, TimeSpan.Zero);
    private static readonly MeterPan Pan = MeterPan.Parse("600727000000000009");
    private static readonly Park Lvyi = new(Id(1), "Lvyi Park", "绿益园", "Asia/Shanghai", Currency.Cny);
    private static readonly Building A = new(Id(2), Id(1), "A");
    private static readonly Room First = new(Id(3), Id(2), "101", Pan, "flat");
    private static readonly Room Second = new(Id(4), Id(2), "102", null, "flat");
    private static readonly Tenant Li = new(Id(5), "李伟", "openid-1", "+8613800000000", TenantLanguage.Chinese);
    private static readonly Tenant Ann = new(Id(6), "Ann", null, null, TenantLanguage.English);

    protected abstract IParkStore Store { get; }

    protected abstract void Reopen();

    [Fact]
    public async Task Estate_ComesBackEqual()
    {
        await SettleAsync();
        Reopen();
        Assert.Equal([Lvyi], Store.Parks());
        Assert.Equal((Lvyi, null, A), (Store.FindPark(Id(1)), Store.FindPark(Id(99)), Store.FindBuilding(Id(2))));
        Assert.Equal([A], Store.Buildings(Id(1)));
        Assert.Equal([First, Second], Store.Rooms(Id(1)));
        Assert.Equal((First, First, Second), (Store.FindRoom(Id(3)), Store.FindRoomByMeter(Pan), Store.FindRoom(Id(4))));
        Assert.Equal((Li, Li, Ann), (Store.FindTenant(Id(5)), Store.FindTenantByOpenId("openid-1"), Store.FindTenant(Id(6))));
    }

    [Fact]
    public async Task Room_WrittenAgain_IsChanged()
    {
        await SettleAsync();
        await Commit(new ParkChanges { Rooms = [Second with { PricePlan = "blocks" }] });
        Assert.Equal("blocks", Store.FindRoom(Id(4))!.PricePlan);
    }

    [Fact]
    public async Task Commit_OfWhatMayNotBeTwice_IsRefusedWhole()
    {
        await SettleAsync();
        await Commit(new ParkChanges { Occupancies = [Lives(7, Li)] });
        Tenant renamed = Ann with { Name = "Anna" };
        Assert.Equal(CommitResult.MeterTaken, await Try(new ParkChanges { Tenants = [renamed], Rooms = [Second with { Meter = Pan }] }));
        Assert.Equal(CommitResult.OpenIdTaken, await Try(new ParkChanges { Tenants = [renamed with { OpenId = "openid-1" }] }));
        Assert.Equal(CommitResult.RoomOccupied, await Try(new ParkChanges { Tenants = [renamed], Occupancies = [Lives(8, Ann)] }));
        Assert.Equal("Ann", Store.FindTenant(Id(6))!.Name);
    }

    [Fact]
    public async Task Occupancy_FromMoveInToStatement_ComesBackEqual()
    {
        await SettleAsync();
        Occupancy open = Lives(7, Li);
        await Commit(new ParkChanges { Occupancies = [open] });
        Assert.Equal((open, open), (Store.OpenOccupancy(Id(3)), Store.FindOccupancy(Id(7))));
        Occupancy closed = open with
        {
            MovedOutAt = Noon.AddDays(9),
            Statement = new FinalStatement(
                Noon.AddDays(9), open.OpeningImport, Energy.FromWattHours(9_000), open.OpeningCredit, Energy.FromWattHours(7),
                Money.FromMajor(20m, Currency.Cny), Energy.FromWattHours(-1), new Money(-1, Currency.Cny), 2),
        };
        await Commit(new ParkChanges { Occupancies = [closed] });
        await Commit(new ParkChanges { Occupancies = [Lives(8, Ann) with { MovedInAt = Noon.AddDays(10) }] });
        Reopen();
        Assert.Equal([Id(8), Id(7)], Store.Occupancies(Id(3)).Select(o => o.Id));
        Assert.Equal((closed, Id(8)), (Store.FindOccupancy(Id(7)), Store.OpenOccupancy(Id(3))!.Id));
    }

    [Fact]
    public async Task TopUp_WithEverything_ComesBackEqual()
    {
        await SettleAsync();
        TopUp full = Bought(20) with
        {
            State = TopUpState.Delivering, Payer = "openid-2", PaidAt = Noon.AddTicks(1), IssuedAt = Noon.AddTicks(2), SentAt = Noon.AddTicks(3),
            CreditedAt = Noon.AddTicks(4), EndedAt = Noon.AddTicks(5), Tokens = ["12345678901234567890", "09876543210987654321"],
            Granted = Energy.FromTenthsOfKilowattHour(205), Told = TopUpNews.Token | TopUpNews.Credited, Code = "key-stopped", Failures = 3,
        };
        await Commit(new ParkChanges { TopUps = [full] });
        Reopen();
        TopUp stored = Store.FindTopUp(full.Id)!;
        Assert.Equal(string.Join(',', full.Tokens), string.Join(',', stored.Tokens));
        Assert.Equal(full with { Tokens = [] }, stored with { Tokens = [] });
    }

    [Fact]
    public async Task TopUp_OfAnOldVersion_IsRefusedWhole()
    {
        await SettleAsync();
        await Commit(new ParkChanges { TopUps = [Bought(20)] });
        TopUp stored = Store.FindTopUp(Id(20))!;
        await Commit(new ParkChanges { TopUps = [stored with { State = TopUpState.Paid }] });
        var late = new ParkChanges { Tenants = [Ann with { Name = "Anna" }], TopUps = [stored with { State = TopUpState.PaymentEnded }] };
        Assert.Equal(CommitResult.VersionChanged, await Try(late));
        Assert.Equal((TopUpState.Paid, 2, "Ann"), (Store.FindTopUp(Id(20))!.State, Store.FindTopUp(Id(20))!.Version, Store.FindTenant(Id(6))!.Name));
    }

    [Fact]
    public async Task TopUps_AreFoundByWhatTheyWaitFor()
    {
        await SettleAsync();
        await Commit(new ParkChanges { TopUps = [Bought(20), Bought(21) with { DueAt = Noon.AddMinutes(-1) }, Bought(22) with { DueAt = null }] });
        Assert.Equal([Id(21), Id(20)], Store.DueTopUps(Noon, 9).Select(t => t.Id));
        Assert.Equal([Id(21)], Store.DueTopUps(Noon, 1).Select(t => t.Id));
        Assert.Equal([Id(22), Id(21)], Store.TopUpsOfRoom(Id(3), 2).Select(t => t.Id));
        Assert.Equal([Id(20), Id(21), Id(22)], Store.TopUpsOfTenant(Id(3), Id(5)).Select(t => t.Id));
        Assert.Empty(Store.TopUpsOfTenant(Id(3), Id(6)));
    }

    [Fact]
    public async Task Watch_ComesBackEqualAndIsFoundByItsNews()
    {
        var watch = new WatchState { Pan = Pan, OccupancyId = Id(7), LastAt = Noon, LowSince = Noon.AddTicks(-5), Notices = [new WatchNotice(WatchNews.LowBalance, Noon, -7, true)] };
        await Commit(new ParkChanges { Watches = [watch] });
        Assert.Empty(Store.WatchesWithNews(9));
        WatchState news = (watch with { OffSince = Noon }).With(new WatchNotice(WatchNews.SupplyOff, Noon.AddTicks(1), 0, false));
        await Commit(new ParkChanges { Watches = [news] });
        Reopen();
        WatchState stored = Assert.Single(Store.WatchesWithNews(9));
        Assert.Equal(news.Notices.AsEnumerable(), stored.Notices);
        Assert.Equal(news with { Notices = [] }, Store.FindWatch(Pan)! with { Notices = [] });
    }

    [Fact]
    public async Task ForcedSwitch_ComesBackEqualAndIsOpenUntilItIsOver()
    {
        await SettleAsync();
        var request = new ForcedSwitch { Id = Id(30), RoomId = Id(3), Position = RelayPosition.Off, Reason = "fire alarm", RequestedBy = "anna", RequestedAt = Noon };
        await Commit(new ParkChanges { ForcedSwitches = [request] });
        ForcedSwitch agreed = request with { State = ForcedSwitchState.Approved, DecidedBy = "boris", DecidedAt = Noon.AddMinutes(1) };
        await Commit(new ParkChanges { ForcedSwitches = [agreed] });
        Reopen();
        Assert.Equal([agreed with { Version = 2 }], Store.OpenForcedSwitches(9));
        Assert.Equal(CommitResult.VersionChanged, await Try(new ParkChanges { ForcedSwitches = [request with { State = ForcedSwitchState.Refused }] }));
        await Commit(new ParkChanges { ForcedSwitches = [agreed with { Version = 2, State = ForcedSwitchState.HandedOver }] });
        Assert.Empty(Store.OpenForcedSwitches(9));
        Assert.Equal(ForcedSwitchState.HandedOver, Assert.Single(Store.ForcedSwitches(Id(3), 9)).State);
    }

    [Fact]
    public void EnumNumbers_AreWhatIsStored()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 20, 30, 31, 40], Enum.GetValues<TopUpState>().Select(s => (int)s));
        Assert.Equal([0, 1, 2, 4, 8], Enum.GetValues<TopUpNews>().Select(s => (int)s));
        Assert.Equal([1, 2, 3, 4, 5], Enum.GetValues<ForcedSwitchState>().Select(s => (int)s));
        Assert.Equal([1, 2], Enum.GetValues<WatchNews>().Select(s => (int)s));
        Assert.Equal([1, 2], Enum.GetValues<TenantLanguage>().Select(s => (int)s));
        Assert.Equal([1, 2, 3, 4, 5, 6], Enum.GetValues<DeliveryState>().Select(s => (int)s));
        Assert.Equal([0, 1, 2, 3], Enum.GetValues<ProofLevel>().Select(s => (int)s));
        Assert.Equal([1, 2, 3, 4], Enum.GetValues<ProofSource>().Select(s => (int)s));
    }

    private static Guid Id(int n) => new(n, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]);

    private static Occupancy Lives(int id, Tenant tenant) => new()
    {
        Id = Id(id), RoomId = Id(3), TenantId = tenant.Id, MovedInAt = Noon, OpeningImport = Energy.FromWattHours(5), OpeningCredit = Energy.FromWattHours(-3),
    };

    private static TopUp Bought(int id) => new()
    {
        Id = Id(id), RoomId = Id(3), TenantId = Id(5), Pan = Pan, Amount = Money.FromMajor(20m, Currency.Cny), Provider = "wechatpay",
        Method = PaymentMethod.Jsapi, CreatedAt = Noon.AddSeconds(id), DueAt = Noon,
    };

    private Task SettleAsync() => Commit(new ParkChanges { Parks = [Lvyi], Buildings = [A], Rooms = [First, Second], Tenants = [Li, Ann] });

    private async Task Commit(ParkChanges changes) => Assert.Equal(CommitResult.Committed, await Try(changes));

    private Task<CommitResult> Try(ParkChanges changes) => Store.CommitAsync(changes, CancellationToken.None);
}

public sealed class InMemoryParkStoreTests : ParkStoreContract
{
    protected override IParkStore Store { get; } = new InMemoryParkStore();

    protected override void Reopen()
    {
        // it forgets when the process ends; that is what it says
    }
}

public sealed class SqliteParkStoreTests : ParkStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private SqliteDatabase _database;
    private SqliteParkStore _store;

    public SqliteParkStoreTests()
    {
        _database = Open();
        _store = new SqliteParkStore(_database);
    }

    protected override IParkStore Store => _store;

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    protected override void Reopen()
    {
        _database.Dispose();
        _database = Open();
        _store = new SqliteParkStore(_database);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, ParksSchema.Room);
}
