using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>One thing the platform has to tell, until it is acknowledged or given up.</summary>
internal sealed class PendingNotification(string id, string eventType, JsonObject content, Uri address, DateTimeOffset due)
{
    public string Id { get; } = id;

    public string EventType { get; } = eventType;

    public JsonObject Content { get; } = content;

    public Uri Address { get; } = address;

    public DateTimeOffset Due { get; set; } = due;

    public int Sendings { get; set; }

    public bool LostForEver { get; set; }

    public bool WasDelayed { get; set; }
}

/// <summary>One sending that took place, for people and tests to look at.</summary>
/// <param name="NotificationId">Its id.</param>
/// <param name="At">When.</param>
/// <param name="Fault">What was made to go wrong.</param>
/// <param name="StatusCode">What the merchant answered; 0 when nothing was sent or nothing came back.</param>
public sealed record NotificationSending(string NotificationId, DateTimeOffset At, NotificationFault Fault, int StatusCode);

/// <summary>Sends notifications on the platform's published schedule, with faults from a script and by chance. Deterministic from its seed.</summary>
internal sealed class NotificationQueue(
    NotificationWriter writer, Func<NotificationWeather> weather, SeededDraws draws, HttpClient http, TimeProvider time)
    : IDisposable
{
    private const int MaxLog = 1_000;

    /// <summary>Source: WeChat Pay APIv3, payment notification: waits before the repeats.</summary>
    private static readonly TimeSpan[] Repeats =
    [
        Seconds(15), Seconds(15), Seconds(30), Minutes(3), Minutes(10), Minutes(20), Minutes(30), Minutes(30), Minutes(30),
        Minutes(60), Minutes(180), Minutes(180), Minutes(180), Minutes(360), Minutes(360),
    ];

    private readonly Lock _gate = new();
    private readonly List<PendingNotification> _pending = [];
    private readonly Queue<NotificationFault> _script = new();
    private readonly List<NotificationSending> _log = [];
    private readonly SemaphoreSlim _sending = new(1, 1);
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<NotificationSending> Log
    {
        get
        {
            lock (_gate) return [.. _log];
        }
    }

    public void Script(IEnumerable<NotificationFault> faults)
    {
        lock (_gate)
        {
            foreach (NotificationFault fault in faults) _script.Enqueue(fault);
        }
    }

    public void Add(string eventType, JsonObject content, Uri address, DateTimeOffset due)
    {
        lock (_gate)
        {
            _pending.Add(new PendingNotification("EV-" + draws.Digits(24), eventType, content, address, due));
            _changed.TrySetResult();
        }
    }

    public void Dispose() => _sending.Dispose();

    /// <summary>Sends everything that is due, in order of time, and returns how many sendings there were.</summary>
    public async Task<int> DeliverDueAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int sendings = 0;
            while (TakeDue() is { } due)
            {
                await SendAsync(due, cancellationToken).ConfigureAwait(false);
                sendings++;
            }

            return sendings;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Delivers as things become due, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            (Task signal, TimeSpan wait) = NextWait();
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(signal, Task.Delay(wait, time, waiting.Token)).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            await DeliverDueAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private (Task Signal, TimeSpan Wait) NextWait()
    {
        lock (_gate)
        {
            if (_changed.Task.IsCompleted) _changed = NewSignal();
            if (_pending.Count == 0) return (_changed.Task, TimeSpan.FromHours(1));
            TimeSpan wait = _pending.Min(p => p.Due) - time.GetUtcNow();
            return (_changed.Task, wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
        }
    }

    private PendingNotification? TakeDue()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            return _pending.Where(p => p.Due <= now).MinBy(p => p.Due);
        }
    }

    private async Task SendAsync(PendingNotification pending, CancellationToken cancellationToken)
    {
        NotificationFault fault = NextFault(pending);
        if (fault == NotificationFault.Delayed)
        {
            lock (_gate) pending.Due = time.GetUtcNow() + Seconds(1 + draws.Below(120));
            Record(pending, fault, 0);
            return;
        }

        int status = 0;
        bool lost = fault is NotificationFault.LostOnce or NotificationFault.LostForEver;
        if (!lost) status = await PostAsync(pending, fault, cancellationToken).ConfigureAwait(false);
        Record(pending, fault, status);
        if (fault == NotificationFault.Repeated)
        {
            status = await PostAsync(pending, NotificationFault.None, cancellationToken).ConfigureAwait(false);
            Record(pending, fault, status);
        }

        Settle(pending, fault, acknowledged: status is 200 or 204);
    }

    private NotificationFault NextFault(PendingNotification pending)
    {
        if (pending.LostForEver) return NotificationFault.LostForEver;
        lock (_gate)
        {
            if (_script.TryDequeue(out NotificationFault scripted)) return scripted;
        }

        NotificationWeather chances = weather();
        int drawn = draws.Below(100);
        if (drawn < chances.LostPercent) return NotificationFault.LostOnce;
        if ((drawn -= chances.LostPercent) < chances.RepeatedPercent) return NotificationFault.Repeated;
        if ((drawn -= chances.RepeatedPercent) < chances.DelayedPercent && !pending.WasDelayed) return NotificationFault.Delayed;
        return (drawn - chances.DelayedPercent) is >= 0 and var rest && rest < chances.ForgedPercent
            ? NotificationFault.ForgedSignature
            : NotificationFault.None;
    }

    private void Settle(PendingNotification pending, NotificationFault fault, bool acknowledged)
    {
        lock (_gate)
        {
            pending.LostForEver |= fault == NotificationFault.LostForEver;
            if (acknowledged || pending.Sendings >= Repeats.Length) _pending.Remove(pending);
            else pending.Due = time.GetUtcNow() + Repeats[pending.Sendings];
            pending.Sendings++;
        }
    }

    private async Task<int> PostAsync(PendingNotification pending, NotificationFault fault, CancellationToken cancellationToken)
    {
        SignedNotification signed = writer.Write(pending, fault, time.GetUtcNow());
        using var request = new HttpRequestMessage(HttpMethod.Post, pending.Address) { Content = new ByteArrayContent(signed.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach ((string name, string value) in signed.Headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return (int)response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The merchant is down or slow: the same as a refusal, and repeated like one.
            return 0;
        }
    }

    private void Record(PendingNotification pending, NotificationFault fault, int status)
    {
        lock (_gate)
        {
            pending.WasDelayed |= fault == NotificationFault.Delayed;
            if (_log.Count == MaxLog) _log.RemoveAt(0);
            _log.Add(new NotificationSending(pending.Id, time.GetUtcNow(), fault, status));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
}
