using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>From what on something is worth a look. Nothing here is proof of anything.</summary>
public sealed record AnomalyOptions
{
    /// <summary>Working hours on the seller's clock: the first hour, and the hour that is over.</summary>
    public int DayBegins { get; init; } = 6;

    public int DayEnds { get; init; } = 20;

    /// <summary>So many issues of one person within <see cref="BurstWindow"/> are a burst.</summary>
    public int BurstCount { get; init; } = 10;

    public TimeSpan BurstWindow { get; init; } = TimeSpan.FromHours(1);

    /// <summary>0.1 kWh: multiples of this are round.</summary>
    public long RoundTenths { get; init; } = 1_000;

    /// <summary>So many round values of one person are named.</summary>
    public int RoundCount { get; init; } = 3;

    /// <summary>From so many issues on it is asked whether one person, or one pair, stands behind more than <see cref="SharePercent"/> of them.</summary>
    public int ShareCount { get; init; } = 10;

    public int SharePercent { get; init; } = 50;

    /// <summary>Gifts to one meter.</summary>
    public int SameMeterCount { get; init; } = 3;
}

/// <summary>A rule that something answered to. Codes are stable.</summary>
/// <param name="Rule">For example <c>token-without-tender</c>.</param>
/// <param name="Who">The person, the pair of persons, or the meter it is about.</param>
/// <param name="Ids">The issues, oldest first; at most <see cref="MaxIds"/>.</param>
public sealed record Anomaly(string Rule, string Who, int Count, DateTimeOffset First, DateTimeOffset Last, IReadOnlyList<Guid> Ids)
{
    public const int MaxIds = 50;
}

/// <summary>A token that nobody paid for.</summary>
/// <param name="Tenths">0.1 kWh; 0 for one without energy.</param>
public sealed record UnpaidIssue(Guid Id, string Kind, MeterPan? Pan, DateTimeOffset At, long Tenths, string AskedBy, string ApprovedBy);

/// <summary>What looks unlike honest business in orders, management tokens and approvals.</summary>
/// <param name="Orders">How many orders were looked at.</param>
public sealed record AnomalyReport(long Orders, IReadOnlyList<UnpaidIssue> Issues, IReadOnlyList<Anomaly> Anomalies);
