using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Latchkey.Emulators.WeChat;

/// <summary>
/// A stand-in for WeChat's server interface with one account: access tokens, three ways of sending, the published errors on request, and what
/// each phone received, as data and as a page.
/// </summary>
public sealed class WeChatEmulator : IAsyncDisposable
{
    private const int MaxMessages = 10_000;
    private static readonly TimeSpan ClientIdMemory = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly WeChatEmulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly SeededDraws _draws;
    private readonly AccessTokenBook _tokens;
    private readonly Queue<int> _errors = new();
    private readonly List<ReceivedMessage> _received = [];
    private readonly Dictionary<(string, string), int> _consents = [];
    private int _callsToday;
    private DateOnly _today;
    private LoopbackHost? _host;

    public WeChatEmulator(WeChatEmulatorOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _draws = new SeededDraws(options.Seed);
        _tokens = new AccessTokenBook(options.TokenLifetime, _draws, time);
        AppSecretText = RandomNumberGenerator.GetHexString(32, lowercase: true);
    }

    public string AppId => _options.AppId;

    /// <summary>The account's secret, made for this run: what an operator would get from the platform.</summary>
    public string AppSecretText { get; }

    public Uri BaseAddress => _host?.Address ?? throw new InvalidOperationException("This emulator has no address of its own.");

    /// <summary>How many different access tokens were given out.</summary>
    public int TokensIssued => _tokens.Issued;

    /// <summary>How many times an access token was asked for.</summary>
    public int TokenRequests => _tokens.Requests;

    /// <summary>Everything that arrived on phones, the oldest first.</summary>
    public IReadOnlyList<ReceivedMessage> Received
    {
        get
        {
            lock (_gate) return [.. _received];
        }
    }

    public static async Task<WeChatEmulator> StartAsync(WeChatEmulatorOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var emulator = new WeChatEmulator(options, time);
        emulator._host = await LoopbackHost.StartAsync(emulator.Map, cancellationToken).ConfigureAwait(false);
        return emulator;
    }

    /// <summary>The next sends are answered with these errors, one each; 0 lets one through.</summary>
    public void FailNext(params IReadOnlyList<int> errors)
    {
        lock (_gate)
        {
            foreach (int error in errors) _errors.Enqueue(error);
        }
    }

    /// <summary>The token in use is refused from now on.</summary>
    public void RevokeToken() => _tokens.Revoke();

