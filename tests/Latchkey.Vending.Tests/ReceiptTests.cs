using System.Text;

namespace Latchkey.Vending.Tests;

public sealed class ReceiptTests
{
    [Fact]
    public void ToBytes_ReadBack_IsTheSameReceiptAndTheSameBytes()
    {
        byte[] bytes = Samples.Receipt.ToBytes();
        Assert.Equal(bytes, OrderReceipt.FromBytes(bytes).ToBytes());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"number\":5}")]
    public void FromBytes_WhatIsNoReceipt_SaysSo(string text) =>
        Assert.Throws<FormatException>(() => OrderReceipt.FromBytes(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Render_InEnglish_IsThisPaper() => Assert.Equal(
        """
                 Riverside Park
        Tax no.                91310000X
        DEVELOPMENT KEYS - NOT FOR A REA
                    L METER
        --------------------------------
        Receipt               R000000003
        Time            2026-11-22 17:30
        Channel                   wechat
        Payment
            4200002101202611220000000001
        Meter                00000000000
        SGC KRN TI           201457 1 01
        Account                    ACC-1
        Place       Building 3, room 301
        --------------------------------
        Energy                     42.81
          81.04 kWh @ 0.5283
        street lighting             1.62
          81.04 kWh @ 0.02
        VAT                         5.57
        Paid                   50.00 CNY
        Energy                  81.1 kWh
        --------------------------------
        Token                   81.1 kWh
                 1234 5678 9012
                   3456 7890
        Type all 20 digits at the meter.

        """, ReceiptText.Render(Samples.Receipt, ReceiptLanguage.English));

    [Theory]
    [InlineData(ReceiptLanguage.English)]
    [InlineData(ReceiptLanguage.Chinese)]
    public void Render_OnNarrowPaper_NeverPassesTheEdge(ReceiptLanguage language)
    {
        OrderReceipt wide = Samples.Receipt with { Place = new string('楼', 40), Seller = new string('W', 70), Operator = "张三" };
        Assert.All(ReceiptText.Render(wide, language).Split('\n'), line => Assert.InRange(Columns(line), 0, ReceiptText.Columns));
    }

    [Fact]
    public void Render_ACopy_SaysSoAndCarriesTheSameToken()
    {
        string copy = ReceiptText.Render(Samples.Receipt, ReceiptLanguage.Chinese, isCopy: true);
        Assert.Contains("副本", copy);
        Assert.Contains("1234 5678 9012", copy);
    }

    private static int Columns(string line) => line.Sum(c => c > 0x2E80 ? 2 : 1);
}
