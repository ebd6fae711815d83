using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Terms that somebody edits between hold and release: the money comes free all the same, and no more is taken off than the entry says.</summary>
public sealed class EditedTermsTests
{
    private const string Month = "CalendarMonth:2026-11-01";

    [Theory]
    [InlineData(1)]
    [InlineData(1_000_000)]
    [InlineData(-1)]
    public async Task Release_OfTermsThatWereEdited_TakesOffWhatTheEntrySays(long more)
    {
        using Shop shop = await Shop.OpenAsync(WithFixedCharge());
        VendOrder held = await Hold(shop);
        await Save(shop, held with
        {
            Terms = held.Terms! with
            {
                TenthsGranted = held.Terms.TenthsGranted + more,
                Lines = [.. held.Terms.Lines.Select(l => l.Kind == PriceLineKind.Fixed ? l with { MinorUnits = l.MinorUnits + more } : l)],
            },
        });
        Assert.Equal(OrderState.Reversed, await Release(shop));
        Assert.Equal((0, 0), (shop.Balance("clearing:wechat"), shop.Balance("units:sold")));
        Assert.Equal(0, Counted(shop, Month).Tenths);
        Assert.InRange(Counted(shop, "fixed:2026-11-01:service").FixedMinorUnits, 0, 1);
    }

    [Fact]
    public async Task Release_OfTermsThatNameAnotherPeriod_TakesNothingOffThatWasNotCounted()
    {
        using Shop shop = await Shop.OpenAsync(WithFixedCharge());
        VendOrder held = await Hold(shop);
        await Save(shop, held with { Terms = held.Terms! with { BlockPeriod = "CalendarMonth:2026-10-01", FixedPeriod = "fixed:2026-10-01", TariffId = "other" } });
        Assert.Equal(OrderState.Reversed, await Release(shop));
        Assert.Equal(0, shop.Balance("clearing:wechat"));
        Assert.Equal(0, Counted(shop, "CalendarMonth:2026-10-01").Tenths);
    }

    [Fact]
    public async Task Release_OfTermsThatNobodyEdited_TakesOffWhatWasCounted()
    {
        using Shop shop = await Shop.OpenAsync(WithFixedCharge());
        await shop.Buy(9);
        PeriodTotals before = Counted(shop, Month), service = Counted(shop, "fixed:2026-11-01:service");
        await Hold(shop);
        Assert.Equal(OrderState.Reversed, await Release(shop));
        Assert.Equal((before, service), (Counted(shop, Month), Counted(shop, "fixed:2026-11-01:service")));
        shop.AssertBooksAgree();
    }

    private static PeriodTotals Counted(Shop shop, string period) => shop.House.Store.Read(books => books.Totals(Shop.Pan, period));

    private static Tariff WithFixedCharge() => Shop.Blocks() with { Fixed = [new FixedCharge("service", Rational.Require("3"), ChargePeriod.Month)] };

    /// <summary>The money is set aside and no signer has looked yet.</summary>
    private static async Task<VendOrder> Hold(Shop shop)
    {
        var desk = new OrderDesk(shop.House.Store, new StubbornSigner(shop.House.Signer, _ => true), new TariffBook([WithFixedCharge()]), Shop.Options, shop.Clock);
        Assert.IsType<OrderOutcome.Pending>(await desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        return shop.Desk.Find(Shop.Id(1))!;
    }

    private static async Task<OrderState> Release(Shop shop)
    {
        Assert.IsType<ReversalOutcome.Reversed>(await shop.Desk.ReverseAsync(Shop.Id(1), "till", CancellationToken.None));
        return shop.Desk.Find(Shop.Id(1))!.State;
    }

    private static Task Save(Shop shop, VendOrder order) => shop.House.Store.UpdateAsync(
        books =>
        {
            books.Save(order);
            return true;
        },
        CancellationToken.None);
}
