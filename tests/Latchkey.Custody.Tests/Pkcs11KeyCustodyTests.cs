using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Custody.Tests;

/// <summary>The same meters' keys as software makes, from a vending key that nobody can read back.</summary>
[Collection(SoftToken.Collection)]
public sealed class Pkcs11KeyCustodyTests
{
    private static readonly byte[] PublishedKey = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");

    private static readonly DecoderKeyAttributes Meter = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);

    private static readonly SigningKeyTerms Terms = new(
        Meter.SupplyGroup, Meter.KeyRevision, Meter.KeyType, Meter.BaseDate, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), null);

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea11)]
    [InlineData(EncryptionAlgorithm.Ea07)]
    public void Derive_InTheToken_GivesTheKeyThatSoftwareGives(EncryptionAlgorithm algorithm)
    {
        using Pkcs11KeyCustody custody = SoftToken.Open();
        SigningKeyRecord record = Record(custody.Wrap(PublishedKey, Terms));
        Assert.True(VendingKey.TryCreate(PublishedKey, out VendingKey? vendingKey));
        foreach (string pan in new[] { "600727000000000009", "600727111111111153" })
        {
            DecoderKeyAttributes meter = Meter with { Pan = MeterPan.Parse(pan), Algorithm = algorithm };
            using DecoderKey expected = DecoderKeyGeneration.Derive(vendingKey, meter);
            Assert.Null(custody.Derive(record, meter, out DecoderKey? key));
            using (key) Assert.True(key!.HasSameBytesAs(expected));
        }
    }

    [Fact]
    public void Open_OfAKeyInTheToken_NeverGivesTheKey()
    {
        using Pkcs11KeyCustody custody = SoftToken.Open();
        byte[] wrapped = custody.Wrap(PublishedKey, Terms);
        Assert.Null(((IKeyCustody)custody).Open(Record(wrapped)));
        Assert.True(wrapped.AsSpan().IndexOf(PublishedKey.AsSpan(0, 8)) < 0);
        Assert.False(custody.IsDevelopment);
    }

    [Fact]
    public void Derive_WithARecordOfOtherTermsOrOfNoObject_IsRefused()
    {
        using Pkcs11KeyCustody custody = SoftToken.Open();
        SigningKeyRecord record = Record(custody.Wrap(PublishedKey, Terms));
        Assert.Equal(VendingCodes.KeyDamaged, custody.Derive(record with { Terms = Terms with { SupplyGroup = SupplyGroupCode.Parse("000001") } }, Meter, out _));
        Assert.Equal(VendingCodes.KeyDamaged, custody.Derive(Record(new byte[16]), Meter, out _));
        Assert.Equal(VendingCodes.KeyDamaged, custody.Derive(Record(new byte[48]), Meter, out _));
    }

    [Fact]
    public void Wrap_OfADesKey_IsRefused()
    {
        using Pkcs11KeyCustody custody = SoftToken.Open();
        Assert.Throws<CustodyException>(() => custody.Wrap(new byte[VendingKey.SingleDesLength], Terms));
    }

    [Fact]
    public void Mac_AfterTheTokenWasClosedAndOpened_IsTheSame()
    {
        byte[] first;
        using (Pkcs11KeyCustody custody = SoftToken.Open()) first = custody.Mac([1, 2], [3]);
        using Pkcs11KeyCustody again = SoftToken.Open();
        Assert.Equal(first, again.Mac([1, 2], [3]));
        Assert.Equal(first, again.Mac([1], [2, 3])); // over both, one after the other, as in software
        Assert.NotEqual(first, again.Mac([1, 2], [4]));
    }

    [Fact]
    public void Open_WithAWrongPinOrLabelOrLibrary_IsATypedFailure()
    {
        SoftToken.Open().Dispose();
        Assert.True(Assert.Throws<CustodyException>(() => SoftToken.Open(pin: "0000")).IsForPeople);
        Assert.Throws<CustodyException>(() => Pkcs11KeyCustody.Open(new Pkcs11Options(SoftToken.LibraryPath, "no such token"), SoftToken.Pin));
        Assert.Throws<CustodyException>(() => Pkcs11KeyCustody.Open(new Pkcs11Options("/no/such/library.so", SoftToken.Label), SoftToken.Pin));
    }

    [Fact]
    public void Use_AfterTheSessionWasLost_LogsInAgain()
    {
        using Pkcs11KeyCustody custody = SoftToken.Open();
        SigningKeyRecord record = Record(custody.Wrap(PublishedKey, Terms));
        byte[] mac = custody.Mac([1], [2]);

        // One library serves the whole process: who closes it closes it for everybody.
        SoftToken.Open().Dispose();
        Assert.Null(custody.Derive(record, Meter, out DecoderKey? key));
        key!.Dispose();
        SoftToken.Open().Dispose();
        Assert.Equal(mac, custody.Mac([1], [2]));
    }

    [Fact]
    public void Use_WhileTheTokenIsAway_IsUnavailableAndNotDamaged_AndGoesOnOnceItIsBack()
    {
        using Pkcs11KeyCustody custody = SoftToken.Open();
        SigningKeyRecord record = Record(custody.Wrap(PublishedKey, Terms));
        (string Token, string Away)[] moved = [.. Directory.GetDirectories(SoftToken.Place).Select(d => (d, Path.Combine(Path.GetTempPath(), "away-" + Path.GetFileName(d))))];
        SoftToken.Open().Dispose();
        foreach ((string token, string away) in moved) Directory.Move(token, away);
        try
        {
            Assert.Equal(VendingCodes.SignerUnavailable, custody.Derive(record, Meter, out _));
            Assert.Equal(VendingCodes.SignerUnavailable, custody.Derive(record, Meter, out _));
            CustodyException fault = Assert.Throws<CustodyException>(() => custody.Mac([1], [2]));
            Assert.Contains(SoftToken.Label, fault.Message, StringComparison.Ordinal);
            Assert.False(fault.IsForPeople);
        }
        finally
        {
            foreach ((string token, string away) in moved) Directory.Move(away, token);
        }

        Assert.Null(custody.Derive(record, Meter, out DecoderKey? key));
        key!.Dispose();
    }

    private static SigningKeyRecord Record(byte[] wrapped) => new(Terms, "ABCDEF", wrapped, 1_000, default, null, default);
}
