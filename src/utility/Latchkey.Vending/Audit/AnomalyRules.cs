using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The rules, each on its own; the same books give the same answer, in the same order.</summary>
internal sealed class AnomalyRules(AnomalyOptions options, Func<DateTimeOffset, DateTime> wallClock)
{
    public const string WithoutTender = "token-without-tender", OffHours = "off-hours", SamePerson = "same-operator", SamePair = "same-pair", RoundValues = "round-values",
        NoHistory = "no-purchase-history", Burst = "burst", SameMeter = "same-meter";

    /// <param name="issues">By time.</param>
    /// <param name="firstPaid">When a meter first bought anything; null where it never did.</param>
    public IReadOnlyList<Anomaly> Judge(IReadOnlyList<UnpaidIssue> issues, Func<MeterPan, DateTimeOffset?> firstPaid) =>
    [
        .. By(WithoutTender, issues.Where(i => i.Tenths > 0), i => i.AskedBy, least: 1),
        .. By(OffHours, issues.Where(IsOffHours), i => i.AskedBy, least: 1),
        .. Share(SamePerson, issues, i => i.AskedBy),
        .. Share(SamePair, issues, i => $"{i.AskedBy} + {i.ApprovedBy}"),
        .. By(RoundValues, issues.Where(i => i.Tenths > 0 && i.Tenths % options.RoundTenths == 0), i => i.AskedBy, options.RoundCount),
        .. By(NoHistory, issues.Where(i => i.Pan is { } pan && i.Tenths > 0 && !(firstPaid(pan) < i.At)), i => i.Pan!.Value.ToString(), least: 1),
        .. issues.GroupBy(i => i.AskedBy, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => LargestBurst([.. g])).OfType<Anomaly>(),
        .. By(SameMeter, issues.Where(i => i.Pan is not null && i.Tenths > 0), i => i.Pan!.Value.ToString(), options.SameMeterCount),
    ];

    private bool IsOffHours(UnpaidIssue issue) => wallClock(issue.At) is var at && (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || at.Hour < options.DayBegins || at.Hour >= options.DayEnds);

    private static IEnumerable<Anomaly> By(string rule, IEnumerable<UnpaidIssue> issues, Func<UnpaidIssue, string> who, int least) => issues
        .GroupBy(who, StringComparer.Ordinal).Where(g => g.Count() >= least).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => Of(rule, g.Key, [.. g]));

    /// <summary>Somebody who stands behind more than their share of all there is.</summary>
    private IEnumerable<Anomaly> Share(string rule, IReadOnlyList<UnpaidIssue> issues, Func<UnpaidIssue, string> who) => issues.Count < options.ShareCount
        ? []
        : By(rule, issues, who, least: 1).Where(a => 100L * a.Count > (long)options.SharePercent * issues.Count);

    /// <summary>The most issues of one person that fall into one window; the earliest such window.</summary>
    private Anomaly? LargestBurst(UnpaidIssue[] issues)
    {
        int from = 0, best = 0, bestFrom = 0;
        for (int to = 0; to < issues.Length; to++)
        {
            while (issues[to].At - issues[from].At > options.BurstWindow) from++;
            if (to - from + 1 > best) (best, bestFrom) = (to - from + 1, from);
        }

        return best < options.BurstCount ? null : Of(Burst, issues[0].AskedBy, issues[bestFrom..(bestFrom + best)]);
    }

    private static Anomaly Of(string rule, string who, UnpaidIssue[] issues) =>
        new(rule, who, issues.Length, issues[0].At, issues[^1].At, [.. issues.Take(Anomaly.MaxIds).Select(i => i.Id)]);
}
