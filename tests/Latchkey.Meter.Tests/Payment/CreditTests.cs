using CsCheck;
using Latchkey.Meter.Payment;
using Latchkey.Quantities;

namespace Latchkey.Meter.Tests.Payment;

public sealed class CreditTests
{
    private const long Wh = 1_000_000;

    [Fact]
    public void Balance_IsWhatTheThreeTotalsSay() =>
        Assert.Equal(Energy.FromWattHours(60), new CreditTotals(100 * Wh, 30 * Wh, 10 * Wh).Balance);

    // A display must not round a debt of a quantum to "nothing owed".
    [Fact]
    public void Balance_BelowZeroByOneQuantum_IsNegative() =>
        Assert.Equal(Energy.FromMilliwattHours(-1), new CreditTotals(0, 1, 0).Balance);

    [Theory]
    [InlineData(30, CreditLevel.Normal)]
    [InlineData(20, CreditLevel.Normal)]
    [InlineData(19, CreditLevel.Low)]
    [InlineData(9, CreditLevel.VeryLow)]
    [InlineData(0, CreditLevel.Out)]
    [InlineData(-5, CreditLevel.Out)]
    public void Level_FallingBalance_CrossesItsThresholds(int balanceWh, CreditLevel expected) =>
        Assert.Equal(expected, CreditAlarm.Next(CreditLevel.Normal, balanceWh * Wh, 20 * Wh, 10 * Wh));

    [Fact]
    public void Level_AtTheEdge_DoesNotFlutter()
    {
        Assert.Equal(CreditLevel.Low, CreditAlarm.Next(CreditLevel.Low, 21 * Wh, 20 * Wh, 10 * Wh));
        Assert.Equal(CreditLevel.Normal, CreditAlarm.Next(CreditLevel.Low, 22 * Wh, 20 * Wh, 10 * Wh));
        Assert.Equal(CreditLevel.VeryLow, CreditAlarm.Next(CreditLevel.VeryLow, (10 * Wh) + 1, 20 * Wh, 10 * Wh));
    }

    [Fact]
    public void Level_OutExactlyWhenNothingIsLeft_WhateverItWas() =>
        Gen.Select(Gen.Enum<CreditLevel>(), Gen.Long[-100, 100]).Sample((now, balance) =>
            CreditAlarm.Next(now, balance, 20, 10) == CreditLevel.Out == balance <= 0);
}
