namespace Latchkey.Sts.Tests;

public sealed class ReadmeTests
{
    // The same lines as in the project's README, so that it cannot go stale.
    [Fact]
    public void Example_OfTheReadme_DoesWhatItSays()
    {
        VendingKey.TryCreate(Convert.FromHexString("abababababababab949494949494949401234567"), out VendingKey? vendingKey);
        var attributes = new DecoderKeyAttributes(
            MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1),
            KeyType.Unique, KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey!, attributes);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);

        Assert.True(TokenIdentifier.TryForOrdinaryToken(new DateTime(2026, 3, 1, 13, 0, 0), BaseDate.Year2014, out TokenIdentifier tid));
        Assert.True(TransferAmount.TryParseUnits("25.6", out TransferAmount amount));
        TokenNumber token = cipher.Seal(TokenClass.CreditTransfer, CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, Random: 5, tid, amount)));

        using TokenAcceptor meter = TokenAcceptor.Restore(
            new TokenAcceptorOptions { Algorithm = EncryptionAlgorithm.Ea11 }, TokenAcceptorState.Initial(key, MeterKeyRegister.From(attributes)));
        TokenDecision decision = meter.Evaluate(token);
        meter.Commit(decision);
        Assert.Equal(new TokenEffect.Credit(CreditSubClass.Electricity, amount), decision.Effect);
        Assert.Equal(TokenResult.UsedError, meter.Evaluate(token).Result);
    }

    [Fact]
    public void ConformanceTable_NamesEveryTestThatTheVectorsName()
    {
        string readme = File.ReadAllText(Latchkey.Testing.RepositoryRoot.Combine("src", "protocols", "Latchkey.Sts", "README.md"));
        string table = readme[readme.IndexOf("## Conformance", StringComparison.Ordinal)..];
        string[] named = [.. PublishedVectors.All
            .SelectMany(v => System.Text.RegularExpressions.Regex.Matches(v.GetProperty("spec").GetString()!, @"CTSA(\d\d)").Select(m => m.Groups[1].Value))
            .Distinct(StringComparer.Ordinal)];
        Assert.True(named.Length > 20);
        Assert.All(named, number => Assert.Matches($@"\| CTSA(\d\d, )*{number}[ ,]", table));
    }
}
