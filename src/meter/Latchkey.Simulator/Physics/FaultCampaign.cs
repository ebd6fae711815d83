using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>What a campaign of requests under random faults found.</summary>
/// <param name="Requests">Requests made.</param>
/// <param name="Breaches">Every breach of a rule, with the seed and the number of the request that replay it; the first hundred.</param>
/// <param name="SilentErrors">Times the believed position was wrong and the last word about it was not a doubt.</param>
/// <param name="ClosedAgainstWill">Times current could flow that was to be off, outside the rules of the retries.</param>
/// <param name="ForbiddenPulses">Pulses towards closed while open was wanted, too soon after another, or more than three for one cause.</param>
/// <param name="Events">How often each event was told.</param>
public sealed record FaultCampaignResult(
    int Requests, int SilentErrors, int ClosedAgainstWill, int ForbiddenPulses,
    IReadOnlyList<string> Breaches, IReadOnlyDictionary<SwitchEventKind, int> Events)
{
    /// <summary>As figures: what must never happen, and how often each event was told.</summary>
    public IEnumerable<BenchFigure> Figures() =>
    [
        BenchFigure.Reported("faults-requests", Requests, "requests"),
        BenchFigure.AtMost("faults-silently-wrong", SilentErrors, "times", 0),
        BenchFigure.AtMost("faults-closed-against-will", ClosedAgainstWill, "times", 0),
        BenchFigure.AtMost("faults-forbidden-pulses", ForbiddenPulses, "times", 0),
        .. Events.OrderBy(e => e.Key).Select(e => BenchFigure.Reported($"faults-event-{e.Key}", e.Value, "times")),
    ];
}

/// <summary>Random requests while the relay, the supply, the load and the firmware's own power misbehave at random.</summary>
public static class FaultCampaign
{
    private const int RequestsPerRelay = 50;
    private const int MostBreaches = 100;

    /// <summary>Runs so many requests.</summary>
    public static FaultCampaignResult Run(int requests, int seed)
    {
        var counts = new Dictionary<SwitchEventKind, int>();
        List<string> breaches = [];
        int silent = 0, against = 0, forbidden = 0;
        for (int done = 0; done < requests; done += RequestsPerRelay)
        {
            int lifeSeed = unchecked((seed * 65_537) + done);
            var life = new FaultedLife(lifeSeed);
            for (int n = 0; n < Math.Min(RequestsPerRelay, requests - done); n++)
            {
                FaultVerdict verdict = life.Request();
                foreach (SwitchEvent e in life.Told) counts[e.Kind] = counts.GetValueOrDefault(e.Kind) + 1;
                if (verdict == FaultVerdict.Right) continue;
                if (verdict == FaultVerdict.SilentlyWrong) silent++;
                else if (verdict == FaultVerdict.ClosedAgainstWill) against++;
                else forbidden++;
                if (breaches.Count < MostBreaches) breaches.Add($"{verdict}: relay seed {lifeSeed}, request {n}: {life.Description}");
            }
        }

        return new(requests, silent, against, forbidden, breaches, counts);
    }

    /// <summary>Lives one relay again up to a request; the verdict of that request with what was told.</summary>
    public static (FaultVerdict Verdict, string Description) Replay(int relaySeed, int request)
    {
        var life = new FaultedLife(relaySeed);
        for (int n = 0; n < request; n++) life.Request();
        FaultVerdict verdict = life.Request();
        return (verdict, life.Description);
    }
}

/// <summary>What one request under faults came to.</summary>
public enum FaultVerdict
{
    /// <summary>Believed what was, or said that it did not know.</summary>
    Right = 0,

    /// <summary>Believed wrongly and did not say so.</summary>
    SilentlyWrong = 1,

    /// <summary>Current could flow that was to be off, and no retry was due.</summary>
    ClosedAgainstWill = 2,

    /// <summary>A pulse that no rule allows.</summary>
    ForbiddenPulse = 3,
}
