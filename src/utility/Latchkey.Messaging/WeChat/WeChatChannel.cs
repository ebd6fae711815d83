using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Policy;
using Latchkey.Messaging.Templates;

namespace Latchkey.Messaging.WeChat;

/// <summary>The three ways in which WeChat tells somebody something, by one table of paths and one table of errors.</summary>
public sealed class WeChatChannel : IMessageChannel
{
    private readonly HttpClient _http;
    private readonly WeChatOptions _options;
    private readonly AccessTokenSource _tokens;
    private readonly TemplateCatalogue _templates;
    private readonly IConsentStore _consents;
    private readonly TimeProvider _time;

    public WeChatChannel(
        ChannelKind kind, HttpClient http, WeChatOptions options, AccessTokenSource tokens, TemplateCatalogue templates, IConsentStore consents, TimeProvider time)
    {
        _ = PathOf(kind);
        Kind = kind;
        _http = http;
        _options = options;
        _tokens = tokens;
        _templates = templates;
        _consents = consents;
        _time = time;
    }

    public ChannelKind Kind { get; }

    /// <summary>Template messages carry client_msg_id, which WeChat compares for ten minutes; the other two have nothing of the kind.</summary>
    public bool DropsRepeats(TimeSpan sinceFirst) => Kind == ChannelKind.ServiceTemplate && sinceFirst < TimeSpan.FromMinutes(10);

    public bool CanCarry(Notice notice) => OpenIdOf(notice.To) is not null && _templates.Find(notice.Kind, Kind) is not null;

    public async Task<ChannelResult> SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (OpenIdOf(notice.To) is not { } openId || _templates.Find(notice.Kind, Kind) is not { } template)
            return new ChannelResult(SendVerdict.FallBack, MessageCodes.NoChannel);
        if (TemplateCatalogue.TryFill(template, notice, out string? fault) is not { } filled)
            return new ChannelResult(SendVerdict.Misconfigured, MessageCodes.FieldInvalid, Detail: fault);
        bool needsConsent = template.Consent == ConsentMode.OneTime;
        if (needsConsent && await _consents.CountAsync(openId, template.TemplateId, cancellationToken).ConfigureAwait(false) == 0)
            return new ChannelResult(SendVerdict.FallBack, MessageCodes.ConsentSpent);

