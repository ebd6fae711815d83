namespace Latchkey.Payments.WeChatPay.Bills;

/// <summary>A bill of WeChat Pay as it is downloaded: all of it, or <see cref="BillFault"/>.</summary>
public abstract record WeChatBill
{
    private WeChatBill()
    {
    }

    /// <summary>Every payment and refund of a day.</summary>
    public sealed record Trades(IReadOnlyList<TradeRow> Rows) : WeChatBill;

    /// <summary>Every movement of the merchant's account of a day.</summary>
    public sealed record FundFlow(IReadOnlyList<FundRow> Rows) : WeChatBill;
}

/// <summary>What a row of a trade bill says.</summary>
public enum TradeKind
{
    /// <summary>Paid: 交易状态 SUCCESS.</summary>
    Payment = 1,

    /// <summary>Paid back, or on its way: REFUND with any state but FAIL, and REVOKED.</summary>
    Refund = 2,

    /// <summary>A refund that failed: the money stayed.</summary>
    FailedRefund = 3,
}

/// <summary>One row of a trade bill.</summary>
/// <param name="TransactionId">微信订单号: the payment's number at WeChat Pay, of refunds too.</param>
/// <param name="RefundId">微信退款单号; null for payments.</param>
/// <param name="Fen">What is settled, or paid back, before the fee; above zero.</param>
/// <param name="FeeFen">手续费: what WeChat Pay keeps; below zero where it gives a fee back.</param>
public sealed record TradeRow(
    TradeKind Kind, DateTimeOffset At, string MerchantId, string TransactionId, string OutTradeNo, string? RefundId, string Currency, long Fen, long FeeFen);

/// <summary>One row of a fund-flow bill.</summary>
/// <param name="BusinessId">微信支付业务单号.</param>
/// <param name="FlowId">资金流水单号.</param>
/// <param name="Type">业务类型: 交易, 退款, 提现, ...</param>
/// <param name="Fen">Above zero for income.</param>
/// <param name="BalanceFen">Of the account afterwards.</param>
public sealed record FundRow(DateTimeOffset At, string BusinessId, string FlowId, string Type, long Fen, long BalanceFen, string VoucherId);

/// <summary>Why bytes are no bill.</summary>
/// <param name="Code">One of <see cref="BillCodes"/>.</param>
/// <param name="Line">Where, from 1; 0 for the file as a whole.</param>
public sealed record BillFault(string Code, int Line, string Detail);

/// <summary>The stable codes of bills that cannot be read.</summary>
public static class BillCodes
{
    public const string TooLong = "bill-too-long";
    public const string NotText = "bill-not-text";
    public const string HeaderUnknown = "bill-header-unknown";
    public const string RowMalformed = "bill-row-malformed";

    /// <summary>The file ends before its sums, or within them.</summary>
    public const string CutOff = "bill-cut-off";

    /// <summary>The sums at the end are not those of the rows: a row is missing or was changed.</summary>
    public const string SumsDiffer = "bill-sums-differ";
}
