using System.Globalization;
using System.Text.Json;
using Latchkey.Messaging.Channels;
using Microsoft.Extensions.Logging;

namespace Latchkey.Messaging.WeChat;

/// <summary>An access token, or why there is none. A closed set.</summary>
public abstract record TokenOutcome
{
    private TokenOutcome()
    {
    }

    public sealed record Ready(AccessToken Token) : TokenOutcome;

    public sealed record Failed(ErrorAction Action, string Code) : TokenOutcome;
}

/// <summary>A short-lived secret. Never shown.</summary>
public sealed class AccessToken
{
    internal AccessToken(string value) => Value = value;

    internal string Value { get; }

    public override string ToString() => "access token (not shown)";
}

/// <summary>
/// The one place that fetches access tokens of an account: a second refresher elsewhere would invalidate this one's. Many callers at once
/// cause one request.
/// </summary>
/// <remarks>Source: WeChat open documentation, getStableAccessToken: 7200 s, a new one in the last five minutes; forced 20 a day, 30 s apart.</remarks>
public sealed partial class AccessTokenSource(
    HttpClient http, WeChatOptions options, WeChatAppSecret secret, TimeProvider time, ILogger<AccessTokenSource> logger) : IDisposable
{
    private const int MaxTokenLength = 2048;
    private const int MaxForcedPerDay = 20;
    private static readonly TimeSpan RenewBeforeEnd = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ForcePause = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Queue<DateTimeOffset> _forced = new();
    private AccessToken? _current;
    private DateTimeOffset _renewAt;

    /// <summary>The current token, fetched if there is none or it is about to end.</summary>
    public async Task<TokenOutcome> GetAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _current is { } known && time.GetUtcNow() < _renewAt
                ? new TokenOutcome.Ready(known)
                : await FetchAsync(force: false, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>A token other than the one WeChat refused. Whoever comes second gets what the first one fetched.</summary>
    public async Task<TokenOutcome> RenewAsync(AccessToken refused, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_current is { } known && !ReferenceEquals(known, refused)) return new TokenOutcome.Ready(known);
            TokenOutcome fetched = await FetchAsync(force: false, cancellationToken).ConfigureAwait(false);
            bool sameAgain = fetched is TokenOutcome.Ready ready && ready.Token.Value == refused.Value;
            if (!sameAgain) return fetched;

            // WeChat stands by a token that it refuses to take: only force helps, and that is rationed.
            return MayForce(time.GetUtcNow())
                ? await FetchAsync(force: true, cancellationToken).ConfigureAwait(false)
                : new TokenOutcome.Failed(ErrorAction.BackOff, MessageCodes.AccessTokenRefused);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool MayForce(DateTimeOffset now)
    {
        while (_forced.TryPeek(out DateTimeOffset oldest) && now - oldest >= TimeSpan.FromDays(1)) _forced.Dequeue();
        return _forced.Count < MaxForcedPerDay && (_forced.Count == 0 || now - _forced.Last() >= ForcePause);
    }

    private async Task<TokenOutcome> FetchAsync(bool force, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (force) _forced.Enqueue(now);
        using HttpRequestMessage request = JsonRequests.Post(new Uri(options.BaseAddress, "cgi-bin/stable_token"), json =>
        {
            json.WriteString("grant_type", "client_credential");
            json.WriteString("appid", options.AppId);
            json.WriteString("secret", secret.Value);
            json.WriteBoolean("force_refresh", force);
        });
        (ExchangeEnd end, _, byte[] body) = await HttpExchange.SendAsync(http, request, cancellationToken).ConfigureAwait(false);
        if (end != ExchangeEnd.Answered) return Fail(ErrorAction.BackOff, MessageCodes.ProviderUnreachable);
        return Read(body, now);
    }

    private TokenOutcome Read(byte[] body, DateTimeOffset now)
    {
        using JsonDocument? json = JsonFields.TryParse(body);
        if (json?.RootElement.Text("access_token") is { Length: > 0 and <= MaxTokenLength } value
            && json.RootElement.Integer("expires_in") is > 0 and <= 7200 and { } seconds)
        {
            // The same value again keeps its identity, so that a refused token stays recognisable.
            if (_current?.Value != value) _current = new AccessToken(value);
            _renewAt = now + TimeSpan.FromSeconds(seconds) - RenewBeforeEnd;
            LogFetched(seconds.ToString(CultureInfo.InvariantCulture));
            return new TokenOutcome.Ready(_current);
        }

        if (WeChatReply.TryRead(body) is not { Error: not 0 } reply) return Fail(ErrorAction.BackOff, MessageCodes.AnswerMalformed);
        (ErrorAction action, string code) = WeChatErrorTable.Find(reply.Error);

        // Asking for a token cannot be helped by asking for a token.
        return Fail(action == ErrorAction.RenewTokenAndRepeatOnce ? ErrorAction.Configuration : action, code);
    }

    private TokenOutcome.Failed Fail(ErrorAction action, string code)
    {
        LogFailed(code);
        return new TokenOutcome.Failed(action, code);
    }

    [LoggerMessage(5211, LogLevel.Information, "A WeChat access token was fetched; it lives {Seconds} s")]
    private partial void LogFetched(string seconds);

    [LoggerMessage(5212, LogLevel.Warning, "No WeChat access token: {Code}")]
    private partial void LogFailed(string code);
}
