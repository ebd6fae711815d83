namespace Latchkey.Sts.Tests;

public sealed class TokenAcceptorTests
{
    [Fact]
    public void Evaluate_Credit_IsAcceptedWithItsAmountAndChangesNothing()
    {
        using var meter = new TestMeter();
        TokenAcceptorState before = meter.Acceptor.State;
        TokenDecision decision = meter.Acceptor.Evaluate(meter.Credit(1_000, tenths: 256));
        var credit = Assert.IsType<TokenEffect.Credit>(decision.Effect);
        Assert.Equal((TokenResult.Accept, 256), (decision.Result, credit.Amount.Steps));
        Assert.Same(before, meter.Acceptor.State);
    }

    [Fact]
    public void Commit_TheSameTokenAgain_IsUsed()
    {
        using var meter = new TestMeter();
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
        Assert.Equal(TokenResult.UsedError, meter.Enter(meter.Credit(1_000)));
    }

    [Fact]
    public void Enter_AfterARestart_IsStillUsed()
    {
        using var meter = new TestMeter();
        meter.Enter(meter.Credit(1_000));
        meter.Restart();
        Assert.Equal(TokenResult.UsedError, meter.Enter(meter.Credit(1_000)));
    }

    [Fact]
    public void Enter_AnotherAmountOfTheSameMinute_IsUsed()
    {
        using var meter = new TestMeter();
        meter.Enter(meter.Credit(1_000));
        Assert.Equal(TokenResult.UsedError, meter.Enter(meter.Credit(1_000, tenths: 7, random: 9)));
    }

    [Fact]
    public void Enter_OlderThanFiftyTakenTokens_IsOld()
    {
        using var meter = new TestMeter();
        for (uint i = 0; i < 50; i++) Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000 + i)));
        Assert.Equal(TokenResult.OldError, meter.Enter(meter.Credit(999)));
    }

    [Fact]
    public void Enter_OutOfOrderWithinTheStore_IsAccepted()
    {
        using var meter = new TestMeter();
        meter.Enter(meter.Credit(2_000));
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
    }

    [Fact]
    public void Enter_AnotherMetersToken_HasAWrongCheckValue()
    {
        using var meter = new TestMeter();
        using var other = new TestMeter(EncryptionAlgorithm.Ea07);
        Assert.Equal(TokenResult.CrcError, meter.Enter(other.Credit(1_000)));
    }

    [Fact]
    public void Enter_AReservedSubClassWithARightCheckValue_IsAFunctionError()
    {
        using var meter = new TestMeter();
        const ulong Content = 0x9500_03E8_0064;
        ulong block = (Content << 16) | TokenCrc.Compute(TokenClass.CreditTransfer, Content);
        Assert.Equal(TokenResult.FunctionError, meter.Enter(meter.Seal(block)));
        Assert.Equal(TokenResult.CrcError, meter.Enter(meter.Seal(block ^ 1)));
    }

    [Fact]
    public void Enter_CurrencyCredit_IsAcceptedWithItsAmount()
    {
        using var meter = new TestMeter();
        Assert.True(CurrencyAmount.TryParseUnits("-12.5", out CurrencyAmount amount));
        ulong block = CreditTokenCodec.Encode(new CurrencyCreditToken(CreditSubClass.ElectricityCurrency, TokenIdentifier.FromMinutes(1_000), amount));
        Assert.Equal(new TokenEffect.CurrencyCredit(CreditSubClass.ElectricityCurrency, amount), meter.Acceptor.Evaluate(meter.Seal(block)).Effect);
    }

    [Fact]
    public void Evaluate_SeveralFaultsAtOnce_GivesThemInTheOrderOfPrecedence()
    {
        // One token that is under a default key, expired, used and refused by the limits; each fault is taken away in turn.
        TokenResult limits = TokenResult.OverflowError;
        var options = new TokenAcceptorOptions { Algorithm = EncryptionAlgorithm.Ea11, Limits = _ => limits };
        using var meter = new TestMeter(options: options);
        TokenNumber token = meter.Credit(200_000);
        MeterKeyRegister register = meter.Acceptor.State.Register;
        using DecoderKey key = meter.Acceptor.State.CopyKey();

        TokenResult[] results =
        [
            .. new[] { register with { KeyType = KeyType.Default, KeyExpiry = new KeyExpiryNumber(1) }, register with { KeyExpiry = new KeyExpiryNumber(1) }, register }.Select(r =>
            {
                meter.ReplaceState(TokenAcceptorState.Initial(key, r));
                meter.Acceptor.Replay(TokenIdentifier.FromMinutes(200_000));
                return meter.Acceptor.Evaluate(token).Result;
            }),
        ];
        meter.ReplaceState(TokenAcceptorState.Initial(key, register));
        Assert.Equal(
            [TokenResult.DdtkError, TokenResult.KeyExpiredError, TokenResult.UsedError, TokenResult.OverflowError],
            [.. results, meter.Acceptor.Evaluate(token).Result]);
    }

    [Fact]
    public void Enter_ReservedClass_IsAFormatError()
    {
        using var meter = new TestMeter();
        Assert.Equal(TokenResult.FormatError, meter.Enter(TokenNumber.FromBlock(TokenClass.Reserved, 1)));
    }

    [Fact]
    public void Enter_CreditUnderADefaultKey_IsRefusedAndManagementIsNot()
    {
        using var meter = new TestMeter(keyType: KeyType.Default);
        Assert.Equal(TokenResult.DdtkError, meter.Enter(meter.Credit(1_000)));
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Management(ManagementSubClass.ClearTamperCondition, 1_000)));
    }

    [Fact]
    public void Enter_RefusedByTheMetersLimits_UsesUpNoIdentifier()
    {
        TokenResult answer = TokenResult.OverflowError;
        var options = new TokenAcceptorOptions { Algorithm = EncryptionAlgorithm.Ea11, Limits = _ => answer };
        using var meter = new TestMeter(options: options);
        Assert.Equal(TokenResult.OverflowError, meter.Enter(meter.Credit(1_000)));
        answer = TokenResult.Accept;
        Assert.Equal(TokenResult.Accept, meter.Enter(meter.Credit(1_000)));
    }

    [Fact]
    public void Enter_ClearCreditOfARegisterThatIsNone_IsOutOfRange()
    {
        using var meter = new TestMeter();
        Assert.Equal(TokenResult.RangeError, meter.Enter(meter.Management(ManagementSubClass.ClearCredit, 1_000, value: 8)));
    }

    [Fact]
    public void Enter_TestForAnotherManufacturer_IsRefused()
    {
        using var meter = new TestMeter();
        ulong block = MeterTestTokenCodec.Encode(new MeterTestToken(MeterTestSubClass.TwoDigitManufacturer, 1, ManufacturerCode: 7));
        Assert.Equal(TokenResult.MfrCodeError, meter.Enter(TokenNumber.FromBlock(TokenClass.NonMeterSpecificManagement, block)));
    }

    [Fact]
    public void Commit_ADecisionOnAnEarlierState_Throws()
    {
        using var meter = new TestMeter();
        TokenDecision stale = meter.Acceptor.Evaluate(meter.Credit(1_000));
        meter.Enter(meter.Credit(1_001));
        Assert.Throws<InvalidOperationException>(() => meter.Acceptor.Commit(stale));
    }

    [Fact]
    public void Replay_OfAJournaledIdentifier_UsesItUp()
    {
        using var meter = new TestMeter();
        meter.Acceptor.Replay(TokenIdentifier.FromMinutes(1_000));
        Assert.Equal(TokenResult.UsedError, meter.Enter(meter.Credit(1_000)));
    }
}
