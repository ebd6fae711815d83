using System.Text;
using CsCheck;
using Latchkey.Payments.WeChatPay.Bills;

namespace Latchkey.Payments.Tests.WeChatPay;

/// <summary>Bills as WeChat Pay lets them be downloaded: both kinds, every prefix, every split, garbage, and files that lost something.</summary>
public sealed class WeChatBillTests
{
    private const string AllHeading =
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
    private const string SumHeading = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";
    private const string Paid = "`2026-11-21 16:47:58,`wx0000000000000001,`1900000001,`0,`,`4200000000202611210000000001,`LK20261121000000000001,`oPayer,`JSAPI,`SUCCESS,`OTHERS,`CNY,`50.00,`0.00,`0,`0,`0.00,`0.00,`,`,`充值, 3号楼,`{\"room\":1,\"x\":2},`0.30000,`0.60%,`50.00,`0.00,`";
    private const string Refunded = "`2026-11-21 18:00:00,`wx0000000000000001,`1900000001,`0,`,`4200000000202611210000000001,`LK20261121000000000001,`oPayer,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50000000000000000000000001,`RF1,`20.00,`0.00,`ORIGINAL,`SUCCESS,`充值,`,`-0.12000,`0.60%,`0.00,`20.00,`";
    private const string Flow = "\uFEFF记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额（元）,账户结余（元）,资金变更提交申请人,备注,业务凭证号\r\n"
        + "`2026-11-21 16:47:58,`4200000000202611210000000001,`4200000001,`交易,`交易,`收入,`50.00,`150.00,`system,`结算总金额 50.00 元;含手续费 0.30 元,`LK20261121000000000001\r\n"
        + "`2026-11-21 23:00:00,`5000000002,`4200000002,`提现,`提现,`支出,`149.70,`0.30,`system,`,`W1\r\n"
        + "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`2,`1,`50.00,`1,`149.70\r\n";

    private static string Bill(string sums = "`2,`50.00,`20.00,`0.00,`0.18000,`50.00,`20.00") => $"\uFEFF{AllHeading}\r\n{Paid}\r\n{Refunded}\r\n{SumHeading}\r\n{sums}\r\n";

    [Fact]
    public void Read_ATradeBill_IsItsPaymentsAndRefunds()
    {
        TradeRow[] rows = [.. Assert.IsType<WeChatBill.Trades>(Read(Bill()).Bill).Rows];
        Assert.Equal(
            new TradeRow(
                TradeKind.Payment, new DateTimeOffset(2026, 11, 21, 16, 47, 58, TimeSpan.FromHours(8)), "1900000001", "4200000000202611210000000001", "LK20261121000000000001", null, "CNY", 5_000, 30),
            rows[0]);
        Assert.Equal((TradeKind.Refund, "50000000000000000000000001", 2_000, -12), (rows[1].Kind, rows[1].RefundId, rows[1].Fen, rows[1].FeeFen));
    }

    [Fact]
    public void Read_AFundFlowBill_IsItsMovements()
    {
        FundRow[] rows = [.. Assert.IsType<WeChatBill.FundFlow>(Read(Flow).Bill).Rows];
        Assert.Equal([("交易", 5_000L, 15_000L), ("提现", -14_970L, 30L)], rows.Select(r => (r.Type, r.Fen, r.BalanceFen)));
    }

    [Fact]
    public void Read_ABillOfPaymentsAlone_FindsItsColumnsElsewhere()
    {
        const string Success = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注\n"
            + "`2026-11-21 16:47:58,`wx1,`1900000001,`0,`,`42001,`LK1,`o,`JSAPI,`SUCCESS,`OTHERS,`CNY,`50.00,`0.00,`a,`,`0.30000,`0.60%,`50.00,`\n" + SumHeading + "\n`1,`50.00,`0.00,`0.00,`0.30000,`50.00,`0.00";
        Assert.Equal(5_000, Assert.Single(Assert.IsType<WeChatBill.Trades>(Read(Success).Bill).Rows).Fen);
    }

