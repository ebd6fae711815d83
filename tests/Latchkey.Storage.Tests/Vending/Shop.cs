using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>A seller with one meter, a published test key, a clock that stands still, and a directory that survives a restart.</summary>
internal sealed class Shop : IDisposable
{
    public const string KeyId = "201457-1-2-2014";
    private static readonly byte[] PublishedKey = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
    private readonly TemporaryDirectory _directory;
    private readonly TariffBook _tariffs;

    private Shop(TariffBook tariffs, TemporaryDirectory directory)
    {
        _tariffs = tariffs;
        _directory = directory;
        House = Open();
    }

    public static MeterPan Pan { get; } = MeterPan.Parse("600727000000000009");

    public static MeterPan OtherPan { get; } = MeterPan.Parse("600727111111111153");

    public static DecoderKeyAttributes Key { get; } = new(
        Pan, SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);

    public VendingHouse House { get; private set; }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 9, 30, 20, TimeSpan.Zero));

    public IOrderDesk Desk => House.Desk;

    public string Directory => _directory.Path;

    public static VendingOptions Options { get; } = new(
        "Riverside Park", TimeSpan.FromHours(8),
        [new SalesChannel("wechat", FundingKind.Clearing, Minimum: 100, Maximum: 500_000), new SalesChannel("shop-7", FundingKind.Float), new SalesChannel("charity", FundingKind.Clearing, Budget: BudgetKind.Refunds)]);

    /// <param name="other">What the other meter is on; null for the same tariff.</param>
    public static async Task<Shop> OpenAsync(Tariff? tariff = null, long creditLimit = 10_000_000, TemporaryDirectory? directory = null, Tariff? other = null)
    {
        var shop = new Shop(new TariffBook(other is null ? [tariff ?? Blocks()] : [tariff ?? Blocks(), other]), directory ?? new TemporaryDirectory());
        await shop.House.Meters.SaveAsync(new MeterRecord(Key, "T", "ACC-1", "Building 3, room 301"), CancellationToken.None);
        await shop.House.Meters.SaveAsync(new MeterRecord(Key with { Pan = OtherPan }, other?.Id ?? "T", "ACC-2", "Building 3, room 302"), CancellationToken.None);
        Assert.Null(await shop.House.Keys.ImportAsync(PublishedKey, Terms(), creditLimit, new TwoPeople("Ann", "Bo"), CancellationToken.None));
        return shop;
    }

    public static SigningKeyTerms Terms() => new(
        Key.SupplyGroup, Key.KeyRevision, Key.KeyType, Key.BaseDate, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null);

    public static Tariff Blocks() => new()
    {
        Id = "T",
        Utility = "Riverside Park",
        CurrencyCode = "CNY",
        MinorDigits = 2,
        Valid = default,
        Accumulation = Accumulation.CalendarMonth,
        Vat = new ValueAddedTax(Rational.Require("0.13"), ["energy"]),
        Levies = [new Levy("street lighting", LevyBasis.PerKilowattHour, Rational.Require("0.02"))],
        Blocks =
        [
            new EnergyBlock(Rational.Zero, Rational.Require("240"), Rational.Require("0.5283")),
            new EnergyBlock(Rational.Require("240"), null, Rational.Require("0.8")),
        ],
    };

    /// <summary>The same prices; what a token cannot carry is left to the next purchase.</summary>
    public static Tariff Carrying() => Blocks() with { Id = "C", Rounding = EnergyRounding.Carry };

    public TariffBook Tariffs => _tariffs;

    public static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 7]);

    public static PlaceOrder Order(int id, decimal yuan = 50m, MeterPan? pan = null) =>
        new(Id(id), pan ?? Pan, Money.FromMajor(yuan, Currency.Cny), "wechat", "pay-" + id);

    public Task<OrderOutcome> Place(PlaceOrder order) => Desk.PlaceAsync(order, CancellationToken.None);

    public async Task<OrderOutcome.Issued> Buy(int id, decimal yuan = 50m, MeterPan? pan = null) =>
        Assert.IsType<OrderOutcome.Issued>(await Place(Order(id, yuan, pan)));

    public async Task<string> DeclineCode(PlaceOrder order) => Assert.IsType<OrderOutcome.Declined>(await Place(order)).Code;

    /// <summary>What a meter would make of a token: decrypts it with the key that the published vending key gives.</summary>
    public static CreditToken Read(string token, MeterPan? pan = null)
    {
        Assert.True(VendingKey.TryCreate(PublishedKey, out VendingKey? vendingKey));
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, Key with { Pan = pan ?? Pan });
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
        Assert.Equal(TokenResult.Accept, CreditTokenCodec.Decode(cipher.Decrypt(TokenNumber.Parse(token).Block), out CreditToken credit));
        return credit;
    }

    /// <summary>As <see cref="Read"/>, for a token without credit.</summary>
    public static ManagementToken ReadManagement(TokenNumber token)
    {
        Assert.True(VendingKey.TryCreate(PublishedKey, out VendingKey? vendingKey));
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, Key);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
        Assert.Equal(TokenResult.Accept, ManagementTokenCodec.Decode(cipher.Decrypt(token.Block), out ManagementToken management));
        return management;
    }

    public void AssertBooksAgree()
    {
        VendingAuditReport report = House.Audit.Verify();
        Assert.Null(report.Ledger.Problem);
        Assert.Empty(report.Differences);
    }

    public long Balance(string account) => (long)(House.Ledger.FindAccount(Latchkey.Ledger.AccountId.Require(account))?.Balance.Net ?? 0);

    /// <summary>What the reconciliation finds now.</summary>
    public async Task<IReadOnlyList<Latchkey.Vending.Reconciliation.Finding>> RunAsync()
    {
        await House.Reconciliation.RunAsync(CancellationToken.None);
        return [.. House.Reconciliation.List(null, withCleared: false, 10_000).Select(i => i.Finding)];
    }

    public void Restart()
    {
        House.Dispose();
        House = Open();
    }

    public void Dispose()
    {
        House.Dispose();
        _directory.Dispose();
    }

    private VendingHouse Open() => VendingHouse.Open(_directory.Path, new VendingHouseOptions(Options, _tariffs), Clock);
}
