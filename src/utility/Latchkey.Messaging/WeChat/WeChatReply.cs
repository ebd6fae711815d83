using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Latchkey.Messaging.WeChat;

/// <summary>An answer of WeChat, read. Total on any input.</summary>
/// <param name="Error">errcode; 0 for success.</param>
/// <param name="MessageId">msgid, where there is one.</param>
/// <param name="Trace">rid, and the field an error names: what support asks for.</param>
public sealed partial record WeChatReply(int Error, string? MessageId, string? Trace)
{
    /// <summary>Null when the body is no answer of WeChat.</summary>
    public static WeChatReply? TryRead(ReadOnlyMemory<byte> body)
    {
        using JsonDocument? json = JsonFields.TryParse(body);
        if (json?.RootElement is not { ValueKind: JsonValueKind.Object } root) return null;
        if (root.Integer("errcode") is not (>= int.MinValue and <= int.MaxValue and { } error)) return null;
        string? id = root.Integer("msgid")?.ToString(CultureInfo.InvariantCulture) ?? root.Text("msgid");
        return new WeChatReply((int)error, id, TraceOf(root.Text("errmsg") ?? string.Empty));
    }

    // errmsg may repeat what we sent; only its two known parts are kept.
    private static string? TraceOf(string message)
    {
        string trace = string.Join(' ', Known().Matches(message).Select(m => m.Value));
        return trace.Length == 0 ? null : trace;
    }

    [GeneratedRegex(@"rid: [0-9a-f\-]{1,40}|data\.[a-z_]{1,20}[0-9]{1,3}\.value", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known();
}
