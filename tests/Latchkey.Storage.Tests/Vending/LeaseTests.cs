using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Reconciling;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Parts of a float in the hands of terminals: the parts and the rest are the float, whatever is done to them.</summary>
public sealed class LeaseTests
{
    private const int Terminals = 6;
    private const long Deposit = 400_000;
    private static readonly AccountId Float = AccountId.Require("float:shop-9");
    private static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);
    private static readonly int Operations = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 20_000 : 2_000;

    [Fact]
    public async Task Grant_MovesAPartOfTheFloat_AndTheTerminalSellsOnItAlone()
    {
        using Shop shop = await Open();
        FloatLease lease = await Grant(shop, 1, "gate", 6_000);
        Assert.Equal(("shop-9:lease:1", "float:shop-9:lease:1"), (lease.Channel, lease.Account.ToString()));
        Assert.IsType<OrderOutcome.Issued>(await Sell(shop, 10, lease.Channel, 5_000));
        Assert.Equal(VendingCodes.InsufficientFunds, Assert.IsType<OrderOutcome.Declined>(await Sell(shop, 11, lease.Channel, 5_000)).Code);
        Assert.Equal((Deposit - 6_000, 1_000), (-shop.Balance("float:shop-9"), -shop.Balance("float:shop-9:lease:1")));

        await shop.House.Leases.ReturnAsync("shop-9", 1, CancellationToken.None);
        Assert.Equal((Deposit - 5_000, 0), (-shop.Balance("float:shop-9"), -shop.Balance("float:shop-9:lease:1")));
        Assert.Equal(VendingCodes.UnknownChannel, Assert.IsType<OrderOutcome.Declined>(await Sell(shop, 12, lease.Channel, 100)).Code);
        Assert.Empty((await Findings(shop)).Where(f => f.Kind == ReconciliationKind.FloatBank && f.Code == FindingCodes.FloatUnbacked && !f.Problem.Contains("start")));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Grant_Again_IsTheSameLease_AndOtherContentIsRefused()
    {
        using Shop shop = await Open();
        FloatLease first = await Grant(shop, 1, "gate", 6_000);
        Assert.Equal(first, await Grant(shop, 1, "gate", 6_000));
        Assert.Equal(VendingCodes.OrderIdReused, Code(await Try(shop, 1, "gate", 7_000)));
        Assert.Equal(VendorCodes.LeaseOpen, Code(await Try(shop, 2, "gate", 7_000)));
        Assert.Equal(VendingCodes.InsufficientFunds, Code(await Try(shop, 3, "yard", Deposit)));
        Assert.Equal(VendorCodes.Invalid, Code(await Try(shop, 4, "", 5)));
        Assert.Equal(VendorCodes.Unknown, Code(await shop.House.Leases.GrantAsync(Shop.Id(5), "nobody", "gate", new Money(5, Currency.Cny), TimeSpan.FromHours(1), CancellationToken.None)));
        Assert.Equal(Deposit - 6_000, -shop.Balance("float:shop-9"));
    }

    [Fact]
    public async Task Lease_PastItsTime_SellsNothingAndIsSweptBack()
    {
        using Shop shop = await Open();
        FloatLease lease = await Grant(shop, 1, "gate", 6_000);
        shop.Clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(VendingCodes.UnknownChannel, Assert.IsType<OrderOutcome.Declined>(await Sell(shop, 10, lease.Channel, 100)).Code);
        Assert.Equal(1, await shop.House.Leases.SweepAsync(CancellationToken.None));
        Assert.Equal(0, await shop.House.Leases.SweepAsync(CancellationToken.None));
        Assert.Equal(Deposit, -shop.Balance("float:shop-9"));
        Assert.Equal(1, (await Grant(shop, 2, "gate", 500)).Slot);
    }

    [Fact]
    public async Task Lease_ReturnedWhileSomethingIsHeld_GivesTheRestBackWithTheNextSweep()
    {
        using Shop shop = await Open();
        FloatLease lease = await Grant(shop, 1, "gate", 6_000);
        var cut = new Cut(2, After: false);
        await Assert.ThrowsAsync<PowerCutException>(() => new OrderDesk(
            new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), new TariffBook([Shop.Blocks()]),
            Shop.Options with { Vendors = code => shop.House.Vendors.FindChannel(code, shop.Clock.GetUtcNow()) }, shop.Clock).PlaceAsync(Order(10, lease.Channel, 4_000), CancellationToken.None));
        await shop.House.Leases.ReturnAsync("shop-9", 1, CancellationToken.None);
        Assert.Equal(Deposit - 4_000, -shop.Balance("float:shop-9"));
        await shop.Desk.ReverseAsync(Shop.Id(10), "till", CancellationToken.None);
        Assert.Equal(1, await shop.House.Leases.SweepAsync(CancellationToken.None));
        Assert.Equal(Deposit, -shop.Balance("float:shop-9"));
    }

    [Fact]
    public async Task Batch_OfAVendorWithLeases_CountsTheTerminalsSalesAndNotTheLending()
    {
        using Shop shop = await Open();
        await shop.House.VendorDesk.OpenAsync("shop-9", BatchKind.Shift, "Wu", CancellationToken.None);
        FloatLease lease = await Grant(shop, 1, "gate", 6_000);
        await Sell(shop, 10, lease.Channel, 2_000);
        await Sell(shop, 11, "shop-9", 1_000);
        await shop.House.Leases.ReturnAsync("shop-9", 1, CancellationToken.None);
        BatchTotals totals = Assert.IsType<VendorOutcome<BatchTotals>.Done>(shop.House.VendorDesk.Total("shop-9", BatchKind.Sales)).Value;
        Assert.Equal((2, 3_000), (totals.Sales.Count, totals.Sales.MinorUnits));
        Assert.IsType<VendorOutcome<VendorBatch>.Done>(await shop.House.VendorDesk.CloseAsync("shop-9", BatchKind.Shift, CancellationToken.None));
    }

    [Fact]
    public async Task Float_WhateverTerminalsAndCrashesDo_IsItsPartsAndTheRest()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("LATCHKEY_SEED"), out int given) ? given : Environment.TickCount;
        var random = new Random(seed);
        using Shop shop = await Open(Latchkey.Testing.TemporaryDirectory.InMemory());
        int crashes = 0, sold = 0, granted = 0;
        try
        {
            for (int n = 1; n <= Operations; n++)
            {
                string channel = "shop-9:lease:" + random.Next(1, Terminals + 1);
                int what = random.Next(100), amount = random.Next(60, 9_000), at = random.Next(1, 4);
                bool after = random.Next(2) == 0, restart = random.Next(30) == 0;
                if (what < 20) granted += await Try(shop, 1_000_000 + n, "t" + random.Next(Terminals), amount * 3) is VendorOutcome<FloatLease>.Done ? 1 : 0;
                else if (what < 30) await shop.House.Leases.ReturnAsync("shop-9", random.Next(1, Terminals + 1), CancellationToken.None);
                else if (what < 34) shop.Clock.Advance(TimeSpan.FromMinutes(amount / 20));
                else if (what < 40) await shop.House.Leases.SweepAsync(CancellationToken.None);
                else if (what < 60) crashes += await Crash(shop, n, channel, amount, new Cut(at, after));
                else sold += await Sell(shop, n, what < 70 ? "shop-9" : channel, amount) is OrderOutcome.Issued ? 1 : 0;
                if (restart) shop.Restart();
                if (n % 25 == 0 || restart) AssertWhole(shop);
            }

            await shop.Desk.RecoverAsync(CancellationToken.None);
            shop.Clock.Advance(TimeSpan.FromDays(32));
            await shop.House.Leases.SweepAsync(CancellationToken.None);
            AssertWhole(shop);
            Assert.All(Parts(shop).Where(a => a.Id != Float), a => Assert.Equal(0, a.Balance.Net));
            shop.AssertBooksAgree();
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"LATCHKEY_SEED={seed}: {e.Message}", e);
        }

        Assert.True(crashes > 0 && sold > 0 && granted > 0, $"LATCHKEY_SEED={seed}: {crashes} crashes, {sold} sold, {granted} granted");
    }

    private static void AssertWhole(Shop shop)
    {
        long spent = 0, held = 0;
        shop.House.Store.ForEach(order =>
        {
            if (order.HasToken) spent += order.Command.Amount.MinorUnits;
            else if (order.State == OrderState.Held) held += order.Command.Amount.MinorUnits;
        });
        LedgerAccount[] parts = Parts(shop);
        Assert.Equal(Deposit - spent, parts.Sum(a => -(long)a.Balance.Net));
        Assert.Equal(held, parts.Sum(a => a.Balance.DebitsPending));
        Assert.All(parts, a => Assert.True(a.Available >= 0, a.Id + " is below its limit"));
    }

    private static LedgerAccount[] Parts(Shop shop) => [.. shop.House.Ledger.TrialBalance().Accounts.Where(a => FloatLease.VendorOf(a.Id) == "shop-9")];

    /// <summary>1 where the program ended at that step.</summary>
    private static async Task<int> Crash(Shop shop, int id, string channel, long amount, Cut cut)
    {
        var desk = new OrderDesk(
            new DyingStore(shop.House.Store, cut), new DyingSigner(shop.House.Signer, cut), new TariffBook([Shop.Blocks()]),
            Shop.Options with { Vendors = code => shop.House.Vendors.FindChannel(code, shop.Clock.GetUtcNow()) }, shop.Clock);
        Exception? end = await Record.ExceptionAsync(() => desk.PlaceAsync(Order(id, channel, amount), CancellationToken.None));
        if (id % 3 == 0) await shop.Desk.RecoverAsync(CancellationToken.None);
        return end is PowerCutException ? 1 : 0;
    }

    private static async Task<Shop> Open(Latchkey.Testing.TemporaryDirectory? directory = null)
    {
        Shop shop = await Shop.OpenAsync(creditLimit: long.MaxValue, directory: directory);
        await shop.House.VendorDesk.SaveAsync(new Vendor("shop-9", "Night market", Currency.Cny, 1, 100_000, false, []), CancellationToken.None);
        await shop.House.Ledger.OpenAccountAsync(new LedgerAccount(AccountId.Require("bank"), Cny, AccountClass.Asset), CancellationToken.None);
        await shop.House.Ledger.PostAsync(
            JournalEntry.Post(Shop.Id(999), shop.Clock.GetUtcNow(), "start", Posting.Debit(AccountId.Require("bank"), Cny, Deposit), Posting.Credit(Float, Cny, Deposit)),
            CancellationToken.None);
        return shop;
    }

    private static async Task<IEnumerable<Finding>> Findings(Shop shop)
    {
        await shop.House.Reconciler.RunAsync(CancellationToken.None);
        return shop.House.Reconciler.List(null, withCleared: false, 100).Select(i => i.Finding);
    }

    private static PlaceOrder Order(int id, string channel, long amount) =>
        new(Shop.Id(id), id % 2 == 0 ? Shop.Pan : Shop.OtherPan, new Money(amount, Currency.Cny), channel);

    private static Task<OrderOutcome> Sell(Shop shop, int id, string channel, long amount) => shop.Desk.PlaceAsync(Order(id, channel, amount), CancellationToken.None);

    private static Task<VendorOutcome<FloatLease>> Try(Shop shop, int id, string holder, long amount) =>
        shop.House.Leases.GrantAsync(Shop.Id(id), "shop-9", holder, new Money(amount, Currency.Cny), TimeSpan.FromHours(12), CancellationToken.None);

    private static async Task<FloatLease> Grant(Shop shop, int id, string holder, long amount) =>
        Assert.IsType<VendorOutcome<FloatLease>.Done>(await Try(shop, id, holder, amount)).Value;

    private static string Code(VendorOutcome<FloatLease> outcome) => Assert.IsType<VendorOutcome<FloatLease>.Refused>(outcome).Code;
}
