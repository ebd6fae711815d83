using Latchkey.Cli.Books;
using Latchkey.Quantities;
using Latchkey.Vending.Reconciling;

namespace Latchkey.Cli.Tests;

public sealed class PaperFilesTests
{
    [Fact]
    public void Settlement_OfAPaymentAndARefund_IsRead()
    {
        Assert.Null(PaperFiles.ReadSettlement(
            "pay, 4200001 ,5000,CNY,30,2026-11-22T09:30:00+08:00\r\n\nrefund,4200001,1,CNY,0,2026-11-22T10:30:00+08:00\n", "wechat", out IReadOnlyList<SettlementLine> lines));
        Assert.Equal(
            new SettlementLine("wechat", SettlementKind.Payment, "4200001", new Money(5_000, Currency.Cny), 30, new DateTimeOffset(2026, 11, 22, 1, 30, 0, TimeSpan.Zero)), lines[0]);
        Assert.Equal((2, SettlementKind.Refund), (lines.Count, lines[1].Kind));
    }

    [Theory]
    [InlineData("paid,1,5,CNY,0,2026-11-22T09:30:00+08:00", "pay or refund")]
    [InlineData("pay,,5,CNY,0,2026-11-22T09:30:00+08:00", "reference")]
    [InlineData("pay,1,0,CNY,0,2026-11-22T09:30:00+08:00", "amount")]
    [InlineData("pay,1,-5,CNY,0,2026-11-22T09:30:00+08:00", "amount")]
    [InlineData("pay,1,5.5,CNY,0,2026-11-22T09:30:00+08:00", "amount")]
    [InlineData("pay,1,5,XXY,0,2026-11-22T09:30:00+08:00", "currency")]
    [InlineData("pay,1,5,CNY,x,2026-11-22T09:30:00+08:00", "fee")]
    [InlineData("pay,1,5,CNY,0,2026-11-22", "time")]
    [InlineData("pay,1,5,CNY,0", "fields")]
    public void Settlement_ThatCannotBeRead_NamesTheLine(string line, string what)
    {
        string? fault = PaperFiles.ReadSettlement("pay,1,5,CNY,0,2026-11-22T09:30:00+08:00\n" + line, "wechat", out _);
        Assert.StartsWith("line 2:", fault);
        Assert.Contains(what, fault);
    }

    [Fact]
    public void Meters_WithAndWithoutConsumption_AreReadToTheTenth()
    {
        Assert.Null(PaperFiles.ReadMeters(
            "600727000000000009,17.7,9,2026-11-22T09:30:00+08:00\n600727111111111153,0.1,,2026-11-22T09:30:00+08:00", out IReadOnlyList<MeterTotals> totals));
        Assert.Equal([(177, 90L), (1, null)], totals.Select(t => (t.AcceptedTenths, t.ConsumedTenths)));
    }

    [Theory]
    [InlineData("600727000000000008,17.7,9,2026-11-22T09:30:00+08:00")]
    [InlineData("600727000000000009,17.77,9,2026-11-22T09:30:00+08:00")]
    [InlineData("600727000000000009,-1,9,2026-11-22T09:30:00+08:00")]
    [InlineData("600727000000000009,1,x,2026-11-22T09:30:00+08:00")]
    [InlineData("600727000000000009,1,1,yesterday")]
    public void Meters_ThatCannotBeRead_AreNamed(string line) => Assert.StartsWith("line 1:", PaperFiles.ReadMeters(line, out _));
}
