using Latchkey.Custody.Apart;
using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Custody.Tests.Apart;

/// <summary>A shop whose signer is elsewhere: what it sells, what it answers while the signer is away, and what becomes of that.</summary>
public sealed class ApartHouseTests
{
    [Fact]
    public async Task Sell_ThroughASignerElsewhere_HasNoKeysAndAgreesWithIt()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        OrderOutcome.Issued issued = Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Equal(issued.Receipt.TenthsGranted, Shop.Read(issued.Receipt.Tokens[0].Number).Amount.Steps);
        Assert.NotNull(issued.Receipt.Watermark);
        Assert.Throws<InvalidOperationException>(() => house.Keys);
        SignerKey key = (await rig.Client.KeysAsync(CancellationToken.None))!.Single(k => k.KeyId == Shop.KeyId);
        Assert.Equal((1, 5_000), (key.Counters.Tokens, key.Counters.MinorUnits));
        DailyReconciliation report = await house.ReconcileAsync(CancellationToken.None);
        Assert.True(report.IsIntact, report.LedgerProblem + string.Join("; ", report.Differences));
        Assert.Equal((1, 1), (report.Tokens, report.Orders));
    }

    [Fact]
    public async Task Sell_ByAMakersService_IsAuditedByTheSignerElsewhereAndADifferenceStopsTheMake()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        var options = new VendingHouseOptions(Shop.Options with { Makers = new MakerServices([new("calin", new OneToken())]) }, new TariffBook([Shop.Blocks()])) { Signer = rig.Client };
        using VendingHouse house = VendingHouse.Open(shop.Directory, options, shop.Clock);
        await house.Meters.SaveAsync(new MeterRecord(Shop.Key with { Pan = Shop.OtherPan }, "T", "ACC-2", "Room 302", Make: "Calin"), CancellationToken.None);
        Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1, pan: Shop.OtherPan), CancellationToken.None));
        Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(2), CancellationToken.None));
        DailyReconciliation report = await house.ReconcileAsync(CancellationToken.None);
        Assert.True(report.IsIntact, report.LedgerProblem + string.Join("; ", report.Differences));
        Assert.Null(house.Makers.StoppedReason("calin"));

        using (var file = new SqliteConnection($"Data Source={Path.Combine(shop.Directory, "latchkey.db")}"))
        {
            file.Open();
            using SqliteCommand spoil = file.CreateCommand();
            spoil.CommandText = "DROP TRIGGER maker_request_ends_once; UPDATE maker_request SET tenths = tenths + 1";
            spoil.ExecuteNonQuery();
        }

        report = await house.ReconcileAsync(CancellationToken.None);
        Assert.Contains(report.Differences, d => d is { KeyId: "maker:calin", Problem: "the record of its maker's answer was altered" });
        Assert.Equal("reconciliation", house.Makers.StoppedReason("calin"));
        Assert.Null((await rig.Client.KeysAsync(CancellationToken.None))!.Single(k => k.KeyId == Shop.KeyId).StoppedReason);
    }

    [Fact]
    public async Task Sell_WhileTheSignerIsAway_IsPendingReadsGoOnAndItIsFinishedLater()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        rig.StopServer();

        OrderOutcome.Pending pending = Assert.IsType<OrderOutcome.Pending>(await house.Desk.PlaceAsync(Shop.Order(2), CancellationToken.None));
        Assert.Equal((Shop.Id(2), "signer-unavailable"), (pending.OrderId, pending.Code));
        Assert.Equal(OrderState.Posted, house.Desk.Find(Shop.Id(1))!.State);
        Assert.IsType<TrialOutcome.Priced>(house.Desk.Trial(Shop.Order(3)));
        await house.Desk.RecoverAsync(CancellationToken.None);
        Assert.Equal(OrderState.Held, house.Desk.Find(Shop.Id(2))!.State);

        // Time passes; a hold that nobody can promise about is not given up.
        shop.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Empty(await house.Desk.ExpireAsync(CancellationToken.None));
        Assert.Equal("signer-unavailable", Assert.IsType<ReversalOutcome.Refused>(await house.Desk.ReverseAsync(Shop.Id(2), "till", CancellationToken.None)).Code);
        Assert.Equal("token-already-issued", Assert.IsType<ReversalOutcome.Refused>(await house.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None)).Code);
        Assert.Equal(OrderState.Held, house.Desk.Find(Shop.Id(2))!.State);

        rig.StartServer();
        Assert.Equal([Shop.Id(2)], await house.Desk.RecoverAsync(CancellationToken.None));
        Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(2), CancellationToken.None));
        Assert.Equal(2, rig.Counters.Tokens);
        Assert.True((await house.ReconcileAsync(CancellationToken.None)).IsIntact);
    }

    [Fact]
    public async Task Sell_WhenTheAnswerIsLost_EndsWithTheTokenThatWasCounted()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        var forgetful = new Forgetful(rig.Room);
        string path = rig.SocketPath + "-2";
        await using SignerServer server = SignerServer.Start(forgetful, new SignerServerOptions(path), TimeProvider.System, NullLogger.Instance);
        using var signer = new RemoteSigner(new RemoteSignerOptions(path), TimeProvider.System);
        using VendingHouse house = Open(shop, signer);

        Assert.IsType<OrderOutcome.Pending>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Equal(1, rig.Counters.Tokens);
        OrderOutcome.Issued issued = Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Equal(forgetful.Lost!.Value.ToGroupedString(), issued.Receipt.Tokens[0].Number);
        Assert.Equal(1, rig.Counters.Tokens);
    }

    [Fact]
    public async Task Reconcile_AfterSomebodyEditedAnOrder_NamesItAndStopsTheKeyAtTheSigner()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None);
        await house.Database.WriteAsync(s => s.Execute("UPDATE vend_order SET token = '00000000000000000001'"), CancellationToken.None);
        DailyReconciliation report = await house.ReconcileAsync(CancellationToken.None);
        Assert.Equal("order " + Shop.Id(1), Assert.Single(report.Differences).Where);
        Assert.Equal("reconciliation", rig.Keys.Keys.Single(k => k.KeyId == Shop.KeyId).StoppedReason);
        Assert.Equal("key-stopped", Assert.IsType<OrderOutcome.Declined>(await house.Desk.PlaceAsync(Shop.Order(2), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task Sign_AForgedEntryInTheLedgersFile_IsRefusedByTheSealThatTheSignerHolds()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(1);
        await shop.House.Database.WriteAsync(s => s.Execute("UPDATE ledger_mark SET seal = zeroblob(32)"), CancellationToken.None);
        Assert.Equal(new SignOutcome.Refused("signer-unavailable"), await rig.Signer.SignAsync(order, held, CancellationToken.None));
        Assert.Equal(0, rig.Counters.Tokens);
    }

    [Fact]
    public async Task OpenAlone_WithoutTheSealsKey_SaysWhatToDo()
    {
        using Shop shop = await Shop.OpenAsync();
        using var own = new Latchkey.Testing.TemporaryDirectory();
        Exception e = Assert.ThrowsAny<Exception>(() => SignerRoom.OpenAlone(own.Path, shop.Directory, CustodyKeyFile.OpenOrCreate, null, shop.Clock));
        Assert.Contains("copy it", e.Message, StringComparison.Ordinal);
    }

    private static VendingHouse Open(Shop shop, IOutsideSigner signer) => VendingHouse.Open(
        shop.House.Database, shop.Directory, new VendingHouseOptions(Shop.Options, new TariffBook([Shop.Blocks()])) { Signer = signer }, shop.Clock);

    /// <summary>Signs, and loses its first answer.</summary>
    private sealed class Forgetful(IOutsideSigner inner) : IOutsideSigner
    {
        public TokenNumber? Lost { get; private set; }

        public bool IsDevelopment => inner.IsDevelopment;

        public string? Ailment => inner.Ailment;

        public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => inner.SignAsync(order, held, cancellationToken);

        public async Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
        {
            IReadOnlyList<SignOutcome> outcomes = await inner.SignAsync(orders, cancellationToken);
            if (Lost is not null) return outcomes;
            Lost = ((SignOutcome.Signed)outcomes[0]).Token;
            throw new IOException("the answer is lost");
        }

        public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) => inner.SignAsync(issue, posted, cancellationToken);

        public Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken) => inner.SignAsync(change, posted, cancellationToken);

        public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => inner.CancelAsync(orderId, entryId, cancellationToken);

        public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => inner.StopAsync(keyId, reason, cancellationToken);

        public Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken) => inner.KeysAsync(cancellationToken);

        public Task<IReadOnlySet<Guid>?> SignedAsync(IReadOnlyList<Guid> asked, CancellationToken cancellationToken) => inner.SignedAsync(asked, cancellationToken);

        public Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken) => inner.ReconcileAsync(cancellationToken);
    }

    private sealed class OneToken : IMakerTokenService
    {
        public bool KnowsRequests => false;

        public bool Makes(MakerTokenKind kind) => true;

        public Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken) =>
            Task.FromResult<MakerOutcome>(new MakerOutcome.Made(TokenNumber.FromBlock(TokenClass.CreditTransfer, 12_345), new byte[32]));

        public Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken) => Task.FromResult<MakerOutcome>(new MakerOutcome.Unknown("no"));
    }
}
