using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Emulators.Hosting;
using Latchkey.Emulators.WeChat;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Latchkey.Emulators.Sms;

/// <summary>A stand-in for an HTTP text message gateway in the style of Africa's Talking.</summary>
public sealed class SmsEmulator(string userName, TimeProvider time) : IAsyncDisposable
{
    private const int MaxMessages = 10_000;
    private readonly Lock _gate = new();
    private readonly List<ReceivedMessage> _received = [];
    private readonly Queue<int> _statuses = new();
    private LoopbackHost? _host;
    private int _numbers;

    /// <summary>The gateway's key, made for this run.</summary>
    public string ApiKeyText { get; } = RandomNumberGenerator.GetHexString(64, lowercase: true);

    public string UserName => userName;

    public Uri BaseAddress => _host?.Address ?? throw new InvalidOperationException("This emulator has no address of its own.");

    public IReadOnlyList<ReceivedMessage> Received
    {
        get
        {
            lock (_gate) return [.. _received];
        }
    }

    public static async Task<SmsEmulator> StartAsync(string userName, TimeProvider time, CancellationToken cancellationToken)
    {
        var emulator = new SmsEmulator(userName, time);
        emulator._host = await LoopbackHost.StartAsync(emulator.Map, cancellationToken).ConfigureAwait(false);
        return emulator;
    }

    /// <summary>The next messages get these status codes (403 invalid number, 405 no credit, 500 ...), one each; 101 lets one through.</summary>
    public void FailNext(params IReadOnlyList<int> statuses)
    {
        lock (_gate)
        {
            foreach (int status in statuses) _statuses.Enqueue(status);
        }
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/version1/messaging", (Delegate)SendAsync).DisableAntiforgery();
        routes.MapGet("/_emulator/sms", () => Results.Json(Received));
        routes.MapGet("/_emulator/sms/phone", (HttpContext c) => InboxPage.Show(null, Received, c));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IResult> SendAsync(HttpContext context)
    {
        if (context.Request.Headers["apiKey"] != ApiKeyText) return Results.Text("The supplied authentication is invalid", statusCode: 401);
        if (!context.Request.HasFormContentType) return Results.Text("form expected", statusCode: 400);
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        string to = form["to"].ToString(), text = form["message"].ToString();
        if (form["username"] != userName || to.Length == 0 || text.Length == 0) return Results.Text("username, to and message are required", statusCode: 400);

        lock (_gate)
        {
            int status = _statuses.TryDequeue(out int asked) ? asked : to[0] == '+' ? 101 : 403;
            string id = string.Create(CultureInfo.InvariantCulture, $"ATXid_{++_numbers}");
            if (status is 100 or 101 or 102)
            {
                if (_received.Count == MaxMessages) _received.RemoveAt(0);
                _received.Add(new ReceivedMessage(id, "sms", to, null, [KeyValuePair.Create("text", text)], null, time.GetUtcNow()));
            }

            return Results.Json(new
            {
                SMSMessageData = new
                {
                    Message = "Sent to 1/1",
                    Recipients = new[] { new { statusCode = status, number = to, status = status < 400 ? "Success" : "Failed", cost = "KES 0.8000", messageId = id } },
                },
            }, (System.Text.Json.JsonSerializerOptions?)PascalCase);
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions PascalCase = new() { PropertyNamingPolicy = null };
}
