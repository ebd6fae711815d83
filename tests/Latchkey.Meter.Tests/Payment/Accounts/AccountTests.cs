using CsCheck;
using Latchkey.Meter.Payment.Accounts;

namespace Latchkey.Meter.Tests.Payment.Accounts;

public sealed class AccountTests
{
    private const long Unit = 1_000_000;

    private static readonly AccountSettings Settings = AccountSettings.Plain(0, 0) with
    {
        Unit = AccountUnit.Currency,
        Name = "CNY",
        Scale = -2,
        Credits =
        [
            new(CreditKind.Token, 1),
            new(CreditKind.Emergency, 2) { Configuration = CreditConfiguration.Confirmation | CreditConfiguration.MustBeRepaid, Preset = 10 * Unit, AvailableThreshold = 2 * Unit },
        ],
        Charges =
        [
            new(ChargeKind.Consumption, 1) { Configuration = ChargeConfiguration.Continuous },
            new(ChargeKind.Payment, 2) { Configuration = ChargeConfiguration.Percentage, Proportion = 2_000 },
            new(ChargeKind.Time, 3) { PeriodSeconds = 60 },
        ],
    };

    [Fact]
    public void TopUp_TakesTheDebtShareThenRepaysThenCredits()
    {
        AccountPosition owing = After(After(Start(), 0, d => d.Set(1, CreditLine.Invoked, 10 * Unit)), 4 * Unit, d => d.Spill());
        Assert.Equal((CreditStatus.InUse, 6 * Unit), (owing.StatusOf(1), owing.Amount(1)));
        owing = After(owing, 0, d => d.Set(1, ChargeLine.Remaining, 100 * Unit));
        AccountPosition paid = After(owing, 0, d => d.TopUp(20 * Unit, 0, 0));
        // Twenty: four of them a fifth for the debt, four to repay, twelve are left.
        Assert.Equal((4 * Unit, 96 * Unit), (paid.Book.Charge(1, ChargeLine.Paid), paid.Book.Charge(1, ChargeLine.Remaining)));
        Assert.Equal((12 * Unit, 0L, CreditStatus.Enabled), (paid.Amount(0), paid.Amount(1), paid.StatusOf(1)));
    }

    [Fact]
    public void Emergency_UsedUp_StaysExhaustedUntilAllOfItIsRepaid()
    {
        AccountPosition spent = After(After(Start(), 0, d => d.Set(1, CreditLine.Invoked, 10 * Unit)), 11 * Unit, d => d.Spill());
        Assert.Equal((CreditStatus.Exhausted, false, -Unit), (spent.StatusOf(1), spent.HasUsable, spent.Net(0)));
        AccountPosition partly = After(spent, 0, d => d.TopUp(5 * Unit, 0, 0));
        Assert.Equal((CreditStatus.Exhausted, false), (partly.StatusOf(1), partly.HasUsable));
        AccountPosition whole = After(partly, 0, d => d.TopUp(7 * Unit, 0, 0));
        Assert.Equal((CreditStatus.Selectable, true, Unit), (whole.StatusOf(1), whole.HasUsable, whole.Available));
    }

    [Fact]
    public void AmountToClear_CountsWhatIsOwedAndTheThreshold()
    {
        AccountPosition owing = After(Start() with { Settings = Settings with { ClearanceThreshold = 3 * Unit } }, 2 * Unit, d => d.Spill());
        Assert.Equal(-5 * Unit, owing.AmountToClear);
        Assert.Equal(0, After(owing, 0, d => d.TopUp(6 * Unit, 0, 0)).AmountToClear);
    }

    [Theory]
    [InlineData(0, CreditStatus.Selectable)]
    [InlineData(2_000_000, CreditStatus.Enabled)]
    public void Emergency_IsOfferedBelowItsThreshold(long credit, CreditStatus expected) =>
        Assert.Equal(expected, After(Start(), 0, d => d.Adjust(0, credit)).StatusOf(1));

    [Fact]
    public void PaymentShare_OfManySmallTopUps_LosesNoFraction()
    {
        AccountPosition now = After(Start() with { Settings = Settings with { Charges = Settings.Charges.SetItem(1, Settings.Charges[1] with { Proportion = 3_333 }) } }, 0, d => d.Set(1, ChargeLine.Remaining, 1_000 * Unit));
        for (int i = 0; i < 10_000; i++) now = After(now, 0, d => d.TopUp(7, 0, 0));
        Assert.Equal(70_000L * 3_333 / 10_000, now.Book.Charge(1, ChargeLine.Paid));
    }

