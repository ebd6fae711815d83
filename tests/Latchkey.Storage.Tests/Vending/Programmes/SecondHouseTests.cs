using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending.Programmes;

/// <summary>What a sale remembers of a meter must give way to what another process has written since.</summary>
public sealed class SecondHouseTests
{
    [Fact]
    public async Task ChangeOfKeysPlannedByAnotherProcess_GoesWithTheNextPurchase()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(1);
        Assert.Single((await shop.BuyAsync(1, meter: 0)).Tokens);
        using (VendingHouse other = shop.OpenBeside())
        {
            VendingKeyRevision target = ProgrammeShop.Programme().To.For(ProgrammeShop.Key(0));
            Assert.Null(await other.KeyChanges.PlanAsync(ProgrammeShop.Pan(0), target, null, KeyChangePolicy.WithNextPurchase, takesThirdToken: false, CancellationToken.None));
        }

        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        OrderReceipt receipt = await shop.BuyAsync(2, meter: 0);
        Assert.Equal(["key-change", "key-change", "sale"], receipt.Tokens.Select(t => t.Kind));
        Assert.True(shop.TypeAll(0, receipt));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task DebtRegisteredByAnotherProcess_IsTakenFromTheNextPurchase()
    {
        using ProgrammeShop shop = await ProgrammeShop.OpenAsync(1);
        Assert.DoesNotContain((await shop.BuyAsync(1, meter: 0)).Lines, line => line.Kind == "debt");
        using (VendingHouse other = shop.OpenBeside()) await OweAsync(other, "arrears");
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Single((await shop.BuyAsync(2, meter: 0)).Lines, line => line.Kind == "debt");

        await OweAsync(shop.House, "connection");
        shop.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, (await shop.BuyAsync(3, meter: 0)).Lines.Count(line => line.Kind == "debt"));
        shop.AssertBooksAgree();
    }

    private static async Task OweAsync(VendingHouse house, string name)
    {
        var debt = new DebtRecord(ProgrammeShop.Pan(0), name, name, new DebtRule(100, null, null), 1, Rational.Zero, false);
        Assert.Null(await house.Debts.RaiseAsync(Shop.Id(900 + name.Length), debt, new Money(5_000, Currency.Cny), CancellationToken.None));
    }
}
