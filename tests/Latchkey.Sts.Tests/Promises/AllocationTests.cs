namespace Latchkey.Sts.Tests;

public sealed class AllocationTests : IDisposable
{
    private readonly VendingKey _vendingKey = VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? key) ? key : throw new InvalidOperationException();
    private readonly VendingKey _desKey = VendingKey.TryCreate(TestMeter.DesVendingKey, out VendingKey? key) ? key : throw new InvalidOperationException();

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea09)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void EncodeAndDecode_WithTheKeyReady_AllocateNothing(EncryptionAlgorithm algorithm)
    {
        using DecoderKey key = StsGen.Key(new byte[DecoderKey.LengthFor(algorithm)]);
        using TokenCipher cipher = TokenCipher.Create(algorithm, key);
        Assert.Equal(0, BytesBy(() => RoundTrip(cipher)));
    }

    [Theory]
    [InlineData(EncryptionAlgorithm.Ea07)]
    [InlineData(EncryptionAlgorithm.Ea11)]
    public void EncodeAndDecode_WithDerivation_AllocateNothing(EncryptionAlgorithm algorithm)
    {
        using var meter = new TestMeter(algorithm);
        DecoderKeyAttributes attributes = meter.Attributes;
        using DecoderKey key = DecoderKeyGeneration.Derive(_vendingKey, attributes);
        using TokenCipher cipher = TokenCipher.Create(algorithm, key);
        Assert.Equal(0, BytesBy(() =>
        {
            DecoderKeyGeneration.DeriveInto(_vendingKey, attributes, key);
            cipher.Rekey(key);
            RoundTrip(cipher);
            if (algorithm == EncryptionAlgorithm.Ea07) DecoderKeyGeneration.DeriveInto(_desKey, attributes, key);
        }));
    }

    [Fact]
    public void TextAndBytes_AllocateNothing()
    {
        char[] digits = "51043465443420856213".ToCharArray();
        byte[] nine = new byte[TokenNumber.ByteCount];
        Assert.Equal(0, BytesBy(() =>
        {
            Assert.True(TokenNumber.TryParse(digits, out TokenNumber token) && token.TryFormat(digits));
            token.WriteBytes(nine);
            Assert.True(TokenNumber.TryReadBytes(nine, out _));
        }));
    }

    [Fact]
    public void BytesBy_AnAllocation_IsSeen() => Assert.NotEqual(0, BytesBy(() => GC.KeepAlive(new byte[1])));

    public void Dispose()
    {
        _vendingKey.Dispose();
        _desKey.Dispose();
    }

    private static void RoundTrip(TokenCipher cipher)
    {
        var credit = new CreditToken(CreditSubClass.Electricity, 5, TokenIdentifier.FromMinutes(1_000), new TransferAmount(7));
        TokenNumber token = cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(credit));
        Assert.True(CreditTokenCodec.Decode(cipher.Decrypt(token.Block), out CreditToken back) == TokenResult.Accept && back == credit);
    }

    private static long BytesBy(Action action)
    {
        for (int i = 0; i < 10; i++) action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
