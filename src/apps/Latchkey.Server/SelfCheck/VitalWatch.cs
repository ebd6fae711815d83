using System.Collections.Concurrent;

namespace Latchkey.Server.SelfCheck;

/// <summary>Looks at every probe at its own pace and keeps what it found: whoever asks for it causes no work, and a change is told in the log once.</summary>
/// <param name="time">The clock on the wall, whatever time the platform lives in.</param>
internal sealed partial class VitalWatch(IEnumerable<IVitalProbe> probes, TimeProvider time, ILogger<VitalWatch> logger) : BackgroundService
{
    internal const string NotChecked = "not-checked", CheckFailed = "check-failed";

    // A probe that hangs is as bad as one that fails: past its pace and this, what it found last counts no more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly IVitalProbe[] _probes = [.. probes];
    private readonly ConcurrentDictionary<string, (Vital Vital, long At)> _found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Everything as it was found last, by name.</summary>
    /// <param name="ofTheServerOnly">Leaves out what only selling needs.</param>
    public IReadOnlyList<Vital> Look(bool ofTheServerOnly) =>
    [
        .. _probes.Where(p => p.IsOfTheServer || !ofTheServerOnly).SelectMany(p => p.Names, (p, name) => Known(name, p.Every)).OrderBy(v => v.Name, StringComparer.Ordinal),
    ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_probes.Select(probe => WatchAsync(probe, stoppingToken)));

    private Vital Known(string name, TimeSpan every) =>
        _found.TryGetValue(name, out (Vital Vital, long At) known) && time.GetElapsedTime(known.At) <= every + Patience
            ? known.Vital
            : new Vital(name, VitalState.Failing, NotChecked, null);

    private async Task WatchAsync(IVitalProbe probe, CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (Vital vital in await LookAsync(probe, cancellationToken)) Keep(vital);
            await Task.Delay(probe.Every, time, cancellationToken);
        }
    }

    private void Keep(Vital vital)
    {
        _found[vital.Name] = (vital, time.GetTimestamp());

        // What hangs on another thing that ails needs no word of its own.
        if (vital.Code == NotChecked || vital.Code == _told.GetValueOrDefault(vital.Name, Vital.Ok)) return;
        _told[vital.Name] = vital.Code;
        if (vital.State == VitalState.Well) WellAgain(logger, vital.Name);
        else Ailing(logger, vital.Name, vital.Code, vital.Detail ?? string.Empty);
    }

    private static async Task<IReadOnlyList<Vital>> LookAsync(IVitalProbe probe, CancellationToken cancellationToken)
    {
#pragma warning disable CA1031 // whatever a probe meets is what it found: that it cannot be looked at
        try
        {
            return await probe.LookAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return [.. probe.Names.Select(name => new Vital(name, VitalState.Failing, CheckFailed, e.Message))];
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(6022, LogLevel.Warning, "Self-check: {Name} is {Code}. {Detail}")]
    private static partial void Ailing(ILogger logger, string name, string code, string detail);

    [LoggerMessage(6023, LogLevel.Warning, "Self-check: {Name} is well again")]
    private static partial void WellAgain(ILogger logger, string name);
}