    [Fact]
    public void Read_ADayWithoutTrades_IsAnEmptyBill() =>
        Assert.Empty(Assert.IsType<WeChatBill.Trades>(Read(AllHeading + "\r\n" + SumHeading + "\r\n`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00\r\n").Bill).Rows);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_EveryPrefix_IsRefusedOrLacksNothingButTheLineEnd(bool flow)
    {
        byte[] whole = Encoding.UTF8.GetBytes(flow ? Flow : Bill());
        for (int length = 0; length < whole.Length - 2; length++)
        {
            (WeChatBill? bill, BillFault? fault) = WeChatBillReader.Read(whole.AsSpan(0, length));
            Assert.Null(bill);
            Assert.NotEmpty(fault!.Detail);
        }

        for (int length = whole.Length - 2; length <= whole.Length; length++) Assert.Null(WeChatBillReader.Read(whole.AsSpan(0, length)).Fault);
    }

    [Fact]
    public async Task ReadAsync_InAnyPieces_IsTheSameBill()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Bill());
        for (int piece = 1; piece < whole.Length; piece += 7)
        {
            await using var stream = new Pieces(whole, piece);
            (WeChatBill? bill, BillFault? fault) = await WeChatBillReader.ReadAsync(stream, CancellationToken.None);
            Assert.Null(fault);
            Assert.Equal(2, Assert.IsType<WeChatBill.Trades>(bill).Rows.Count);
        }
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "`2,`50.00", "`3,`50.00", BillCodes.SumsDiffer },
        { "`2,`50.00", "`2,`50.01", BillCodes.SumsDiffer },
        { "`0.18000,`50.00,`20.00", "`0.19000,`50.00,`20.00", BillCodes.SumsDiffer },
        { Refunded + "\r\n", "", BillCodes.SumsDiffer },
        { "`50.00,`0.00,`0,`0", "`5000,`0.00,`0,`0", BillCodes.RowMalformed },
        { "`0.30000", "`0.30500", BillCodes.RowMalformed },
        { "`SUCCESS,`OTHERS", "`PAYERROR,`OTHERS", BillCodes.RowMalformed },
        { "`2026-11-21 16:47:58", "`2026-13-21 16:47:58", BillCodes.RowMalformed },
        { "`4200000000202611210000000001", "`", BillCodes.RowMalformed },
        { "充值, 3号楼", "充值,` 3号楼", BillCodes.RowMalformed },
        { "微信订单号", "号", BillCodes.HeaderUnknown },
        { "手续费,", "费,", BillCodes.HeaderUnknown },
        { SumHeading + "\r\n", SumHeading + "\r\n" + SumHeading + "\r\n", BillCodes.RowMalformed },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void Read_ABillThatWasChanged_SaysWhy(string part, string with, string code)
    {
        string bill = Bill();
        int at = bill.IndexOf(part, StringComparison.Ordinal);
        (WeChatBill? read, BillFault? fault) = Read(bill[..at] + with + bill[(at + part.Length)..]);
        Assert.Null(read);
        Assert.Equal(code, fault!.Code);
    }

    [Fact]
    public void Read_WhatFollowsTheSums_IsRefused() => Assert.Equal(BillCodes.RowMalformed, Read(Bill() + Paid).Fault!.Code);

    [Fact]
    public void Read_AFailedRefund_IsNoMoneyThatLeft() =>
        Assert.Equal(TradeKind.FailedRefund, Assert.IsType<WeChatBill.Trades>(Read(Bill().Replace("`ORIGINAL,`SUCCESS", "`ORIGINAL,`FAIL", StringComparison.Ordinal)).Bill).Rows[1].Kind);

    [Fact]
    public void Read_AnyBytes_GivesABillOrAFault() => Gen.OneOf(
            Gen.Byte.Array[0, 400],
            Gen.Select(Gen.Int[0, 700], Gen.Byte, (at, value) => Spoilt(at, value)),
            Gen.Int[0, Scraps.Length - 1].Select(i => Scraps[i]).Array[0, 40].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(bytes => WeChatBillReader.Read(bytes) is var (bill, fault) && (bill is null) == (fault is not null));

    private static readonly string[] Scraps = ["`", ",", "\n", "\uFEFF", "1.00", "交易时间", "微信订单号", "总交易单数", ",`"];

    private static byte[] Spoilt(int at, byte value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Bill());
        bytes[at % bytes.Length] = value;
        return bytes;
    }

    private static (WeChatBill? Bill, BillFault? Fault) Read(string text) => WeChatBillReader.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>Gives no more than so many bytes at a time.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
