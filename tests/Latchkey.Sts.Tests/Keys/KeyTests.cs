using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class KeyTests
{
    [Fact]
    public void Dkga04_AnyAttributes_IsThePlatformsHmacOfTheDataBlock() =>
        Gen.Select(StsGen.Attributes, Gen.Byte.Array[20]).Sample((attributes, bytes) =>
        {
            Assert.True(VendingKey.TryCreate(bytes, out VendingKey? vendingKey));
            using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, attributes);
            vendingKey.Dispose();
            byte[] data = new byte[Dkga04DataBlock.Length];
            Dkga04DataBlock.Write(attributes, data);
            byte[] derived = new byte[key.Length];
            key.CopySecretTo(derived);
            return derived.SequenceEqual(HMACSHA256.HashData(bytes, data).Take(key.Length));
        });

    [Fact]
    public void Dkga04_AnyAttributes_HashesThemAsDigits() => StsGen.Attributes.Sample(a =>
    {
        byte[] data = new byte[Dkga04DataBlock.Length];
        Dkga04DataBlock.Write(a, data);
        string text = Encoding.Latin1.GetString(data);
        string expected = $"\u0004\u000204\u0002{a.BaseDate.Year % 100:D2}\u0002{(int)a.Algorithm:D2}\u0002{a.TariffIndex}\0\u0004\u0006{a.SupplyGroup}\u0001{(int)a.KeyType}\u0001{a.KeyRevision}\u0012{a.Pan}";
        return text.StartsWith(expected, StringComparison.Ordinal) && text.Length == expected.Length + 4;
    });

    [Fact]
    public void DeriveInto_GivesTheSameKeyAsDerive() => StsGen.Attributes.Sample(attributes =>
    {
        Assert.True(VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? vendingKey));
        using DecoderKey fresh = DecoderKeyGeneration.Derive(vendingKey, attributes);
        using DecoderKey reused = StsGen.Key(new byte[16]);
        DecoderKeyGeneration.DeriveInto(vendingKey, attributes, reused);
        return reused.HasSameBytesAs(fresh);
    });

    [Theory]
    [InlineData("abababababababab", true)]
    [InlineData("aaababababababab", false)]
    [InlineData("0abc12def3456789", false)]
    public void VendingKey_ForDes_NeedsOddParityUnlessRaw(string hex, bool odd)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(odd, VendingKey.TryCreate(bytes, out _));
        Assert.True(VendingKey.TryCreate(bytes, out _, VendingKeyParity.Raw));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(19)]
    [InlineData(21)]
    public void VendingKey_OfAnotherLength_IsRefused(int length) => Assert.False(VendingKey.TryCreate(new byte[length], out _, VendingKeyParity.Raw));

    [Fact]
    public void Derive_WithDkga02ForEa11_Throws()
    {
        Assert.True(VendingKey.TryCreate(TestMeter.DesVendingKey, out VendingKey? vendingKey));
        using var meter = new TestMeter();
        Assert.Throws<ArgumentException>(() => DecoderKeyGeneration.Derive(vendingKey, meter.Attributes));
    }

    [Fact]
    public void CheckValue_OfADesKey_IsThatOfZerosEncrypted()
    {
        // Published: DES under 0123456789ABCDEF of eight zero bytes is D5D44FF720683D0D.
        Assert.True(VendingKey.TryCreate(Convert.FromHexString("0123456789ABCDEF"), out VendingKey? key));
        Assert.Equal("D5D44F", key.CheckValue);
    }

    [Fact]
    public void CheckValue_OfAnHmacKey_IsThatOfItsHash() =>
        Assert.Equal(
            Convert.ToHexString(SHA256.HashData([1, .. TestMeter.HmacVendingKey]))[..6],
            VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? key) ? key.CheckValue : null);

    [Fact]
    public void ADisposedKey_CannotBeUsed()
    {
        Assert.True(VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? vendingKey));
        using var meter = new TestMeter();
        DecoderKeyAttributes attributes = meter.Attributes;
        vendingKey.Dispose();
        Assert.Throws<ObjectDisposedException>(() => DecoderKeyGeneration.Derive(vendingKey, attributes));
        DecoderKey key = StsGen.Key(new byte[8]);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.CopySecretTo(new byte[16]));
    }

#pragma warning disable LATCHKEYSTS01 // the withdrawn derivations are tried on purpose
    [Fact]
    public void Dkga03_WithTwiceTheSameKey_IsDkga02WithoutItsLastXor()
    {
        byte[] single = TestMeter.DesVendingKey;
        Assert.True(VendingKey.TryCreate(single, out VendingKey? one));
        Assert.True(VendingKey.TryCreate([.. single, .. single], out VendingKey? two));
        using var meter = new TestMeter(EncryptionAlgorithm.Ea07);
        byte[] dkga02 = new byte[8], dkga03 = new byte[8];
        DecoderKeyGeneration.Derive(one, meter.Attributes).CopySecretTo(dkga02);
        ExperimentalDecoderKeyGeneration.DeriveDkga03(two, meter.Attributes).CopySecretTo(dkga03);
        Assert.Equal(dkga02, dkga03.Zip(single, (a, b) => (byte)(a ^ b)));
    }

    [Theory]
    [InlineData("30000000000", true)]
    [InlineData("31140000104", false)]
    [InlineData("12345678903", false)]
    public void Dkga01_AppliesOnlyToTheOldestMeters(string digits, bool applies)
    {
        Assert.True(Luhn.TryComputeCheckDigit("600727" + digits, out int digit));
        using var meter = new TestMeter(EncryptionAlgorithm.Ea07);
        Assert.Equal(applies, ExperimentalDecoderKeyGeneration.IsDkga01Meter(meter.Attributes with { Pan = MeterPan.Parse("600727" + digits + digit) }));
    }
#pragma warning restore LATCHKEYSTS01
}