    [Fact]
    public void PaymentShare_StopsAtTheDebtAndAtTheProvision()
    {
        AccountPosition now = After(Start(), 0, d => d.Set(1, ChargeLine.Remaining, 3 * Unit));
        Assert.Equal(3 * Unit, After(now, 0, d => d.TopUp(100 * Unit, 0, 0)).Book.Charge(1, ChargeLine.Paid));
        now = now with { Settings = Settings with { MaxProvision = Unit, MaxProvisionSeconds = 100 } };
        now = After(now, 0, d => d.TopUp(100 * Unit, 50, 0));
        now = After(now, 0, d => d.TopUp(100 * Unit, 60, 0));
        Assert.Equal(Unit, now.Book.Charge(1, ChargeLine.Paid));
        Assert.Equal(2 * Unit, After(now, 0, d => d.TopUp(100 * Unit, 160, 0)).Book.Charge(1, ChargeLine.Paid));
    }

    [Fact]
    public void TimeCharge_OfADebt_TakesNoMoreThanRemains()
    {
        AccountPosition now = After(Start(), 0, d =>
        {
            d.Adjust(0, 10 * Unit);
            d.Set(2, ChargeLine.Remaining, Unit / 2);
            d.Collect(2, Unit, 60, 0);
        });
        Assert.Equal((Unit / 2, 0L, (10 * Unit) - (Unit / 2)), (now.Book.Charge(2, ChargeLine.Paid), now.Book.Charge(2, ChargeLine.Remaining), now.Amount(0)));
    }

    [Fact]
    public void Close_LeavesNothingAndNobodyElsesDebt()
    {
        AccountPosition closed = After(Start(), 3 * Unit, d =>
        {
            d.Spill();
            d.Set(1, ChargeLine.Remaining, 5 * Unit);
            d.Close(99);
        });
        Assert.Equal((0L, 0L, AccountStatus.Closed, 0L), (closed.Net(0), closed.AggregatedDebt, closed.Status, closed.AmountToClear));
    }

    [Fact]
    public void UnitCharge_Cost_IsExactAndStepsEndWhereTheyEnd()
    {
        var prices = new UnitCharge(3, -4, [5_500, 6_000, 0, 0, 7_500, 8_000, 0, 0], [100_000]);
        Assert.True(prices.IsValid);
        // One kilowatt-hour at 0.55 is 550 000 millionths.
        Assert.Equal(550_000 * (Int128)UnitCharge.CarryUnit, prices.Cost(1_000_000_000, 0, 0));
        Assert.Equal(1, (int)(prices.Cost(2, 0, 0) * 1_000 / UnitCharge.CarryUnit));
        Assert.Equal((0, 1L), prices.StepAt((100_000 * Unit) - 1));
        Assert.Equal((1, long.MaxValue), prices.StepAt(100_000 * Unit));
    }

    [Fact]
    public void Amounts_BeyondThirtyTwoBits_AreHeldAtTheEnd()
    {
        Assert.Equal(int.MaxValue, AccountScale.ToInt32(long.MaxValue / 2, Settings));
        Assert.Equal(-1, AccountScale.ToInt32(-1, Settings));
        Assert.True(AccountScale.Saturates((int.MaxValue + 1L) * 10_000, Settings));
        Assert.False(AccountScale.Saturates(int.MaxValue * 10_000L, Settings));
    }

    [Fact]
    public void Codec_RoundTrip_KeepsEverything()
    {
        AccountSettings full = Settings with
        {
            TokenShares = [new(0, 60)],
            Charges = Settings.Charges.SetItem(0, new ChargeSettings(ChargeKind.Consumption, 1)
            {
                Configuration = ChargeConfiguration.Continuous,
                Reset = BlockReset.Year,
                Active = new UnitCharge(3, -4, [1, 2, 3, 4, 5, 6, 7, 8], [200_000]),
                Passive = UnitCharge.Flat(9, -2, 3),
                ActivationClockSeconds = 1_800_000_000,
            }),
        };
        Assert.Equal(AccountFault.None, AccountCodec.TryRead(AccountCodec.Write(full), out AccountSettings read));
        Assert.Equal(AccountCodec.Write(full), AccountCodec.Write(read));
        Assert.Equivalent(full, read, strict: true);
    }

    [Fact]
    public void Codec_AnyBytes_NeverThrow() => Gen.Byte.Array[0, 400].Sample(bytes => AccountCodec.TryRead(bytes, out _) is var fault && Enum.IsDefined(fault));

    [Fact]
    public void Codec_AnyOneByteChanged_IsReadSoundOrRefused()
    {
        byte[] good = AccountCodec.Write(Settings);
        for (int at = 0; at < good.Length; at++)
        {
            for (int value = 0; value < 256; value += 15)
            {
                byte[] bytes = [.. good];
                bytes[at] = (byte)value;
                if (AccountCodec.TryRead(bytes, out AccountSettings read) == AccountFault.None) Assert.Equal(AccountFault.None, AccountRules.Check(read));
            }
        }
    }

    private static AccountPosition Start() => new(Settings, default, 0);

    private static AccountPosition After(AccountPosition before, long consumes, Action<BookDraft> change)
    {
        AccountPosition now = before with { Consumed = before.Consumed + consumes };
        var draft = new BookDraft(now);
        change(draft);
        return now with { Book = now.Book.With(draft.Lines().AsSpan()) };
    }
}
