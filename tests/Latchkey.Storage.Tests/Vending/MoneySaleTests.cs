using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Money for meters that keep their account in money; charges by kW for meters whose demand is known.</summary>
public sealed class MoneySaleTests
{
    [Fact]
    public async Task Sale_OfMoney_IsOwedToTheMeterAndSoldAsNoEnergy()
    {
        using Shop shop = await OpenAsync();
        OrderReceipt receipt = (await shop.Buy(1, 50m)).Receipt;
        Assert.Equal((0, 5_000), (receipt.TenthsGranted, receipt.Tokens.Single().MinorUnits));
        Assert.Equal(("prepaid", 5_000), (receipt.Lines.Single().Kind, receipt.Lines.Single().MinorUnits));
        Assert.Equal(-(5_000 + receipt.RoundingMinorUnits), shop.Balance("prepaid:issued:" + Shop.Pan));
        Assert.Equal((0, 0, 0), (shop.Balance("revenue:energy"), shop.Balance("units:sold"), shop.Balance("tax:vat")));
        Assert.Contains("Meter credit", ReceiptText.Render(receipt, ReceiptLanguage.English), StringComparison.Ordinal);
        Assert.DoesNotContain("kWh", ReceiptText.Render(receipt, ReceiptLanguage.English), StringComparison.Ordinal);
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Sale_OfAnyAmount_IsTheTrialAndGrantsNoLessThanWasPaid()
    {
        using Shop shop = await OpenAsync();
        var random = new Random(11);
        long owed = 0;
        for (int i = 1; i <= 60; i++)
        {
            long fen = random.Next(4) switch { 0 => random.Next(100, 200), 1 => 16_384, _ => random.Next(100, 500_000) };
            PlaceOrder order = Shop.Order(i) with { Amount = new Money(fen, Currency.Cny) };
            SaleTerms trial = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(order)).Terms;
            OrderReceipt receipt = Assert.IsType<OrderOutcome.Issued>(await shop.Place(order)).Receipt;
            SaleTerms sold = shop.Desk.Find(order.OrderId)!.Terms!;
            Assert.Equal((trial.PrepaidMinorUnits, trial.RoundingMinorUnits), (sold.PrepaidMinorUnits, sold.RoundingMinorUnits));
            Assert.Equal(trial.Lines, sold.Lines);

            CurrencyCreditToken token = Read(receipt.Tokens[^1].Number);
            long more = (long)token.Amount.Steps - (fen * 1_000);
            Assert.InRange(more, 0, fen); // at most a thousandth: fourteen bits of mantissa
            Assert.Equal((more + 500) / 1_000, sold.RoundingMinorUnits);
            owed += fen + sold.RoundingMinorUnits;
        }

        Assert.Equal(-owed, shop.Balance("prepaid:issued:" + Shop.Pan));
        shop.Restart();
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Sale_WithADebt_PaysTheDebtFirst()
    {
        using Shop shop = await OpenAsync();
        var debt = new DebtRecord(Shop.Pan, "d1", "Arrears", new DebtRule(null, Rational.Require("0.3")), 0, Rational.Zero);
        Assert.Null(await shop.House.Debts.RaiseAsync(Shop.Id(500), debt, Money.FromMajor(100m, Currency.Cny), CancellationToken.None));
        OrderReceipt receipt = (await shop.Buy(1, 50m)).Receipt;
        Assert.Equal((3_500, 1_500), (receipt.Tokens.Single().MinorUnits, receipt.Lines.Single(l => l.Kind == "debt").MinorUnits));
        shop.AssertBooksAgree();
    }

    [Fact]
    public async Task Signer_RefusesMoneyThatTheEntryDoesNotOwe()
    {
        using Shop shop = await OpenAsync();
        await shop.Buy(1, 50m);
        VendOrder order = shop.Desk.Find(Shop.Id(1))!;
        RecordedEntry hold = shop.House.Store.Read(books => books.FindEntry(order.HoldId))!;
        VendOrder more = order with { Terms = order.Terms! with { PrepaidMinorUnits = 500_000 } };
        SignOutcome outcome = await shop.House.Signer.SignAsync(more, new HeldEntry(hold.Entry.Id, hold.Hash), CancellationToken.None);
        Assert.Equal("ledger-entry-mismatch", Assert.IsType<SignOutcome.Refused>(outcome).Code);
    }

    [Theory]
    [InlineData(3_000, 30)]
    [InlineData(12_500, 125)]
    [InlineData(1, 0)]
    public async Task Sale_WithAKnownDemand_CollectsTheChargePerKilowatt(long watts, long yuan)
    {
        using Shop shop = await OpenAsync(money: false, PerKilowatt(), new SubscribedDemand(watts, new DateOnly(2026, 1, 1), null));
        SaleTerms trial = Assert.IsType<TrialOutcome.Priced>(shop.Desk.Trial(Shop.Order(1, 500m))).Terms;
        OrderReceipt receipt = (await shop.Buy(1, 500m)).Receipt;
        Assert.Equal(trial.Lines.Select(l => l.MinorUnits), receipt.Lines.Select(l => l.MinorUnits));
        Assert.Equal(watts == 1 ? 1 : yuan * 100, receipt.Lines.Where(l => l.Kind == "fixed").Sum(l => l.MinorUnits));

        // Once a month, whatever is bought after it.
        Assert.Equal(0, (await shop.Buy(2, 500m)).Receipt.Lines.Where(l => l.Kind == "fixed").Sum(l => l.MinorUnits));
        shop.AssertBooksAgree();
    }

    [Theory]
    [InlineData("2026-12-01", null)]
    [InlineData("2026-01-01", "2026-11-21")]
    public async Task Sale_OutsideTheDemandsDays_IsRefused(string from, string? until)
    {
        using Shop shop = await OpenAsync(money: false, PerKilowatt(), new SubscribedDemand(3_000, DateOnly.Parse(from), until is null ? null : DateOnly.Parse(until)));
        Assert.Equal("demand-unknown", await shop.DeclineCode(Shop.Order(1, 500m)));
    }

    [Fact]
    public async Task Meter_KeepsItsModeAndItsDemandOverARestart()
    {
        var demand = new SubscribedDemand(7_500, new DateOnly(2026, 1, 1), new DateOnly(2027, 12, 31));
        using Shop shop = await OpenAsync(money: true, null, demand);
        shop.Restart();
        MeterRecord meter = shop.House.Meters.Find(Shop.Pan)!;
        Assert.Equal((true, demand), (meter.CreditsMoney, meter.Demand!.Value));
    }

    [Fact]
    public async Task Sale_ByTimeOfUse_IsOfMoneyOrNotAtAll()
    {
        Tariff byTime = Shop.Blocks() with { Blocks = [], TimeOfUse = new TimeOfUse([], [], [new RatePeriod("all day", null, [], false, 0, TimeOfUse.MinutesPerDay, Rational.Require("0.55"))]) };
        using Shop energy = await OpenAsync(money: false, byTime);
        Assert.Equal("time-of-use-tariff", await energy.DeclineCode(Shop.Order(1)));
        using Shop money = await OpenAsync(money: true, byTime);
        Assert.Equal(5_000, (await money.Buy(1, 50m)).Receipt.Tokens.Single().MinorUnits);
    }

    private static async Task<Shop> OpenAsync(bool money = true, Tariff? tariff = null, SubscribedDemand? demand = null)
    {
        Shop shop = await Shop.OpenAsync(tariff, creditLimit: 1_000_000_000);
        await shop.House.Meters.SaveAsync(new MeterRecord(Shop.Key, "T", "ACC-1", "Shop 3", CreditsMoney: money, Demand: demand), CancellationToken.None);
        return shop;
    }

    private static Tariff PerKilowatt() => Shop.Blocks() with { Vat = new ValueAddedTax(Rational.Zero, []), Fixed = [new FixedCharge("demand", Rational.Require("10"), ChargePeriod.KilowattMonth)] };

    private static CurrencyCreditToken Read(string token)
    {
        Assert.True(VendingKey.TryCreate(Convert.FromHexString("ABABABABABABABAB949494949494949401234567"), out VendingKey? vendingKey));
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, Shop.Key);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
        Assert.Equal(TokenResult.Accept, CreditTokenCodec.Decode(cipher.Decrypt(TokenNumber.Parse(token).Block), out CurrencyCreditToken credit));
        return credit;
    }
}
