namespace Latchkey.Sts.Tests;

public sealed class KeyChangeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<EncryptionAlgorithm, bool> Forms => new()
    {
        { EncryptionAlgorithm.Ea07, false },
        { EncryptionAlgorithm.Ea07, true },
        { EncryptionAlgorithm.Ea11, true },
    };

    [Theory, MemberData(nameof(Forms))]
    public void Enter_AllSectionsInAnyOrder_MovesToTheNewKey(EncryptionAlgorithm algorithm, bool thirdToken)
    {
        foreach (int seed in Enumerable.Range(0, 24))
        {
            using var meter = new TestMeter(algorithm);
            DecoderKeyAttributes to = meter.Attributes with { TariffIndex = TariffIndex.Parse("17"), SupplyGroup = SupplyGroupCode.Parse("999999") };
            TokenNumber[] tokens = meter.KeyChange(to, thirdToken);
            new Random(seed).Shuffle(tokens);
            foreach (TokenNumber token in tokens) meter.Enter(token);

            meter.SellUnder(to);
            Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
            Assert.Equal(("17", thirdToken ? "999999" : "000000"), (meter.Acceptor.State.Register.TariffIndex.ToString(), meter.Acceptor.State.Register.SupplyGroup.ToString()));
        }
    }

    [Fact]
    public void Enter_OneSection_IsAnsweredByItsNumberAndTheOldKeyStillWorks()
    {
        using var meter = new TestMeter();
        TokenNumber[] tokens = meter.KeyChange(meter.Attributes with { TariffIndex = TariffIndex.Parse("02") });
        Assert.Equal(
            [TokenResult.FourthKeyChangeToken, TokenResult.SecondKeyChangeToken, TokenResult.FirstKeyChangeToken],
            [meter.Enter(tokens[3]), meter.Enter(tokens[1]), meter.Enter(tokens[0])]);
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
        Assert.Equal(TokenResult.Accept, meter.Enter(tokens[2]));
    }

    [Fact]
    public void Enter_WithRestartsBetweenSections_StillMovesToTheNewKey()
    {
        using var meter = new TestMeter();
        DecoderKeyAttributes to = meter.Attributes with { TariffIndex = TariffIndex.Parse("02") };
        foreach (TokenNumber token in meter.KeyChange(to))
        {
            meter.Enter(token);
            meter.Restart();
        }

        meter.SellUnder(to);
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
    }

    [Fact]
    public void Enter_RollOver_ForgetsIdentifiersAndAdvancesTheBaseDate()
    {
        using var meter = new TestMeter();
        meter.Enter(meter.Credit(5_000));
        DecoderKeyAttributes to = meter.Attributes with { BaseDate = BaseDate.Year2035, KeyRevision = KeyRevisionNumber.FromValue(2) };
        foreach (TokenNumber token in meter.KeyChange(to)) meter.Enter(token);
        Assert.Equal((BaseDate.Year2035, 0u), (meter.Acceptor.State.Register.BaseDate, meter.Acceptor.State.Used.Newest.Minutes));
    }

    [Fact]
    public void Enter_NoRollOver_KeepsIdentifiers()
    {
        using var meter = new TestMeter();
        meter.Enter(meter.Credit(5_000));
        DecoderKeyAttributes to = meter.Attributes with { TariffIndex = TariffIndex.Parse("02") };
        foreach (TokenNumber token in meter.KeyChange(to)) meter.Enter(token);
        meter.SellUnder(to);
        Assert.Equal(TokenResult.UsedError, meter.Enter(meter.Credit(5_000)));
    }

    [Fact]
    public void Enter_ForbiddenKeyType_IsRefusedAndTheSetForgotten()
    {
        using var meter = new TestMeter();
        TokenNumber[] tokens = meter.KeyChange(meter.Attributes with { KeyType = KeyType.Common });
        Assert.Equal(TokenResult.KeyTypeError, tokens.Select(meter.Enter).ToArray()[^1]);
        Assert.Empty(meter.Acceptor.State.PendingSections);
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
    }

    [Fact]
    public void Evaluate_WhenASectionHasWaitedTooLong_ForgetsIt()
    {
        using var meter = new TestMeter(EncryptionAlgorithm.Ea07);
        TokenNumber[] tokens = meter.KeyChange(meter.Attributes with { TariffIndex = TariffIndex.Parse("02") }, thirdToken: false);
        meter.Acceptor.Commit(meter.Acceptor.Evaluate(tokens[0], Noon));
        Assert.Equal(TokenResult.SecondKeyChangeToken, meter.Acceptor.Evaluate(tokens[1], Noon.AddMinutes(11)).Result);
        Assert.Equal(TokenResult.Accept, meter.Acceptor.Evaluate(tokens[1], Noon.AddMinutes(9)).Result);
    }

    [Fact]
    public void Enter_RollOverToTheSameKey_ForgetsNoIdentifier()
    {
        using var meter = new TestMeter(EncryptionAlgorithm.Ea07);
        meter.Enter(meter.Credit(1_000));
        // A hostile or careless set: the roll-over bit with the key that the meter has.
        using DecoderKey same = meter.Acceptor.State.CopyKey();
        foreach (KeyChangeSection section in KeyChangeSet.Divide(same, meter.Attributes, KeyChangeForm.TwoTokens, rollOver: true))
            meter.Enter(meter.Seal(section.Encode(), TokenClass.MeterSpecificManagement));
        Assert.Equal(TokenResult.UsedError, meter.Enter(meter.Credit(1_000)));
    }

    [Theory]
    [InlineData(KeyType.Initial, KeyType.Unique, true)]
    [InlineData(KeyType.Initial, KeyType.Common, false)]
    [InlineData(KeyType.Unique, KeyType.Initial, false)]
    [InlineData(KeyType.Unique, KeyType.Default, true)]
    [InlineData(KeyType.Default, KeyType.Unique, true)]
    [InlineData(KeyType.Common, KeyType.Unique, false)]
    public void KeyTypeMoves_Standard_AllowsOnlyWhatIsListed(KeyType from, KeyType to, bool allowed) =>
        Assert.Equal(allowed, KeyTypeMoves.Standard.Allows(from, to));
}
