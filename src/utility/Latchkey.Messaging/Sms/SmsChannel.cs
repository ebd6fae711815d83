using System.Text.Json;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Notices;

namespace Latchkey.Messaging.Sms;

/// <summary>Text messages through an HTTP gateway.</summary>
/// <remarks>Source: Africa's Talking, POST /version1/messaging: 100 processed, 101 sent, 102 queued, 4xx refused, 5xx gateway trouble.</remarks>
public sealed class SmsChannel(HttpClient http, SmsOptions options, SmsApiKey apiKey) : IMessageChannel
{
    public ChannelKind Kind => ChannelKind.Sms;

    public bool DropsRepeats(TimeSpan sinceFirst) => false;

    public bool CanCarry(Notice notice) => notice.To.PhoneNumber is ['+', _, ..];

    public async Task<ChannelResult> SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        string text = SmsText.Of(notice);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["username"] = options.UserName,
            ["to"] = notice.To.PhoneNumber ?? string.Empty,
            ["message"] = text,
            ["enqueue"] = "1",
        };
        if (options.From is { } from) form["from"] = from;

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.BaseAddress, "version1/messaging")) { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("apiKey", apiKey.Value);
        (ExchangeEnd end, int status, byte[] body) = await HttpExchange.SendAsync(http, request, cancellationToken).ConfigureAwait(false);
        return end switch
        {
            ExchangeEnd.NotSent => new ChannelResult(SendVerdict.TryLater, MessageCodes.ProviderUnreachable),
            ExchangeEnd.Unknown => new ChannelResult(SendVerdict.Unknown, MessageCodes.ProviderUnreachable),
            _ => Read(status, body, text),
        };
    }

    private static ChannelResult Read(int status, byte[] body, string text)
    {
        if (status == 401) return new ChannelResult(SendVerdict.Misconfigured, MessageCodes.CredentialInvalid);
        if (status is 429 or >= 500) return new ChannelResult(SendVerdict.TryLater, MessageCodes.ProviderBusy);

        using JsonDocument? json = JsonFields.TryParse(body);
        JsonElement? recipients = json?.RootElement.Child("SMSMessageData")?.Child("Recipients");
        JsonElement? first = recipients is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null;
        return first?.Integer("statusCode") switch
        {
            100 or 101 or 102 => new ChannelResult(SendVerdict.Accepted, MessageCodes.Accepted, text, first?.Text("messageId")),
            403 or 404 or 406 => new ChannelResult(SendVerdict.FallBack, MessageCodes.RecipientUnknown),
            405 => new ChannelResult(SendVerdict.Misconfigured, MessageCodes.QuotaSpent),
            500 or 501 or 502 => new ChannelResult(SendVerdict.TryLater, MessageCodes.ProviderBusy),
            null => new ChannelResult(SendVerdict.Unknown, MessageCodes.AnswerMalformed),
            _ => new ChannelResult(SendVerdict.FallBack, MessageCodes.ProviderRefused),
        };
    }
}
