using Latchkey.Custody.Tests.Contract;
using Latchkey.Quantities;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Units;

namespace Latchkey.Custody.Tests.Apart;

/// <summary>What a shop does beside plain sales when its signer is elsewhere: free issues, transfers, money for the meter, reconciling, counting units.</summary>
public sealed class ApartIssueTests
{
    [Fact]
    public async Task FreeIssue_ThroughASignerElsewhere_IsATokenOnceHoweverOftenItIsCollected()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        await shop.Units(BudgetKind.FreeIssue, 2_000);
        await shop.Approve(1, Insiders.FreeIssue(500));
        rig.StopServer();
        Assert.Equal("signer-unavailable", Assert.IsType<IssueOutcome.Declined>(await house.Issues.IssueAsync(Shop.Id(1), CancellationToken.None)).Code);
        Assert.Equal(OrderState.Held, house.Desk.Find(Shop.Id(1))!.State);

        rig.StartServer();
        IssueOutcome.Issued issued = Assert.IsType<IssueOutcome.Issued>(await house.Issues.IssueAsync(Shop.Id(1), CancellationToken.None));
        Assert.Equal(500, Shop.Read(issued.Token.ToString()).Amount.Steps);
        IssueOutcome.Issued again = Assert.IsType<IssueOutcome.Issued>(await house.Issues.IssueAsync(Shop.Id(1), CancellationToken.None));
        Assert.Equal((true, issued.Token), (again.IsReplay, again.Token));
        Assert.Equal(new KeyCounters(1, 500, 0), rig.Counters);
        Assert.Equal(1_500, shop.Balance("budget:free-issue:always:all:kwh"));
        Assert.True((await house.ReconcileAsync(CancellationToken.None)).IsIntact);
    }

    [Fact]
    public async Task Transfer_ThroughASignerElsewhere_MovesTheUnits()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(50, 100m, Shop.OtherPan), CancellationToken.None));
        long had = shop.Balance("units:issued:" + Shop.OtherPan);
        await shop.Units(BudgetKind.CreditTransfer, 10_000);
        await shop.Approve(1, IssueEffects.Transfer(Shop.OtherPan, Shop.Pan, 321, "work order 17", out _)!);
        IssueOutcome.Issued issued = Assert.IsType<IssueOutcome.Issued>(await house.Issues.IssueAsync(Shop.Id(1), CancellationToken.None));
        Assert.Equal(321, Shop.Read(issued.Token.ToString()).Amount.Steps);
        Assert.Equal((had - 321, 321), (shop.Balance("units:issued:" + Shop.OtherPan), shop.Balance("units:issued:" + Shop.Pan)));
        Assert.True((await house.ReconcileAsync(CancellationToken.None)).IsIntact);
    }

    [Fact]
    public async Task ClearTamper_WhileTheSignerIsAway_IsCollectedOnceItIsBack()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        await shop.Tokens(BudgetKind.ClearTamper, 2);
        await shop.Approve(1, IssueEffects.Management(ApprovalKind.ClearTamper, Shop.Pan, 0, out _)!);
        rig.StopServer();
        Assert.Equal("signer-unavailable", Assert.IsType<IssueOutcome.Declined>(await house.Issues.IssueAsync(Shop.Id(1), CancellationToken.None)).Code);
        rig.StartServer();
        IssueOutcome.Issued issued = Assert.IsType<IssueOutcome.Issued>(await house.Issues.IssueAsync(Shop.Id(1), CancellationToken.None));
        Assert.Equal(ManagementSubClass.ClearTamperCondition, Shop.ReadManagement(issued.Token).SubClass);
        Assert.Equal(1, shop.Balance("budget:clear-tamper:always:all:count"));
    }

    [Fact]
    public async Task Money_ForTheMeter_CrossesTheLineWithItsAmount()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        await house.Meters.SaveAsync(new MeterRecord(Shop.Key, "T", "ACC-1", "Room 1", CreditsMoney: true), CancellationToken.None);
        OrderOutcome.Issued issued = Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Equal(5_000, issued.Receipt.Tokens.Single().MinorUnits);
        Assert.Equal(new KeyCounters(1, 0, 5_000), rig.Counters);
        Assert.True((await house.ReconcileAsync(CancellationToken.None)).IsIntact);
    }

    [Fact]
    public async Task Findings_OfTheSigner_AreClosedOnceItFindsThemNoMore_AndStayWhileItIsAway()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client, new ReconciliationOptions { Providers = new Dictionary<string, string>() });
        Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        string token = house.Desk.Find(Shop.Id(1))!.Token!.Value.ToString();
        await Write(house, "UPDATE vend_order SET token = '00000000000000000001'");
        Assert.Equal(1, (await Run(house)).Open);

        rig.StopServer();
        Assert.Equal("signer-unavailable", (await house.ReconcileAsync(CancellationToken.None)).NotDone);
        Assert.Equal(1, (await house.Reconciliation.RunAsync(DailyReconciliation.Missed("signer-unavailable"), CancellationToken.None)).Open);

        rig.StartServer();
        await Write(house, $"UPDATE vend_order SET token = '{token}'");
        ReconciliationRun cleared = await Run(house);
        Assert.Equal((1, 0), (cleared.Cleared, cleared.Open));
    }

    [Fact]
    public async Task Hold_ThatStays_IsNamedByWhatTheSignerElsewhereKnows()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client, new ReconciliationOptions { Providers = new Dictionary<string, string>() });
        var orders = new HeldOrders(shop);
        (VendOrder order, HeldEntry held) = await orders.Hold(1);
        await orders.Hold(2);
        Assert.IsType<SignOutcome.Signed>(await rig.Client.SignAsync(order, held, CancellationToken.None));
        shop.Clock.Advance(TimeSpan.FromHours(1));
        await Run(house);
        Assert.Equal(
            [(FindingCodes.HoldUnended, "order " + Shop.Id(2)), (FindingCodes.TokenUnsettled, "order " + Shop.Id(1))],
            house.Reconciliation.List(null, withCleared: false, 10).Select(i => (i.Finding.Code, i.Finding.Subject)).Order());
    }

    [Fact]
    public async Task Units_AreCountedWithASignerElsewhere_AndNotGuessedWhileItIsAway()
    {
        using Shop shop = await Shop.OpenAsync();
        using var rig = (RemoteRig)await new RemoteRig(shop).StartAsync();
        using VendingHouse house = Open(shop, rig.Client);
        OrderOutcome.Issued sold = Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        (VendOrder order, HeldEntry held) = await new HeldOrders(shop).Hold(2, 30m);
        await rig.Client.SignAsync(order, held, CancellationToken.None);

        UnitIdentity units = (await UnitIdentity.OfAsync(house.Ledger, house.Store, house.Signer, CancellationToken.None))!;
        Assert.True(units.Holds, units.ToString());
        Assert.Equal((sold.Receipt.TenthsGranted, order.Terms!.TenthsGranted), (units.OnOrders, units.OnTheWay));

        // A token that nobody sold shows.
        await Write(house, "DELETE FROM vend_order WHERE minor_units = 3000");
        Assert.Equal(order.Terms.TenthsGranted, (await UnitIdentity.OfAsync(house.Ledger, house.Store, house.Signer, CancellationToken.None))!.SignedLessExplained);
        rig.StopServer();
        Assert.Null(await UnitIdentity.OfAsync(house.Ledger, house.Store, house.Signer, CancellationToken.None));
    }

    private static async Task<ReconciliationRun> Run(VendingHouse house) =>
        await house.Reconciliation.RunAsync(await house.ReconcileAsync(CancellationToken.None), CancellationToken.None);

    private static Task Write(VendingHouse house, string sql) => house.Database.WriteAsync(s => s.Execute(sql), CancellationToken.None);

    private static VendingHouse Open(Shop shop, IOutsideSigner signer, ReconciliationOptions? reconciliation = null) => VendingHouse.Open(
        shop.House.Database, shop.Directory,
        new VendingHouseOptions(Shop.Options, new TariffBook([Shop.Blocks()]), Reconciliation: reconciliation) { Signer = signer }, shop.Clock);
}
