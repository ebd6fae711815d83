using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>A purchase with what comes with it, asked for again: it answers as it did, whatever has become due since.</summary>
public sealed class BundleTests : IAsyncLifetime
{
    private Shop _shop = null!;
    private VendingHouse _house = null!;

    public async ValueTask InitializeAsync()
    {
        _shop = await Shop.OpenAsync();
        SalesChannel[] channels = [.. Shop.Options.Channels, new SalesChannel("free", FundingKind.Clearing, TariffId: "FUND")];
        var tariffs = new TariffBook([Shop.Blocks() with { FreeUnits = new FreeUnits(Rational.Require("10"), "once a month") }, Shop.Blocks() with { Id = "FUND" }]);
        _house = VendingHouse.Open(
            _shop.Directory, new VendingHouseOptions(Shop.Options with { Channels = channels }, tariffs, Bundles: new BundleOptions("free", "charity")), _shop.Clock);
    }

    public ValueTask DisposeAsync()
    {
        _house.Dispose();
        _shop.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Retry_InTheNextMonth_HasTheFreeTokenThatCameWithThePurchase()
    {
        (BundlePart Part, string Token)[] first = await BuyAsync(1);
        Assert.Equal([BundlePart.Sale, BundlePart.FreeUnits], first.Select(p => p.Part));
        _shop.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(first, await BuyAsync(1));
    }

    [Fact]
    public async Task Retry_InTheNextMonth_OfAPurchaseThatHadNoFreeToken_HasNoneEither()
    {
        await BuyAsync(1);
        (BundlePart Part, string Token)[] second = await BuyAsync(2);
        Assert.Equal([BundlePart.Sale], second.Select(p => p.Part));
        _shop.Clock.Advance(TimeSpan.FromDays(10));
        Assert.Equal(second, await BuyAsync(2));
        Assert.Equal([BundlePart.Sale, BundlePart.FreeUnits], (await BuyAsync(3)).Select(p => p.Part));
    }

    [Fact]
    public async Task Retry_AfterARefundWasApproved_LeavesItToTheNextPurchase()
    {
        (BundlePart Part, string Token)[] first = await BuyAsync(1);
        _shop.Clock.Advance(TimeSpan.FromMinutes(5));
        await _shop.Budget(BudgetKind.Refunds, 100_000, LedgerUnit.Of(Currency.Cny));
        Assert.IsType<ApprovalOutcome.Done>(await _shop.Act(50, ActEffects.Refund(Shop.Pan, Money.FromMajor(20m, Currency.Cny), out _)!));
        Assert.Equal(first, await BuyAsync(1));
        (BundlePart Part, string Token)[] second = await BuyAsync(2);
        Assert.Equal([BundlePart.Sale, BundlePart.Refund], second.Select(p => p.Part));
        Assert.Equal(second, await BuyAsync(2));
    }

    [Fact]
    public async Task Id_OfAPurchaseOfFreeEnergyAlone_IsNoneOfMoneyNorOfAnotherMeters()
    {
        PlaceOrder free = Shop.Order(1, 0m);
        BundleOutcome.Issued issued = Assert.IsType<BundleOutcome.Issued>(await _house.Bundles.PlaceAsync(free, CancellationToken.None));
        Assert.Equal([BundlePart.FreeUnits], issued.Parts.Select(p => p.Part));
        Assert.IsType<BundleOutcome.IdReused>(await _house.Bundles.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.IsType<BundleOutcome.IdReused>(await _house.Bundles.PlaceAsync(Shop.Order(1, 0m, Shop.OtherPan), CancellationToken.None));
        Assert.IsType<BundleOutcome.IdReused>(await _house.Bundles.PlaceAsync(Shop.Order(1, 50m, Shop.OtherPan), CancellationToken.None));
        Assert.Empty(_house.Bundles.Find(free.OrderId, Shop.OtherPan));
        Assert.True(Assert.IsType<BundleOutcome.Issued>(await _house.Bundles.PlaceAsync(free, CancellationToken.None)).IsReplay);
    }

    [Fact]
    public async Task Id_OfAPurchaseOfMoney_IsNoneOfFreeEnergyAlone()
    {
        await BuyAsync(1);
        Assert.IsType<BundleOutcome.IdReused>(await _house.Bundles.PlaceAsync(Shop.Order(1, 0m), CancellationToken.None));
    }

    private async Task<(BundlePart Part, string Token)[]> BuyAsync(int id)
    {
        BundleOutcome.Issued issued = Assert.IsType<BundleOutcome.Issued>(await _house.Bundles.PlaceAsync(Shop.Order(id), CancellationToken.None));
        return [.. issued.Parts.Select(p => (p.Part, p.Order.Token!.Value.ToString()))];
    }
}