    /// <summary>The reader agrees to one more message of a one-time template.</summary>
    public void Consent(string openId, string templateId)
    {
        lock (_gate) _consents[(openId, templateId)] = _consents.GetValueOrDefault((openId, templateId)) + 1;
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/cgi-bin/stable_token", (Delegate)TokenAsync);
        routes.MapPost("/cgi-bin/message/subscribe/send", (Delegate)((HttpContext c) => SendAsync(c, "subscribe")));
        routes.MapPost("/cgi-bin/message/subscribe/bizsend", (Delegate)((HttpContext c) => SendAsync(c, "bizsend")));
        routes.MapPost("/cgi-bin/message/template/send", (Delegate)((HttpContext c) => SendAsync(c, "template")));
        routes.MapGet("/_emulator/inbox", () => Results.Json(Received));
        routes.MapGet("/_emulator/inbox/{openId}", (string openId) => Results.Json(Received.Where(m => m.To == openId)));
        routes.MapGet("/_emulator/phone", (HttpContext c) => InboxPage.Show(null, Received, c));
        routes.MapGet("/_emulator/phone/{openId}", (HttpContext c, string openId) => InboxPage.Show(openId, Received, c));
        routes.MapPost("/_emulator/errors/{error:int}", (int error) =>
        {
            FailNext(error);
            return Results.NoContent();
        });
        routes.MapPost("/_emulator/consent/{openId}/{templateId}", (string openId, string templateId) =>
        {
            Consent(openId, templateId);
            return Results.NoContent();
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        JsonObject? body = await ReadAsync(context).ConfigureAwait(false);
        if (Text(body, "grant_type") != "client_credential") return Error(40002);
        if (Text(body, "appid") != AppId) return Error(40013);
        if (Text(body, "secret") != AppSecretText) return Error(40125);
        (string value, int seconds) = _tokens.Issue(body!["force_refresh"] is JsonValue force && force.TryGetValue(out bool forced) && forced);
        return Results.Json(new { access_token = value, expires_in = seconds });
    }

    private async Task<IResult> SendAsync(HttpContext context, string way)
    {
        JsonObject? body = await ReadAsync(context).ConfigureAwait(false);
        int refused = _tokens.Check(context.Request.Query["access_token"]);
        if (refused != 0) return Error(refused);
        lock (_gate)
        {
            if (_errors.TryDequeue(out int asked) && asked != 0) return Error(asked);
            if (IsQuotaSpent()) return Error(45009);
            return Deliver(body, way);
        }
    }

    private bool IsQuotaSpent()
    {
        var today = DateOnly.FromDateTime(_time.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).DateTime);
        if (today != _today) (_today, _callsToday) = (today, 0);
        return ++_callsToday > _options.DailyQuota;
    }

    private IResult Deliver(JsonObject? body, string way)
    {
        if (Text(body, "touser") is not { Length: > 0 } to) return Error(40003);
        if (Text(body, "template_id") is not { Length: > 0 } template) return Error(40037);
        if (_options.Templates.Count > 0 && !_options.Templates.ContainsKey(template)) return Error(40037);
        if (body!["data"] is not JsonObject data) return Error(47003, "data");

        var fields = new List<KeyValuePair<string, string>>();
        foreach ((string key, JsonNode? field) in data)
        {
            string value = Text(field as JsonObject, "value") ?? string.Empty;
            bool wanted = !_options.Templates.TryGetValue(template, out IReadOnlyList<string>? keys) || keys.Contains(key, StringComparer.Ordinal);
            if (!wanted || FieldLimits.IsInvalid(key, value)) return Error(47003, $"data.{key}.value");
            fields.Add(KeyValuePair.Create(key, value));
        }

        string? clientId = way == "template" ? Text(body, "client_msg_id") : null;
        DateTimeOffset now = _time.GetUtcNow();
        ReceivedMessage? repeat = clientId is null ? null : _received.Find(m => m.ClientMessageId == clientId && now - m.At < ClientIdMemory);
        if (repeat is not null) return Accepted(way, repeat.MessageId);
        if (_options.OneTimeTemplates.Contains(template) && !TakeConsent(to, template)) return Error(43101);

        var message = new ReceivedMessage(_draws.Digits(12).TrimStart('0') + "1", way, to, template, fields, clientId, now);
        if (_received.Count == MaxMessages) _received.RemoveAt(0);
        _received.Add(message);
        return Accepted(way, message.MessageId);
    }

    private bool TakeConsent(string openId, string templateId)
    {
        int left = _consents.GetValueOrDefault((openId, templateId));
        if (left > 0) _consents[(openId, templateId)] = left - 1;
        return left > 0;
    }

    // Only template messages are numbered.
    private static IResult Accepted(string way, string messageId) => way == "template"
        ? Results.Json(new { errcode = 0, errmsg = "ok", msgid = long.Parse(messageId, CultureInfo.InvariantCulture) })
        : Results.Json(new { errcode = 0, errmsg = "ok" });

    private IResult Error(int code, string? field = null)
    {
        string text = code switch
        {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken",
            40003 => "invalid openid",
            40037 => "invalid template_id",
            40164 => "invalid ip 127.0.0.1, not in whitelist",
            41030 => "invalid page",
            42001 => "access_token expired",
            43004 => "require subscribe",
            43101 => "user refuse to accept the msg",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit must slower retry next minute",
            47003 => $"argument invalid! {field ?? "data.thing3.value"} invalid",
            48001 => "api unauthorized",
            _ => "error",
        };
        return Results.Json(new { errcode = code, errmsg = $"{text} rid: {_draws.Hex(4).ToLowerInvariant()}-{_draws.Hex(4).ToLowerInvariant()}" });
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext context) =>
        JsonInput.TryParse(await RawRequest.BodyAsync(context).ConfigureAwait(false));

    private static string? Text(JsonObject? json, string name) => json?.Text(name);
}
