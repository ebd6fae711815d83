using System.Collections.Frozen;

namespace Latchkey.Payments.WeChatPay;

/// <summary>What an error of WeChat Pay means for us.</summary>
public enum ErrorMeaning
{
    /// <summary>Final for this order: trying again with the same content cannot help.</summary>
    Refused = 1,

    /// <summary>The outcome is open or the service is busy: the same request again is safe.</summary>
    TryLater = 2,

    /// <summary>The merchant's settings are wrong; an operator must act. Safe to try again afterwards.</summary>
    Configuration = 3,

    OrderPaid = 4,
    OrderClosed = 5,
    NotFound = 6,
}

/// <summary>The errors of WeChat Pay APIv3 and our stable code for each.</summary>
/// <remarks>Source: WeChat Pay APIv3, public error codes and those of JSAPI and native orders, query, close and refunds.</remarks>
public static class ErrorTable
{
    private static readonly FrozenDictionary<string, (ErrorMeaning Meaning, string Code)> Rows =
        new Dictionary<string, (ErrorMeaning, string)>(StringComparer.Ordinal)
        {
            ["PARAM_ERROR"] = (ErrorMeaning.Refused, PaymentCodes.ProviderRefused),
            ["INVALID_REQUEST"] = (ErrorMeaning.Refused, PaymentCodes.ProviderRefused),
            ["RULE_LIMIT"] = (ErrorMeaning.Refused, PaymentCodes.PayerRefused),
            ["RULELIMIT"] = (ErrorMeaning.Refused, PaymentCodes.PayerRefused),
            ["ACCOUNT_ERROR"] = (ErrorMeaning.Refused, PaymentCodes.PayerRefused),
            ["USER_ACCOUNT_ABNORMAL"] = (ErrorMeaning.Refused, PaymentCodes.PayerRefused),
            ["OPENID_MISMATCH"] = (ErrorMeaning.Refused, PaymentCodes.PayerRefused),
            ["TRADE_ERROR"] = (ErrorMeaning.Refused, PaymentCodes.PaymentError),
            ["OUT_TRADE_NO_USED"] = (ErrorMeaning.Refused, PaymentCodes.TradeNumberUsed),
            ["NOT_ENOUGH"] = (ErrorMeaning.TryLater, PaymentCodes.FundsShort),
            ["ORDERPAID"] = (ErrorMeaning.OrderPaid, PaymentCodes.OrderPaid),
            ["ORDER_PAID"] = (ErrorMeaning.OrderPaid, PaymentCodes.OrderPaid),
            ["ORDER_CLOSED"] = (ErrorMeaning.OrderClosed, PaymentCodes.OrderClosed),
            ["ORDERCLOSED"] = (ErrorMeaning.OrderClosed, PaymentCodes.OrderClosed),
            ["ORDER_NOT_EXIST"] = (ErrorMeaning.NotFound, PaymentCodes.OrderNotFound),
            ["ORDERNOTEXIST"] = (ErrorMeaning.NotFound, PaymentCodes.OrderNotFound),
            ["RESOURCE_NOT_EXISTS"] = (ErrorMeaning.NotFound, PaymentCodes.OrderNotFound),
            ["SIGN_ERROR"] = (ErrorMeaning.Configuration, PaymentCodes.ProviderConfiguration),
            ["NO_AUTH"] = (ErrorMeaning.Configuration, PaymentCodes.ProviderConfiguration),
            ["MCH_NOT_EXISTS"] = (ErrorMeaning.Configuration, PaymentCodes.ProviderConfiguration),
            ["APPID_MCHID_NOT_MATCH"] = (ErrorMeaning.Configuration, PaymentCodes.ProviderConfiguration),
            ["SYSTEM_ERROR"] = (ErrorMeaning.TryLater, PaymentCodes.ProviderBusy),
            ["BANK_ERROR"] = (ErrorMeaning.TryLater, PaymentCodes.ProviderBusy),
            ["FREQUENCY_LIMITED"] = (ErrorMeaning.TryLater, PaymentCodes.ProviderBusy),
            ["RATELIMIT_EXCEEDED"] = (ErrorMeaning.TryLater, PaymentCodes.ProviderBusy),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Codes => Rows.Keys;

    /// <summary>An error that is not in the table is final only where its HTTP status says that the request was wrong.</summary>
    public static (ErrorMeaning Meaning, string Code) Find(int httpStatus, string? error)
    {
        if (error is not null && Rows.TryGetValue(error, out (ErrorMeaning, string) row)) return row;
        return httpStatus switch
        {
            401 => (ErrorMeaning.Configuration, PaymentCodes.ProviderConfiguration),
            404 => (ErrorMeaning.NotFound, PaymentCodes.OrderNotFound),
            429 or >= 500 => (ErrorMeaning.TryLater, PaymentCodes.ProviderBusy),
            _ => (ErrorMeaning.Refused, PaymentCodes.ProviderRefused),
        };
    }
}
