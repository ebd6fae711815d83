using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>One order at the platform. A new value for every change.</summary>
internal sealed record EmulatedOrder(
    string OutTradeNo, string Method, string Description, long Total, string Currency, string? OpenId, string? Attach,
    Uri NotifyAddress, DateTimeOffset? ExpiresAt, string Handle)
{
    /// <summary>NOTPAY, SUCCESS, REFUND or CLOSED.</summary>
    public string TradeState { get; init; } = "NOTPAY";

    public string? TransactionId { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public long Refunded { get; init; }
}

/// <summary>One refund at the platform.</summary>
internal sealed record EmulatedRefund(
    string OutRefundNo, string OutTradeNo, string TransactionId, long Amount, long Total, string RefundId, DateTimeOffset SucceedsAt, Uri? NotifyAddress);

/// <summary>What the platform answers: a status and, if any, a body.</summary>
internal sealed record PlatformAnswer(int Status, JsonObject? Body)
{
    public static PlatformAnswer Error(int status, string code, string message) =>
        new(status, new JsonObject { ["code"] = code, ["message"] = message });
}

/// <summary>The platform's orders and refunds, by its published rules. Thread-safe.</summary>
internal sealed class OrderBook(string merchantId, string appId, TimeSpan refundTakes, SeededDraws draws)
{
    private const int MaxOrders = 100_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EmulatedOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EmulatedRefund> _refunds = new(StringComparer.Ordinal);

    public EmulatedOrder? Find(string outTradeNo)
    {
        lock (_gate) return _orders.GetValueOrDefault(outTradeNo);
    }

    public EmulatedOrder? FindByHandle(string handle)
    {
        lock (_gate) return _orders.Values.FirstOrDefault(o => o.Handle == handle);
    }

    public IReadOnlyList<EmulatedOrder> List()
    {
        lock (_gate) return [.. _orders.Values.Reverse().Take(200)];
    }

    public PlatformAnswer Place(string method, JsonObject? body, DateTimeOffset now)
    {
        if (OrderForm.Read(method, body, merchantId, appId, out EmulatedOrder? asked) is { } fault) return fault;
        lock (_gate)
        {
            if (_orders.TryGetValue(asked!.OutTradeNo, out EmulatedOrder? known)) return PlaceAgain(known, asked);
            if (_orders.Count >= MaxOrders) return PlatformAnswer.Error(500, "SYSTEM_ERROR", "too many orders for an emulator");
            string handle = method == "native" ? "weixin://wxpay/bizpayurl?pr=" + draws.Text(9) : draws.Id("wx", now, 20);
            _orders.Add(asked.OutTradeNo, asked with { Handle = handle });
            return Placed(asked with { Handle = handle });
        }
    }

    /// <summary>The payer confirms in the phone. Null when the order cannot be paid.</summary>
    public EmulatedOrder? Pay(string outTradeNo, string? openId, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(outTradeNo, out EmulatedOrder? order)) return null;
            bool payable = order.TradeState == "NOTPAY" && !(now >= order.ExpiresAt);
            if (!payable) return null;
            EmulatedOrder paid = order with
            {
                TradeState = "SUCCESS",
                TransactionId = draws.Id("42", now, 12),
                PaidAt = now,
                OpenId = order.OpenId ?? openId,
            };
            return _orders[outTradeNo] = paid;
        }
    }

    public PlatformAnswer Close(string outTradeNo)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(outTradeNo, out EmulatedOrder? order)) return PlatformAnswer.Error(404, "ORDER_NOT_EXIST", "订单不存在");
            if (order.TradeState is "SUCCESS" or "REFUND") return PlatformAnswer.Error(400, "ORDERPAID", "订单已支付");
            _orders[outTradeNo] = order with { TradeState = "CLOSED" };
            return new PlatformAnswer(204, null);
        }
    }

    public (PlatformAnswer Answer, EmulatedRefund? Fresh) Refund(JsonObject? body, DateTimeOffset now)
    {
        if (RefundForm.Read(body, out RefundForm? form) is { } fault) return (fault, null);
        lock (_gate)
        {
            if (!_orders.TryGetValue(form!.OutTradeNo, out EmulatedOrder? order) || order.TransactionId is null)
                return (PlatformAnswer.Error(404, "RESOURCE_NOT_EXISTS", "订单不存在"), null);
            if (_refunds.TryGetValue(form.OutRefundNo, out EmulatedRefund? known))
            {
                bool same = known.OutTradeNo == form.OutTradeNo && known.Amount == form.Refund && known.Total == form.Total;
                return (same ? new PlatformAnswer(200, Describe(known, now)) : PlatformAnswer.Error(400, "INVALID_REQUEST", "退款单号重复"), null);
            }

            if (form.Total != order.Total || form.Refund > order.Total - order.Refunded)
                return (PlatformAnswer.Error(400, "INVALID_REQUEST", "退款金额超限"), null);

            var refund = new EmulatedRefund(
                form.OutRefundNo, form.OutTradeNo, order.TransactionId, form.Refund, form.Total, draws.Id("50", now, 12), now + refundTakes, form.NotifyAddress);
            _refunds.Add(form.OutRefundNo, refund);
            _orders[form.OutTradeNo] = order with { TradeState = "REFUND", Refunded = order.Refunded + form.Refund };
            return (new PlatformAnswer(200, Describe(refund, now)), refund);
        }
    }

    public PlatformAnswer FindRefund(string outRefundNo, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _refunds.TryGetValue(outRefundNo, out EmulatedRefund? refund)
                ? new PlatformAnswer(200, Describe(refund, now))
                : PlatformAnswer.Error(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
        }
    }

    /// <summary>The transaction object of notifications and queries.</summary>
    public JsonObject Describe(EmulatedOrder order)
    {
        var json = new JsonObject
        {
            ["mchid"] = merchantId,
            ["appid"] = appId,
            ["out_trade_no"] = order.OutTradeNo,
            ["trade_state"] = order.TradeState,
            ["trade_state_desc"] = order.TradeState switch { "SUCCESS" => "支付成功", "CLOSED" => "已关闭", "REFUND" => "转入退款", _ => "未支付" },
            ["attach"] = order.Attach ?? string.Empty,
            ["amount"] = new JsonObject { ["total"] = order.Total, ["currency"] = order.Currency },
        };
        if (order.TransactionId is null) return json;

        json["transaction_id"] = order.TransactionId;
        json["trade_type"] = order.Method == "native" ? "NATIVE" : "JSAPI";
        json["bank_type"] = "OTHERS";
        json["success_time"] = PlatformTime.Format(order.PaidAt!.Value);
        json["payer"] = new JsonObject { ["openid"] = order.OpenId ?? string.Empty };
        json["amount"]!["payer_total"] = order.Total;
        json["amount"]!["payer_currency"] = order.Currency;
        return json;
    }

    private static JsonObject Describe(EmulatedRefund refund, DateTimeOffset now)
    {
        bool done = now >= refund.SucceedsAt;
        var json = new JsonObject
        {
            ["refund_id"] = refund.RefundId,
            ["out_refund_no"] = refund.OutRefundNo,
            ["transaction_id"] = refund.TransactionId,
            ["out_trade_no"] = refund.OutTradeNo,
            ["channel"] = "ORIGINAL",
            ["user_received_account"] = "支付用户零钱",
            ["status"] = done ? "SUCCESS" : "PROCESSING",
            ["amount"] = new JsonObject { ["total"] = refund.Total, ["refund"] = refund.Amount, ["currency"] = "CNY" },
        };
        if (done) json["success_time"] = PlatformTime.Format(refund.SucceedsAt);
        return json;
    }

    private static PlatformAnswer PlaceAgain(EmulatedOrder known, EmulatedOrder asked)
    {
        if (known.TradeState is "SUCCESS" or "REFUND") return PlatformAnswer.Error(400, "ORDERPAID", "订单已支付");
        if (known.TradeState == "CLOSED") return PlatformAnswer.Error(400, "ORDER_CLOSED", "订单已关闭");
        bool same = known.Method == asked.Method && known.Total == asked.Total && known.Currency == asked.Currency && known.OpenId == asked.OpenId;
        return same ? Placed(known) : PlatformAnswer.Error(403, "OUT_TRADE_NO_USED", "商户订单号重复");
    }

    private static PlatformAnswer Placed(EmulatedOrder order) =>
        new(200, new JsonObject { [order.Method == "native" ? "code_url" : "prepay_id"] = order.Handle });
}
