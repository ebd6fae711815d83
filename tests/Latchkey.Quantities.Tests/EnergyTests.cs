using CsCheck;
using Latchkey.Quantities;

namespace Latchkey.Quantities.Tests;

public sealed class EnergyTests
{
    [Fact]
    public void TokenUnits_SurviveTheRoundTrip() =>
        Gen.Long[-1_000_000_000, 1_000_000_000].Sample(tenths => Energy.FromTenthsOfKilowattHour(tenths).TenthsOfKilowattHour == tenths);

    [Fact]
    public void Difference_IsUndoneBySum() =>
        Gen.Select(Gen.Int, Gen.Int).Sample((a, b) =>
            Energy.FromMilliwattHours(a) - Energy.FromMilliwattHours(b) + Energy.FromMilliwattHours(b) == Energy.FromMilliwattHours(a));

    [Fact]
    public void FromWattHours_PastTheRange_Throws() => Assert.Throws<OverflowException>(() => Energy.FromWattHours(long.MaxValue));

    [Theory]
    [InlineData(12_345_678, "12.34 kWh")]
    [InlineData(9_999, "0.00 kWh")]
    [InlineData(-1_230_000, "-1.23 kWh")]
    public void ToString_RoundsTowardZero(long milliwattHours, string expected) =>
        Assert.Equal(expected, Energy.FromMilliwattHours(milliwattHours).ToString());

    [Theory]
    [InlineData(850_000, "850 W")]
    [InlineData(3_200_000, "3.20 kW")]
    [InlineData(-1_500_000, "-1.50 kW")]
    public void Power_IsShownInWattsThenKilowatts(long milliwatts, string expected) =>
        Assert.Equal(expected, Power.FromMilliwatts(milliwatts).ToString());

    [Fact]
    public void Ordering_FollowsTheValue() => Gen.Select(Gen.Int, Gen.Int).Sample((a, b) =>
        Energy.FromMilliwattHours(a) < Energy.FromMilliwattHours(b) == a < b && Power.FromMilliwatts(a) >= Power.FromMilliwatts(b) == a >= b);
}
