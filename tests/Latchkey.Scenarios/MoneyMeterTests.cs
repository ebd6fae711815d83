using Latchkey.Ledger;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Scenarios;

/// <summary>Money sold to a meter that prices its energy itself: from the order to the meter's account.</summary>
public sealed class MoneyMeterTests : IDisposable
{
    private static readonly byte[] PublishedKey = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
    private static readonly DecoderKeyAttributes Attributes = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 11, 22, 9, 30, 20, TimeSpan.Zero));
    private readonly VendingHouse _house;
    private readonly TestMint _mint;
    private readonly BareMeter _meter;

    public MoneyMeterTests()
    {
        var options = new VendingOptions("Riverside Park", TimeSpan.FromHours(8), [new SalesChannel("wechat", FundingKind.Clearing)]);
        _house = VendingHouse.Open(_directory.Path, new VendingHouseOptions(options, new TariffBook([DayAndNight()])), _clock);
        Assert.True(VendingKey.TryCreate(PublishedKey, out VendingKey? vendingKey));
        using (vendingKey) _mint = new TestMint(DecoderKeyGeneration.Derive(vendingKey, Attributes), Attributes, 1);
        _meter = new BareMeter(_mint, new MemoryNvmImage(), 1);
        _meter.Manufacture();
        _meter.Boot();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(12_345)]
    [InlineData(99_999)]
    public async Task Money_IsSoldByOrder_TypedAtTheMeter_AndOwedUntilItIsUsed(long fen)
    {
        await OpenShopAsync();
        _meter.Wait(1_000);
        Assert.Equal(AccountFault.None, _meter.Core.SetAccount(
            LifeAccounts.Money with { TokenShares = [], Charges = [LifeAccounts.Money.Charges[0]] }, 1, _meter.Time, out AccountAnswer answer));
        Assert.Equal(AccountAnswer.Done, answer);
        _meter.Core.SetCalendar(new Calendar { Schedules = [[new(0, 1)]] }, future: false, 1, _meter.Time, out _);

        var order = new PlaceOrder(new Guid("00000000-0000-0000-0000-000000000001"), Attributes.Pan, new Money(fen, Currency.Cny), "wechat", "pay-1");
        OrderReceipt receipt = Assert.IsType<OrderOutcome.Issued>(await _house.Desk.PlaceAsync(order, CancellationToken.None)).Receipt;
        _meter.Type(_house.Desk.Find(order.OrderId)!.Token!.Value);
        Assert.Equal(TokenStatus.Accepted, _meter.Core.Snapshot.LastToken!.Status);

        // The account counts millionths: never less than was paid, and no more than a step of the token beyond.
        long quanta = _meter.Core.Account.Credits[0].Amount, paid = fen * 10_000;
        Assert.InRange(quanta - paid, 0, Math.Max(10, paid / 1_000));
        Assert.Equal(fen, receipt.Tokens[^1].MinorUnits);

        // Typed again it is used, and the ledger owes what the meter has.
        _meter.Type(_house.Desk.Find(order.OrderId)!.Token!.Value);
        Assert.Equal(TokenStatus.UsedError, _meter.Core.Snapshot.LastToken!.Status);
        TokenIdentifier tid = _house.Desk.Find(order.OrderId)!.Tid!.Value;
        Assert.Null(await _house.Desk.MarkCreditedAsync(order.OrderId, new CreditProof(CreditProofKind.Accepted, tid, _clock.GetUtcNow(), "meter"), CancellationToken.None));
        Assert.Equal(-(fen + receipt.RoundingMinorUnits), Balance("prepaid:accepted:" + Attributes.Pan));
        Assert.Equal(0, Balance("prepaid:issued:" + Attributes.Pan));
        Assert.True(_house.Audit.Verify().IsIntact);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _mint.Dispose();
        _house.Dispose();
        _directory.Dispose();
    }

    private async Task OpenShopAsync()
    {
        var terms = new SigningKeyTerms(Attributes.SupplyGroup, Attributes.KeyRevision, Attributes.KeyType, Attributes.BaseDate, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null);
        Assert.Null(await _house.Keys.ImportAsync(PublishedKey, terms, 10_000_000, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        await _house.Meters.SaveAsync(new MeterRecord(Attributes, "TOU", "ACC-1", "Shop 3", CreditsMoney: true), CancellationToken.None);
    }

    private long Balance(string account) => (long)(_house.Ledger.FindAccount(AccountId.Require(account))?.Balance.Net ?? 0);

    private static Tariff DayAndNight() => new()
    {
        Id = "TOU",
        Utility = "Riverside Park",
        CurrencyCode = "CNY",
        MinorDigits = 2,
        Valid = default,
        Accumulation = Accumulation.CalendarMonth,
        Blocks = [],
        TimeOfUse = new TimeOfUse([], [],
        [
            new RatePeriod("night", null, [], false, 0, 420, Rational.Require("0.30")),
            new RatePeriod("day", null, [], false, 420, TimeOfUse.MinutesPerDay, Rational.Require("0.91")),
        ]),
    };
}
