using System.Text;
using Latchkey.Cli.Settlements;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Settlements;

namespace Latchkey.Cli.Tests;

public sealed class SettlementFilesTests
{
    private const string Bill =
        "\uFEFF交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注\r\n"
        + "`2026-11-21 16:47:58,`wx1,`1900000001,`0,`,`42001,`LK1,`o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`50.00,`0.00,`0,`0,`0.00,`0.00,`,`,`电费,`,`0.30000,`0.60%,`50.00,`0.00,`\r\n"
        + "`2026-11-21 18:00:00,`wx1,`1900000001,`0,`,`42001,`LK1,`o,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50001,`RF1,`20.00,`0.00,`ORIGINAL,`PROCESSING,`电费,`,`-0.12000,`0.60%,`0.00,`20.00,`\r\n"
        + "`2026-11-21 19:00:00,`wx1,`1900000001,`0,`,`42001,`LK1,`o,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50002,`RF2,`5.00,`0.00,`ORIGINAL,`FAIL,`电费,`,`0.00000,`0.60%,`0.00,`5.00,`\r\n"
        + "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`3,`50.00,`25.00,`0.00,`0.18000,`50.00,`25.00\r\n";

    private static readonly DateTimeOffset Day = new(2026, 11, 21, 0, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Read_ATradeBill_IsAPaperOfItsDay()
    {
        (SettlementPaper? paper, string? fault) = SettlementFiles.Read(Encoding.UTF8.GetBytes(Bill), SettlementForm.WeChat, "wechat", null, null);
        Assert.Null(fault);
        Assert.Equal(("wechat", "1900000001-2026-11-21", Day, Day.AddDays(1)), (paper!.Channel, paper.Id, paper.From, paper.To));
        Assert.Equal([("pay:42001", SettlementKind.Payment, 5_000L, 30L), ("refund:50001", SettlementKind.Refund, 2_000L, -12L)], paper.Lines.Select(l => (l.Id, l.Line.Kind, l.Line.Amount.MinorUnits, l.Line.FeeMinorUnits)));
        Assert.All(paper.Lines, l => Assert.Equal("42001", l.Line.Reference));
        Assert.Null(paper.Fault());
    }

    [Theory]
    [InlineData("`2026-11-21 19:00:00,`wx1,`1900000001", "`2026-11-21 19:00:00,`wx1,`1900000002", "several merchants")]
    [InlineData("`3,`50.00", "`4,`50.00", "bill-sums-differ")]
    [InlineData("`CNY,`50.00", "`XXQ,`50.00", "no currency")]
    public void Read_ABillThatIsNotOne_SaysWhy(string part, string with, string says)
    {
        (SettlementPaper? paper, string? fault) = SettlementFiles.Read(Encoding.UTF8.GetBytes(Bill.Replace(part, with, StringComparison.Ordinal)), SettlementForm.WeChat, "wechat", null, null);
        Assert.Null(paper);
        Assert.Contains(says, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ATradeOutsideTheDaysSaid_IsRefused() =>
        Assert.Contains("outside", SettlementFiles.Read(Encoding.UTF8.GetBytes(Bill), SettlementForm.WeChat, "wechat", null, (Day.AddDays(1), Day.AddDays(2))).Fault, StringComparison.Ordinal);

    [Fact]
    public void Read_PlainLines_NeedsANameAndDays()
    {
        byte[] lines = Encoding.UTF8.GetBytes("pay,P1,5000,CNY,30,2026-11-21T10:00:00+08:00\nrefund,P1,200,CNY,0,2026-11-21T11:00:00+08:00\n");
        Assert.Contains("--id", SettlementFiles.Read(lines, SettlementForm.Plain, "mpesa", null, (Day, Day.AddDays(1))).Fault, StringComparison.Ordinal);
        SettlementPaper paper = SettlementFiles.Read(lines, SettlementForm.Plain, "mpesa", "F7", (Day, Day.AddDays(1))).Paper!;
        Assert.Equal(["pay:P1", "refund:P1"], paper.Lines.Select(l => l.Id));
    }
}
