namespace Latchkey.Payments.WeChatPay.Bills;

/// <summary>Where a fund-flow bill has what is read of it.</summary>
/// <remarks>Source: WeChat Pay APIv3, fundflowbill; the unit behind the names of amounts is written with wide or narrow brackets.</remarks>
internal sealed record FundColumns(int Time, int Business, int Flow, int Type, int Side, int Amount, int Balance, int Voucher)
{
    private const string Income = "收入", Expense = "支出";

    public static FundColumns? Of(BillTable table)
    {
        var found = new FundColumns(
            table.Column("记账时间"), table.Column("微信支付业务单号"), table.Column("资金流水单号"), table.Column("业务类型"), table.Column("收支类型"),
            table.ColumnWithUnit("收支金额"), table.ColumnWithUnit("账户结余"), table.Column("业务凭证号"));
        int[] needed = [found.Time, found.Business, found.Flow, found.Type, found.Side, found.Amount, found.Balance, found.Voucher];
        return needed.All(c => c >= 0) ? found : null;
    }

    public (WeChatBill? Bill, BillFault? Fault) Read(BillTable table)
    {
        List<FundRow> rows = new(table.Rows.Count);
        (int Count, long Fen) income = default, expense = default;
        foreach (BillRow line in table.Rows)
        {
            if (Read(line.Values) is not { } row)
                return (null, new BillFault(BillCodes.RowMalformed, line.Number, "a movement has a time, its number, 收入 or 支出, and amounts in yuan"));
            rows.Add(row);
            if (line.Values[Side] == Income) income = (income.Count + 1, income.Fen + row.Fen);
            else expense = (expense.Count + 1, expense.Fen - row.Fen);
        }

        BillFault? fault = BillValues.CountFault(table, "资金流水总笔数", rows.Count)
            ?? BillValues.CountFault(table, "收入笔数", income.Count) ?? BillValues.SumFault(table, "收入金额", "收入金额", income.Fen)
            ?? BillValues.CountFault(table, "支出笔数", expense.Count) ?? BillValues.SumFault(table, "支出金额", "支出金额", expense.Fen);
        return fault is null ? (new WeChatBill.FundFlow(rows), null) : (null, fault);
    }

    private FundRow? Read(string[] v)
    {
        if (!BillValues.TryTime(v[Time], out DateTimeOffset at) || !BillValues.IsId(v[Flow]) || v[Side] is not (Income or Expense)) return null;
        if (!BillValues.TryFen(v[Amount], out long fen) || fen < 0 || !BillValues.TryFen(v[Balance], out long left)) return null;
        return new FundRow(at, v[Business], v[Flow], v[Type], v[Side] == Income ? fen : -fen, left, v[Voucher]);
    }
}
