using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>The payer's phone: what is to be paid, to whom, and one button. In English and Chinese, and always marked as an emulator.</summary>
internal static class PayerPage
{
    public static string LanguageOf(HttpContext context)
    {
        string asked = context.Request.Query["lang"].ToString();
        if (asked.Length == 0) asked = context.Request.Headers.AcceptLanguage.ToString();
        return asked.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? "zh" : "en";
    }

    public static IResult Show(EmulatedOrder? order, DateTimeOffset now, string language, string? back)
    {
        bool zh = language == "zh";
        if (order is null) return Page(language, zh ? "找不到订单" : "No such order", "<p class=\"state\">404</p>", StatusCodes.Status404NotFound);

        string amount = "¥" + (order.Total / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        string number = Uri.EscapeDataString(order.OutTradeNo);
        string query = $"?lang={language}" + (IsLocal(back) ? "&back=" + Uri.EscapeDataString(back!) : string.Empty);
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"to\">{Encode(order.Description)}</p><p class=\"amount\">{amount}</p>");
        body.Append(CultureInfo.InvariantCulture, $"<p class=\"number\">{Encode(order.OutTradeNo)}</p>");
        bool expired = now >= order.ExpiresAt;
        if (order.TradeState == "NOTPAY" && !expired)
        {
            body.Append(CultureInfo.InvariantCulture, $"<form method=\"post\" action=\"../pay/{number}{Encode(query)}\"><button id=\"confirm\">{(zh ? "确认支付" : "Confirm payment")}</button></form>");
        }
        else
        {
            body.Append(CultureInfo.InvariantCulture, $"<p class=\"state\" id=\"state\">{StateText(order.TradeState, zh)}</p>");
        }

        if (IsLocal(back)) body.Append(CultureInfo.InvariantCulture, $"<p><a id=\"back\" href=\"{Encode(back!)}\">{(zh ? "返回商家" : "Back to the merchant")}</a></p>");
        return Page(language, zh ? "微信支付（模拟）" : "WeChat Pay (emulated)", body.ToString(), StatusCodes.Status200OK);
    }

    public static IResult List(IReadOnlyList<EmulatedOrder> orders, string language)
    {
        bool zh = language == "zh";
        var body = new StringBuilder("<ul>");
        foreach (EmulatedOrder order in orders)
        {
            string amount = (order.Total / 100m).ToString("0.00", CultureInfo.InvariantCulture);
            body.Append(CultureInfo.InvariantCulture, $"<li><a href=\"phone/{Uri.EscapeDataString(order.OutTradeNo)}?lang={language}\">{Encode(order.Description)} ¥{amount}</a> {StateText(order.TradeState, zh)}</li>");
        }

        return Page(language, zh ? "微信支付（模拟）订单" : "WeChat Pay (emulated): orders", body.Append("</ul>").ToString(), StatusCodes.Status200OK);
    }

    private static string StateText(string state, bool zh) => state switch
    {
        "SUCCESS" => zh ? "支付成功" : "Paid",
        "REFUND" => zh ? "已退款" : "Refunded",
        "CLOSED" => zh ? "订单已关闭" : "Closed",
        _ => zh ? "待支付" : "Waiting",
    };

    // Only a path of the same server: the page must not send people elsewhere.
    private static bool IsLocal(string? path) => path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Contains('\\', StringComparison.Ordinal);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static IResult Page(string language, string title, string body, int status) => Results.Content(
        $$"""
        <!doctype html><html lang="{{language}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
        <title>{{title}}</title><style>
        body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:0;background:#ededed;color:#1a1a1a;text-align:center}
        header{background:#07883f;color:#fff;padding:.8rem}main{max-width:26rem;margin:1rem auto;background:#fff;padding:1.5rem;border-radius:.6rem}
        .amount{font-size:2.6rem;font-weight:600;margin:.4rem}.number{color:#595959;font-size:.8rem;word-break:break-all}
        .state{font-size:1.4rem;color:#07883f}button{font:inherit;font-size:1.2rem;width:100%;padding:.8rem;border:0;border-radius:.4rem;background:#07883f;color:#fff}
        ul{list-style:none;padding:0;text-align:left}</style></head><body><header>{{title}}</header><main>{{body}}</main></body></html>
        """,
        "text/html; charset=utf-8", Encoding.UTF8, status);
}