        ChannelResult result = await SendFilledAsync(notice, openId, filled, cancellationToken).ConfigureAwait(false);
        if (needsConsent) await SettleConsentAsync(openId, template.TemplateId, result, cancellationToken).ConfigureAwait(false);
        return result;
    }

    /// <summary>The id by which WeChat drops a repeat: the same notice, the same id, 32 characters.</summary>
    internal static string ClientMessageId(string noticeId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(noticeId)))[..32];

    /// <summary>
    /// A consent is used up by a message that went out, not by an attempt that did not. Counting one too many is harmless: WeChat
    /// refuses the message, and then the count is corrected.
    /// </summary>
    private async Task SettleConsentAsync(string openId, string templateId, ChannelResult result, CancellationToken cancellationToken)
    {
        if (result.Code == MessageCodes.ConsentRefused) await _consents.ClearAsync(openId, templateId, cancellationToken).ConfigureAwait(false);
        else if (result.Verdict is SendVerdict.Accepted or SendVerdict.Unknown) await _consents.TakeAsync(openId, templateId, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ChannelResult> SendFilledAsync(Notice notice, string openId, FilledTemplate filled, CancellationToken cancellationToken)
    {
        TokenOutcome outcome = await _tokens.GetAsync(cancellationToken).ConfigureAwait(false);
        for (bool isRepeat = false; ; isRepeat = true)
        {
            if (outcome is TokenOutcome.Failed failed) return ResultOf(failed.Action, failed.Code, null);
            AccessToken token = ((TokenOutcome.Ready)outcome).Token;

            (ExchangeEnd end, WeChatReply? reply) = await PostAsync(token, notice, openId, filled, cancellationToken).ConfigureAwait(false);
            if (end == ExchangeEnd.NotSent) return new ChannelResult(SendVerdict.TryLater, MessageCodes.ProviderUnreachable);
            if (reply is null) return new ChannelResult(SendVerdict.Unknown, MessageCodes.ProviderUnreachable);

            (ErrorAction action, string code) = WeChatErrorTable.Find(reply.Error);
            if (action == ErrorAction.None) return new ChannelResult(SendVerdict.Accepted, code, ShownOf(filled), reply.MessageId);
            if (action != ErrorAction.RenewTokenAndRepeatOnce || isRepeat) return ResultOf(action, code, reply.Trace);
            outcome = await _tokens.RenewAsync(token, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(ExchangeEnd End, WeChatReply? Reply)> PostAsync(
        AccessToken token, Notice notice, string openId, FilledTemplate filled, CancellationToken cancellationToken)
    {
        // The token is part of the address: the address must never be logged.
        var address = new Uri(_options.BaseAddress, $"{PathOf(Kind)}?access_token={Uri.EscapeDataString(token.Value)}");
        using HttpRequestMessage request = JsonRequests.Post(address, json => WriteBody(json, notice, openId, filled));
        (ExchangeEnd end, _, byte[] body) = await HttpExchange.SendAsync(_http, request, cancellationToken).ConfigureAwait(false);
        return (end, end == ExchangeEnd.Answered ? WeChatReply.TryRead(body) : null);
    }

    private void WriteBody(Utf8JsonWriter json, Notice notice, string openId, FilledTemplate filled)
    {
        json.WriteString("touser", openId);
        json.WriteString("template_id", filled.Template.TemplateId);
        if (filled.Page is { } page) json.WriteString(Kind == ChannelKind.ServiceTemplate ? "url" : "page", page);
        if (Kind == ChannelKind.ServiceTemplate) json.WriteString("client_msg_id", ClientMessageId(notice.NoticeId));
        if (Kind == ChannelKind.MiniProgram)
        {
            json.WriteString("miniprogram_state", _options.MiniProgramState);
            json.WriteString("lang", notice.To.Language == NoticeLanguage.English ? "en_US" : "zh_CN");
        }

        json.WriteStartObject("data");
        foreach ((string key, string value) in filled.Values)
        {
            json.WriteStartObject(key);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private ChannelResult ResultOf(ErrorAction action, string code, string? detail)
    {
        DateTimeOffset now = _time.GetUtcNow();
        return action switch
        {
            ErrorAction.BackOff or ErrorAction.RenewTokenAndRepeatOnce => new ChannelResult(SendVerdict.TryLater, code, Detail: detail),
            ErrorAction.RestUntilNextMinute =>
                new ChannelResult(SendVerdict.ChannelClosed, code, Detail: detail, OpensAt: now.AddSeconds(60 - now.Second)),
            ErrorAction.RestUntilMidnight =>
                new ChannelResult(SendVerdict.ChannelClosed, code, Detail: detail, OpensAt: QuietHours.NextMidnight(now, _options.QuotaOffset)),
            ErrorAction.FallBack => new ChannelResult(SendVerdict.FallBack, code, Detail: detail),
            ErrorAction.Configuration => new ChannelResult(SendVerdict.Misconfigured, code, Detail: detail),
            _ => throw new UnreachableException(action.ToString()),
        };
    }

    private string? OpenIdOf(Recipient to) => Kind == ChannelKind.MiniProgram ? to.MiniProgramOpenId : to.ServiceOpenId;

    private static string ShownOf(FilledTemplate filled) => string.Join(" | ", filled.Values.Select(v => v.Value));

    private static string PathOf(ChannelKind kind) => kind switch
    {
        ChannelKind.MiniProgram => "cgi-bin/message/subscribe/send",
        ChannelKind.ServiceNotice => "cgi-bin/message/subscribe/bizsend",
        ChannelKind.ServiceTemplate => "cgi-bin/message/template/send",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a way of WeChat."),
    };
}
