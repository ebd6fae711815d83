using CsCheck;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending.Tests;

public sealed class CommissionTests
{
    private static readonly CommissionScheme TwoPercent = new(new DateOnly(2026, 1, 1), 20_000, 0, 0, []);

    [Fact]
    public void Steps_OfAShare_IsTheShare() => Assert.Equal(100 * CommissionScheme.StepsPerMinorUnit, TwoPercent.Steps(5_000, 811, 0));

    [Fact]
    public void Steps_PerKilowattHour_CountsTenths() =>
        Assert.Equal(3 * CommissionScheme.StepsPerMinorUnit / 2, (TwoPercent with { SharePpm = 0, PerKilowattHour = 1_000_000 }).Steps(5_000, 15, 0));

    [Fact]
    public void Steps_PerSale_IsFixed() => Assert.Equal(7 * CommissionScheme.StepsPerMinorUnit, (TwoPercent with { SharePpm = 0, PerSale = 7_000_000 }).Steps(1, 0, 0));

    // 600 below the border at two percent, 400 above it at one.
    [Fact]
    public void Steps_AcrossATier_PaysEachPartItsOwn() =>
        Assert.Equal(16 * CommissionScheme.StepsPerMinorUnit, (TwoPercent with { Tiers = [new CommissionTier(1_000, 10_000)] }).Steps(1_000, 0, 400));

    [Fact]
    public void Steps_OfPartsInTurn_AreTheStepsOfTheWhole() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 50_000], Gen.Int[0, 50_000], Gen.Int[1, 60_000]).Sample((share, first, second, border) =>
        {
            CommissionScheme scheme = TwoPercent with { SharePpm = share, Tiers = [new CommissionTier(border, share / 2)] };
            return scheme.Steps(first, 0, 0) + scheme.Steps(second, 0, first) == scheme.Steps(first + second, 0, 0);
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(1_000_001)]
    public void Fault_OfAShareThatIsNone_SaysSo(int share) => Assert.NotNull((TwoPercent with { SharePpm = share }).Fault);

    [Fact]
    public void Fault_OfTiersThatDoNotRise_SaysSo() =>
        Assert.NotNull((TwoPercent with { Tiers = [new CommissionTier(10, 1), new CommissionTier(10, 2)] }).Fault);

    [Fact]
    public void Fault_OfAGoodScheme_IsNull() => Assert.Null((TwoPercent with { Tiers = [new CommissionTier(10, 1)] }).Fault);

    [Fact]
    public void IsWellFormed_OwnReference_IsTrueInAnyCaseAndSpacing()
    {
        string reference = DepositSlip.ReferenceOf("shop-7", 12);
        Assert.True(DepositSlip.IsWellFormed(reference));
        Assert.True(DepositSlip.IsWellFormed(" " + reference.ToLowerInvariant().Replace("-", " - ", StringComparison.Ordinal)));
    }

    [Fact]
    public void IsWellFormed_AnyOneDigitWrong_IsFalse()
    {
        string reference = DepositSlip.ReferenceOf("shop-7", 12345);
        for (int i = 0; i < reference.Length; i++)
        {
            if (!char.IsAsciiDigit(reference[i])) continue;
            for (char c = '0'; c <= '9'; c++)
            {
                if (c != reference[i]) Assert.False(DepositSlip.IsWellFormed(reference[..i] + c + reference[(i + 1)..]));
            }
        }
    }
}
