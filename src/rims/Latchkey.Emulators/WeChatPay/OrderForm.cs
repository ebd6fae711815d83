using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Latchkey.Emulators.Hosting;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>Reads an order request and refuses what the real service refuses.</summary>
internal static partial class OrderForm
{
    /// <summary>Null and an order, or the refusal.</summary>
    public static PlatformAnswer? Read(string method, JsonObject? body, string merchantId, string appId, out EmulatedOrder? order)
    {
        order = null;
        if (body is null) return Wrong("body");
        if (body.Text("mchid") != merchantId || body.Text("appid") != appId) return PlatformAnswer.Error(400, "APPID_MCHID_NOT_MATCH", "appid和mchid不匹配");
        if (body.Text("out_trade_no") is not { } number || !TradeNumber().IsMatch(number)) return Wrong("/out_trade_no");
        if (body.Text("description") is not { Length: > 0 and <= 127 } description) return Wrong("/description");
        if (body["amount"] is not JsonObject amount || amount.Integer("total") is not (> 0 and { } total)) return Wrong("/amount/total");
        string currency = amount.Text("currency") ?? "CNY";
        if (currency != "CNY") return Wrong("/amount/currency");
        if (CallableAddress(body.Text("notify_url")) is not { } notify) return Wrong("/notify_url");
        string? openId = (body["payer"] as JsonObject)?.Text("openid");
        if (method == "jsapi" && string.IsNullOrEmpty(openId)) return Wrong("/payer/openid");

        DateTimeOffset? expires = null;
        if (body.Text("time_expire") is { } expiry)
        {
            if (!DateTimeOffset.TryParse(expiry, CultureInfo.InvariantCulture, out DateTimeOffset parsed)) return Wrong("/time_expire");
            expires = parsed;
        }

        order = new EmulatedOrder(number, method, description, total, currency, openId, body.Text("attach"), notify, expires, string.Empty);
        return null;
    }

    /// <summary>http or https, without a query, or null.</summary>
    public static Uri? CallableAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 ? uri : null;

    public static PlatformAnswer Wrong(string field) => new(400, new JsonObject
    {
        ["code"] = "PARAM_ERROR",
        ["message"] = "参数错误",
        ["detail"] = new JsonObject { ["field"] = field, ["location"] = "body" },
    });

    [GeneratedRegex(@"^[0-9A-Za-z_\-|*]{6,32}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    internal static partial Regex TradeNumber();
}

/// <summary>A refund request, read.</summary>
internal sealed record RefundForm(string OutTradeNo, string OutRefundNo, long Refund, long Total, Uri? NotifyAddress)
{
    /// <summary>Null and a form, or the refusal.</summary>
    public static PlatformAnswer? Read(JsonObject? body, out RefundForm? form)
    {
        form = null;
        if (body?.Text("out_trade_no") is not { } trade) return OrderForm.Wrong("/out_trade_no");
        if (body.Text("out_refund_no") is not { Length: > 0 and <= 64 } number) return OrderForm.Wrong("/out_refund_no");
        if (body["amount"] is not JsonObject amount || amount.Text("currency") != "CNY") return OrderForm.Wrong("/amount/currency");
        if (amount.Integer("refund") is not (> 0 and { } refund)) return OrderForm.Wrong("/amount/refund");
        if (amount.Integer("total") is not (> 0 and { } total)) return OrderForm.Wrong("/amount/total");
        form = new RefundForm(trade, number, refund, total, OrderForm.CallableAddress(body.Text("notify_url")));
        return null;
    }
}
