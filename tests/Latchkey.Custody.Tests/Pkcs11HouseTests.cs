using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Custody.Tests;

/// <summary>A whole shop whose vending keys are in a PKCS#11 token: DKGA04 from the counter to the meter.</summary>
[Collection(SoftToken.Collection)]
public sealed class Pkcs11HouseTests
{
    private static readonly ManualClock Clock = new(new DateTimeOffset(2026, 11, 22, 9, 30, 20, TimeSpan.Zero));

    [Fact]
    public async Task Sell_WithTheKeyInTheToken_GivesATokenThatTheMeterTakesAndBooksThatAgree()
    {
        using var directory = new TemporaryDirectory();
        using (VendingHouse house = await OpenAsync(directory))
        {
            OrderOutcome.Issued issued = Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
            Assert.Equal(issued.Receipt.TenthsGranted, Shop.Read(issued.Receipt.Tokens[0].Number).Amount.Steps);
            Assert.Null(issued.Receipt.Watermark);
        }

        Assert.False(File.Exists(directory.File(CustodyKeyFile.FileName)));
        using VendingHouse again = Reopen(directory);
        VendingAuditReport report = again.Audit.Verify();
        Assert.True(report.IsIntact);
        Assert.Equal(1, report.Tokens);
    }

    [Fact]
    public async Task ChangeKeys_WithBothInTheToken_MovesTheMeterAndSellsUnderTheNewKey()
    {
        using var directory = new TemporaryDirectory();
        using VendingHouse house = await OpenAsync(directory);
        Assert.Null(await house.KeyChanges.PlanAsync(Shop.Pan, HeldOrders.Revision2, null, KeyChangePolicy.OnRequest, takesThirdToken: false, CancellationToken.None));
        KeyChange change = Assert.IsType<KeyChangeOutcome.Issued>(await house.KeyChanges.IssueAsync(Shop.Pan, CancellationToken.None)).Change;
        Assert.Equal(ExpectedSet(change), change.Tokens);

        OrderOutcome.Issued sold = Assert.IsType<OrderOutcome.Issued>(await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None));
        Assert.Equal(sold.Receipt.TenthsGranted, ReadUnder(SignerRig.SecondKey, change.To, sold.Receipt.Tokens.Single(t => t.Kind == ReceiptTokenKinds.Sale).Number).Amount.Steps);
        Assert.True(house.Audit.Verify().IsIntact);
    }

    [Fact]
    public async Task Files_OfAShopWithItsKeysInTheToken_HoldNoKey()
    {
        using var directory = new TemporaryDirectory();
        using (VendingHouse house = await OpenAsync(directory)) await house.Desk.PlaceAsync(Shop.Order(1), CancellationToken.None);
        foreach (string file in Directory.GetFiles(directory.Path))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            Assert.True(bytes.AsSpan().IndexOf(SignerRig.PublishedKey) < 0 && bytes.AsSpan().IndexOf(SignerRig.SecondKey) < 0, file);
        }
    }

    private static async Task<VendingHouse> OpenAsync(TemporaryDirectory directory)
    {
        VendingHouse house = Reopen(directory);
        await house.Meters.SaveAsync(new MeterRecord(Shop.Key, "T", "ACC-1", "Building 3, room 301"), CancellationToken.None);
        Assert.Null(await house.Keys.ImportAsync(SignerRig.PublishedKey, Shop.Terms(), 1_000_000, SignerRig.People, CancellationToken.None));
        Assert.Null(await house.Keys.ImportAsync(SignerRig.SecondKey, SignerRig.SecondTerms, 1_000_000, SignerRig.People, CancellationToken.None));
        return house;
    }

    private static VendingHouse Reopen(TemporaryDirectory directory) => VendingHouse.Open(
        directory.Path, new VendingHouseOptions(Shop.Options, new TariffBook([Shop.Blocks()])) { Custody = _ => SoftToken.Open() }, Clock);

    /// <summary>What the published algorithms make of the two keys in the clear.</summary>
    private static TokenNumber[] ExpectedSet(KeyChange change)
    {
        Assert.True(VendingKey.TryCreate(SignerRig.PublishedKey, out VendingKey? old));
        Assert.True(VendingKey.TryCreate(SignerRig.SecondKey, out VendingKey? fresh));
        using DecoderKey from = DecoderKeyGeneration.Derive(old, change.From), to = DecoderKeyGeneration.Derive(fresh, change.To);
        using TokenCipher cipher = TokenCipher.Create(change.From.Algorithm, from);
        KeyChangeForm form = KeyChangeSet.FormFor(change.From.Algorithm, takesThirdToken: false);
        return [.. KeyChangeSet.Divide(to, change.To, form, rollOver: false).Select(s => cipher.Seal(TokenClass.MeterSpecificManagement, s.Encode()))];
    }

    private static CreditToken ReadUnder(byte[] vendingKey, DecoderKeyAttributes meter, string token)
    {
        Assert.True(VendingKey.TryCreate(vendingKey, out VendingKey? key));
        using DecoderKey decoder = DecoderKeyGeneration.Derive(key, meter);
        using TokenCipher cipher = TokenCipher.Create(meter.Algorithm, decoder);
        Assert.Equal(TokenResult.Accept, CreditTokenCodec.Decode(cipher.Decrypt(TokenNumber.Parse(token).Block), out CreditToken credit));
        return credit;
    }
}
