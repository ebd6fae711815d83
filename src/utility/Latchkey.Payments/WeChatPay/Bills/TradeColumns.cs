namespace Latchkey.Payments.WeChatPay.Bills;

/// <summary>Where a trade bill has what is read of it; below zero for the columns that a bill of payments alone does not have.</summary>
/// <remarks>Source: WeChat Pay APIv3, tradebill: 应结订单金额 was 总金额 in the first form.</remarks>
internal sealed record TradeColumns(
    int Time, int Merchant, int Transaction, int OutTradeNo, int State, int Currency, int Settled, int Fee, int RefundId, int Refunded, int RefundState)
{
    public static TradeColumns? Of(BillTable table)
    {
        int settled = table.Column("应结订单金额");
        var found = new TradeColumns(
            table.Column("交易时间"), table.Column("商户号"), table.Column("微信订单号"), table.Column("商户订单号"), table.Column("交易状态"), table.Column("货币种类"),
            settled >= 0 ? settled : table.Column("总金额"), table.Column("手续费"), table.Column("微信退款单号"), table.Column("退款金额"), table.Column("退款状态"));
        int[] needed = [found.Time, found.Merchant, found.Transaction, found.OutTradeNo, found.State, found.Currency, found.Settled, found.Fee];

        // A bill of payments alone has none of them; one that has some was spoilt.
        int[] ofRefunds = [found.RefundId, found.Refunded, found.RefundState];
        bool refundsAreWhole = ofRefunds.All(c => c >= 0) || ofRefunds.All(c => c < 0);
        return needed.All(c => c >= 0) && refundsAreWhole ? found : null;
    }

    public (WeChatBill? Bill, BillFault? Fault) Read(BillTable table)
    {
        List<TradeRow> rows = new(table.Rows.Count);
        long settled = 0, refunded = 0, fees = 0;
        foreach (BillRow line in table.Rows)
        {
            if (Read(line, out TradeRow? row, out long paid, out long back) is { } wrong) return (null, new BillFault(BillCodes.RowMalformed, line.Number, wrong));
            rows.Add(row!);
            (settled, refunded, fees) = (settled + paid, refunded + back, fees + row!.FeeFen);
        }

        BillFault? fault = BillValues.CountFault(table, "总交易单数", rows.Count)
            ?? BillValues.SumFault(table, "应结订单总金额", "总交易额", settled)
            ?? BillValues.SumFault(table, "退款总金额", "总退款金额", refunded)
            ?? BillValues.SumFault(table, "手续费总金额", "手续费总金额", fees)
            ?? BillValues.EndFault(table);
        return fault is null ? (new WeChatBill.Trades(rows), null) : (null, fault);
    }

    /// <summary>What is wrong with a row; null and the row, with what it adds to the sums.</summary>
    private string? Read(BillRow line, out TradeRow? row, out long settled, out long refunded)
    {
        (row, refunded) = (null, 0);
        string[] v = line.Values;
        if (!BillValues.TryFen(v[Settled], out settled)) return $"'{v[Settled]}' is no amount in yuan";
        if (!BillValues.TryFen(v[Fee], out long fee)) return $"'{v[Fee]}' is no fee in whole fen";
        if (Refunded >= 0 && !BillValues.TryFen(v[Refunded], out refunded)) return $"'{v[Refunded]}' is no amount in yuan";
        if (!BillValues.TryTime(v[Time], out DateTimeOffset at)) return $"'{v[Time]}' is no time such as 2026-11-22 09:30:00";
        if (!BillValues.IsId(v[Transaction]) || !BillValues.IsId(v[OutTradeNo])) return "the numbers of the payment are missing";
        TradeKind? kind = v[State] switch
        {
            "SUCCESS" => TradeKind.Payment,
            "REFUND" or "REVOKED" when RefundState >= 0 => v[RefundState] == "FAIL" ? TradeKind.FailedRefund : TradeKind.Refund,
            _ => null,
        };
        if (kind is null) return $"'{v[State]}' is no state of a trade that this bill can have";
        string? refund = kind == TradeKind.Payment ? null : v[RefundId];
        if (refund is not null && !BillValues.IsId(refund)) return "a refund without its number";
        long fen = kind == TradeKind.Payment ? settled : refunded;
        if (fen <= 0 || settled < 0 || refunded < 0) return "its amount is not above zero";
        row = new TradeRow(kind.Value, at, v[Merchant], v[Transaction], v[OutTradeNo], refund, v[Currency], fen, fee);
        return null;
    }
}
