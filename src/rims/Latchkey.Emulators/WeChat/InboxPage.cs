using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Latchkey.Emulators.WeChat;

/// <summary>What lies on a phone, the newest first. In English and Chinese, and always marked as an emulator.</summary>
internal static class InboxPage
{
    public static IResult Show(string? openId, IReadOnlyList<ReceivedMessage> received, HttpContext context)
    {
        string asked = context.Request.Query["lang"].ToString();
        if (asked.Length == 0) asked = context.Request.Headers.AcceptLanguage.ToString();
        bool zh = asked.StartsWith("zh", StringComparison.OrdinalIgnoreCase);

        var body = new StringBuilder();
        foreach (ReceivedMessage message in received.Where(m => openId is null || m.To == openId).Reverse().Take(100))
        {
            string time = message.At.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            body.Append(CultureInfo.InvariantCulture, $"<article><small>{time} {Encode(message.Way)} {Encode(message.To)}</small>");
            foreach ((string key, string value) in message.Fields)
                body.Append(CultureInfo.InvariantCulture, $"<p><b>{Encode(key)}</b> {Encode(value)}</p>");
            body.Append("</article>");
        }

        if (body.Length == 0) body.Append(CultureInfo.InvariantCulture, $"<p>{(zh ? "没有消息" : "No messages")}</p>");
        string title = zh ? "微信消息（模拟）" : "WeChat messages (emulated)";
        return Results.Content(
            $$"""
            <!doctype html><html lang="{{(zh ? "zh" : "en")}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>{{title}}</title><style>
            body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:0;background:#ededed;color:#1a1a1a}header{background:#07883f;color:#fff;padding:.8rem;text-align:center}
            main{max-width:30rem;margin:1rem auto;padding:0 .6rem}article{background:#fff;border-radius:.6rem;padding:.8rem;margin:.6rem 0}
            small{color:#595959;word-break:break-all}p{margin:.2rem 0}b{color:#595959;font-weight:400;font-size:.8rem}
            </style></head><body><header>{{title}}</header><main>{{body}}</main></body></html>
            """,
            "text/html; charset=utf-8", Encoding.UTF8);
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
