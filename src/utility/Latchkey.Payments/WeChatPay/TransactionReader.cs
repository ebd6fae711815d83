using System.Text.Json;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;
using Latchkey.Quantities;

namespace Latchkey.Payments.WeChatPay;

/// <summary>Reads the transaction and refund objects of notifications and answers, and checks whose they are. Total on any input.</summary>
internal sealed class TransactionReader(WeChatPayOptions options)
{
    /// <summary>The report, or the stable code of what is wrong with it.</summary>
    public (PaymentReport? Report, string? Code) ReadPayment(JsonElement transaction)
    {
        if (transaction.Text("mchid") != options.MerchantId) return (null, PaymentCodes.MerchantMismatch);
        if (transaction.Text("appid") != options.AppId) return (null, PaymentCodes.AppMismatch);
        if (!OutTradeNo.TryParse(transaction.Text("out_trade_no"), out OutTradeNo number)) return (null, PaymentCodes.BodyMalformed);
        if (TradeOf(transaction.Text("trade_state")) is not { } trade) return (null, PaymentCodes.BodyMalformed);

        Money? amount = transaction.Child("amount") is { } a ? AmountOf(a, "total") : null;
        return (new PaymentReport(number, trade, transaction.Text("transaction_id"), amount, transaction.Time("success_time")), null);
    }

    /// <summary>A refund in an answer carries no mchid; in a notification it does (<paramref name="withMerchant"/>).</summary>
    public (RefundReport? Report, string? Code) ReadRefund(JsonElement refund, bool withMerchant)
    {
        if (withMerchant && refund.Text("mchid") != options.MerchantId) return (null, PaymentCodes.MerchantMismatch);
        if (!OutTradeNo.TryParse(refund.Text("out_refund_no"), out OutTradeNo number)) return (null, PaymentCodes.BodyMalformed);
        if (RefundStateOf(refund.Text("status") ?? refund.Text("refund_status")) is not { } state) return (null, PaymentCodes.BodyMalformed);

        Money? amount = refund.Child("amount") is { } a ? AmountOf(a, "refund") : null;
        return (new RefundReport(number, state, refund.Text("refund_id"), amount, refund.Time("success_time")), null);
    }

    private static ReportedTrade? TradeOf(string? state) => state switch
    {
        "SUCCESS" => ReportedTrade.Success,
        "REFUND" => ReportedTrade.Refund,
        "NOTPAY" => ReportedTrade.NotPaid,
        "CLOSED" or "REVOKED" => ReportedTrade.Closed,
        "USERPAYING" => ReportedTrade.PayerIsPaying,
        "PAYERROR" => ReportedTrade.Error,
        _ => null,
    };

    private static RefundState? RefundStateOf(string? status) => status switch
    {
        "SUCCESS" => RefundState.Succeeded,
        "CLOSED" => RefundState.Closed,
        "PROCESSING" => RefundState.Processing,
        "ABNORMAL" => RefundState.Abnormal,
        _ => null,
    };

    // The currency may be left out; WeChat Pay in mainland China then means CNY. A currency we do not know gives no amount, which fits nothing.
    private static Money? AmountOf(JsonElement amount, string field)
    {
        if (amount.Integer(field) is not { } minorUnits) return null;
        return Currency.TryParse(amount.Text("currency") ?? "CNY", out Currency currency) ? new Money(minorUnits, currency) : null;
    }
}
