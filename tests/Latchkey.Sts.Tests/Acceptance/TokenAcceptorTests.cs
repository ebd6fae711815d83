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
