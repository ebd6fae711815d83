namespace Latchkey.Sts.Tests;

public sealed class PointOfSaleTests : IDisposable
{
    private static readonly DateTime Now = new(2040, 6, 1, 9, 30, 0, DateTimeKind.Unspecified);
    private static readonly SupplyGroupCode Group = SupplyGroupCode.Parse("201457");
    private static readonly VendingKeyRevision Old = new(Group, KeyType.Unique, KeyRevisionNumber.FromValue(1), KeyExpiryNumber.Never, BaseDate.Year2014, new DateTime(2014, 1, 1, 0, 0, 0, DateTimeKind.Unspecified));
    private static readonly VendingKeyRevision New = Old with { KeyRevision = KeyRevisionNumber.FromValue(2), BaseDate = BaseDate.Year2035, ActiveFrom = new DateTime(2040, 1, 1, 0, 0, 0, DateTimeKind.Unspecified) };

    private readonly SoftwareVendingKeys _keys = new();
    private readonly PointOfSale _desk;
    private readonly TestMeter _meter = new();

    public PointOfSaleTests()
    {
        foreach (VendingKeyRevision revision in new[] { Old, New })
        {
            Assert.True(VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? key));
            _keys.Add(revision, key);
        }

        _desk = new PointOfSale(_keys, new VolatileTokenIdentifierAllocator());
    }

    private MeterKeyRecord Record => new(_meter.Attributes, TakesThirdKeyChangeToken: true);

    [Fact]
    public void Sell_UnderThePresentKey_IsOneTokenThatTheMeterTakes()
    {
        var issued = Assert.IsType<SaleOutcome.Issued>(Sell(Request(Old), steps: 163_841));
        Assert.Empty(issued.KeyChange);
        Assert.Equal((163_841, 163_844), ((long)issued.Asked, (long)issued.Granted));
        Assert.Equal(TokenResult.Accept, _meter.Enter(issued.Token));
    }

    [Fact]
    public void Sell_WhenTheGroupHasANewKey_ChangesTheKeyFirstAndThenCredits()
    {
        var issued = Assert.IsType<SaleOutcome.Issued>(Sell(Request(VendingKeyRevision.Current(_keys.Revisions, Group, Now)!)));
        Assert.Equal(TokenResult.CrcError, _meter.Enter(issued.Token));
        Assert.Equal(TokenResult.Accept, issued.KeyChange.Select(_meter.Enter).ToArray()[^1]);
        Assert.Equal(TokenResult.Accept, _meter.Enter(issued.Token));
        Assert.Equal(BaseDate.Year2035, issued.Record.Key.BaseDate);
        Assert.Equal(MeterKeyRegister.From(issued.Record.Key), _meter.Acceptor.State.Register);
    }

    [Fact]
    public void Sell_AfterTheRollOver_NeedsNoKeyChange()
    {
        var first = Assert.IsType<SaleOutcome.Issued>(Sell(Request(New)));
        var second = Assert.IsType<SaleOutcome.Issued>(Sell(Request(New) with { Meter = first.Record }));
        Assert.Empty(second.KeyChange);
        Assert.True(second.Tid > first.Tid);
    }

    [Fact]
    public void Sell_WithAnotherTariff_ChangesTheKeyFirst() =>
        Assert.Equal(4, Assert.IsType<SaleOutcome.Issued>(Sell(Request(Old) with { Tariff = TariffIndex.Parse("07") })).KeyChange.Count);

    [Fact]
    public void Sell_UnderAnExpiredKey_IsRefused() =>
        Assert.Equal(IssueRefusal.KeyExpired, Refusal(Request(Old with { KeyExpiry = new KeyExpiryNumber(85) })));

    [Fact]
    public void Sell_BeforeActivation_IsRefused() => Assert.Equal(IssueRefusal.KeyNotActive, Refusal(Request(New) with { WallClock = New.ActiveFrom.AddMinutes(-1) }));

    [Fact]
    public void Sell_AfterTheIssueTime_IsRefused() => Assert.Equal(IssueRefusal.IssueTimeOver, Refusal(Request(Old with { IssueUntil = Now.AddMinutes(-1) })));

    [Fact]
    public void Sell_PastTheBaseDatesEnd_IsRefused() => Assert.Equal(IssueRefusal.EndOfRange, Refusal(Request(Old) with { WallClock = BaseDate.Year2014.LastMinute.AddMinutes(1) }));

    [Fact]
    public void Sell_BackToAnEarlierBaseDate_IsRefused() =>
        Assert.Equal(IssueRefusal.KeyChangeNotPossible, Refusal(Request(Old) with { Meter = new MeterKeyRecord(New.For(_meter.Attributes), TakesThirdKeyChangeToken: true) }));

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(TransferAmount.MaxSteps + 1L)]
    public void Sell_AnAmountThatNoTokenSays_IsRefused(long steps) => Assert.Equal(IssueRefusal.AmountOutOfRange, Refusal(Request(Old), steps));

    [Fact]
    public void Sell_CreditUnderADefaultKey_IsRefused() =>
        Assert.Equal(IssueRefusal.DefaultKeyTakesNoCredit, Refusal(Request(Old with { KeyType = KeyType.Default })));

    [Fact]
    public void SellCurrency_ANegativeAmount_IsTakenByTheMeterRoundedTowardPlusInfinity()
    {
        var issued = Assert.IsType<SaleOutcome.Issued>(_desk.SellCurrency(Request(Old), CreditSubClass.ElectricityCurrency, -100_000));
        Assert.True(issued.Granted >= issued.Asked && issued.Granted == -99_994);
        Assert.IsType<TokenEffect.CurrencyCredit>(_meter.Acceptor.Evaluate(issued.Token).Effect);
    }

    [Fact]
    public void Manage_UnderADefaultKey_IsAllowed()
    {
        VendingKeyRevision byDefault = Old with { KeyType = KeyType.Default };
        Assert.True(VendingKey.TryCreate(TestMeter.HmacVendingKey, out VendingKey? key));
        _keys.Add(byDefault, key);
        Assert.IsType<SaleOutcome.Issued>(_desk.Manage(Request(byDefault), ManagementSubClass.ClearTamperCondition, 0));
    }

    [Fact]
    public void ChangeKey_FromAnExpiredKey_IsAllowed()
    {
        MeterKeyRecord expired = Record with { Key = _meter.Attributes with { KeyExpiry = new KeyExpiryNumber(1) } };
        KeyChangePlan plan = KeyChangePlan.For(expired, New, null, Now);
        Assert.Equal((IssueRefusal.None, 4, true), (plan.Refusal, _desk.ChangeKey(plan).Count, plan.IsRollOver));
    }

    [Fact]
    public void ChangeKey_ToAnExpiredKey_IsRefused()
    {
        KeyChangePlan plan = KeyChangePlan.For(Record, New with { KeyExpiry = new KeyExpiryNumber(0) }, null, Now);
        Assert.Equal(IssueRefusal.KeyExpired, plan.Refusal);
        Assert.Throws<InvalidOperationException>(() => _desk.ChangeKey(plan));
    }

    [Fact]
    public void DarkDate_OfAKeyThatNeverExpires_IsTheBaseDatesLastMinute() =>
        Assert.Equal(new DarkDate(new DateTime(2045, 11, 24, 20, 15, 0, DateTimeKind.Unspecified), DarkReason.EndOfIdentifiers), DarkDate.Of(_meter.Attributes));

    [Fact]
    public void DarkDate_OfAKeyWithAnExpiryNumber_IsTheMinuteBeforeItExpires()
    {
        DarkDate dark = DarkDate.Of(_meter.Attributes with { KeyExpiry = new KeyExpiryNumber(170) });
        Assert.Equal(new DateTime(2035, 4, 23, 9, 35, 0, DateTimeKind.Unspecified), dark.LastMinute);
        Assert.True(dark.HasCome(dark.LastMinute.AddMinutes(1)) && !dark.HasCome(dark.LastMinute));
    }

    public void Dispose()
    {
        _keys.Dispose();
        _meter.Dispose();
    }

    private SaleRequest Request(VendingKeyRevision target) => new(Record, target, null, Now, Random: 5);

    private SaleOutcome Sell(SaleRequest request, long steps = 100) => _desk.Sell(request, CreditSubClass.Electricity, steps);

    private IssueRefusal Refusal(SaleRequest request, long steps = 100) => Assert.IsType<SaleOutcome.Refused>(Sell(request, steps)).Reason;
}
