namespace Latchkey.Sts.Tests;

/// <summary>A point of sale and the meter it sells to, with public test keys.</summary>
internal sealed class TestMeter : IDisposable
{
    public static readonly byte[] HmacVendingKey = Convert.FromHexString("abababababababab949494949494949401234567");

    public static readonly byte[] DesVendingKey = Convert.FromHexString("abababababababab");

    private readonly VendingKey _vendingKey;
    private TokenCipher _cipher;

    public TestMeter(EncryptionAlgorithm algorithm = EncryptionAlgorithm.Ea11, TokenAcceptorOptions? options = null, KeyType keyType = KeyType.Unique)
    {
        Assert.True(VendingKey.TryCreate(HmacVendingKey, out VendingKey? vendingKey));
        _vendingKey = vendingKey;
        Attributes = new DecoderKeyAttributes(
            MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1),
            keyType, KeyExpiryNumber.Never, BaseDate.Year2014, algorithm);
        Options = options ?? new TokenAcceptorOptions { Algorithm = algorithm };
        using DecoderKey key = DecoderKeyGeneration.Derive(_vendingKey, Attributes);
        _cipher = TokenCipher.Create(algorithm, key);
        Acceptor = TokenAcceptor.Restore(Options, TokenAcceptorState.Initial(key, MeterKeyRegister.From(Attributes)));
    }

    public TokenAcceptorOptions Options { get; }

    public DecoderKeyAttributes Attributes { get; private set; }

    public TokenAcceptor Acceptor { get; private set; }

    public TokenNumber Credit(uint tid, long tenths = 100, byte random = 5)
    {
        Assert.True(TransferAmount.TryFromSteps(tenths, out TransferAmount amount));
        return Seal(CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, random, TokenIdentifier.FromMinutes(tid), amount)));
    }

    public TokenNumber Seal(ulong block, TokenClass tokenClass = TokenClass.CreditTransfer) => _cipher.Seal(tokenClass, block);

    public TokenNumber Management(ManagementSubClass subClass, uint tid, ushort value = 0) =>
        Seal(ManagementTokenCodec.Encode(new ManagementToken(subClass, 5, TokenIdentifier.FromMinutes(tid), value)), TokenClass.MeterSpecificManagement);

    /// <summary>The tokens that bring the meter from its present key to another; the point of sale goes on under the old one until <see cref="SellUnder"/>.</summary>
    public TokenNumber[] KeyChange(DecoderKeyAttributes to, bool thirdToken = true)
    {
        using DecoderKey newKey = DecoderKeyGeneration.Derive(_vendingKey, to);
        KeyChangeSection[] sections = KeyChangeSet.Divide(newKey, to, KeyChangeSet.FormFor(to.Algorithm, thirdToken), Attributes.BaseDate != to.BaseDate);
        return [.. sections.Select(s => Seal(s.Encode(), TokenClass.MeterSpecificManagement))];
    }

    public void SellUnder(DecoderKeyAttributes attributes)
    {
        using DecoderKey key = DecoderKeyGeneration.Derive(_vendingKey, attributes);
        _cipher.Dispose();
        _cipher = TokenCipher.Create(attributes.Algorithm, key);
        Attributes = attributes;
    }

    public TokenResult Enter(TokenNumber token)
    {
        TokenDecision decision = Acceptor.Evaluate(token);
        Acceptor.Commit(decision);
        return decision.Result;
    }

    /// <summary>Power fails and returns: only what was written goes on.</summary>
    public void Restart()
    {
        byte[] written = new byte[Acceptor.State.EncodedLength];
        Acceptor.State.Write(written);
        Acceptor.Dispose();
        Assert.True(TokenAcceptorState.TryRead(written, out TokenAcceptorState? state));
        Acceptor = TokenAcceptor.Restore(Options, state);
    }

    /// <summary>Puts another state in the meter's memory.</summary>
    public void ReplaceState(TokenAcceptorState state)
    {
        Acceptor.Dispose();
        Acceptor = TokenAcceptor.Restore(Options, state);
    }

    public void Dispose()
    {
        _cipher.Dispose();
        _vendingKey.Dispose();
        Acceptor.Dispose();
    }
}
