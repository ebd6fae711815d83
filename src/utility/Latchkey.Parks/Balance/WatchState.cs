using System.Collections.Immutable;
using Latchkey.Sts;

namespace Latchkey.Parks.Balance;

/// <summary>What the watch tells. The numbers are stored.</summary>
public enum WatchNews
{
    LowBalance = 1,
    SupplyOff = 2,
}

/// <summary>Something the watch decided to tell, once.</summary>
/// <param name="Kind">What.</param>
/// <param name="About">The reading it is about; with the meter it names the notice.</param>
/// <param name="CreditMilli">The credit in that reading.</param>
/// <param name="IsTold">The messenger has it.</param>
public sealed record WatchNotice(WatchNews Kind, DateTimeOffset About, long CreditMilli, bool IsTold);

/// <summary>What the watch remembers of one meter between two readings. One row, so that a crossing and the wish to tell it are written together.</summary>
public sealed record WatchState
{
    /// <summary>Notices kept, the newest: enough to recognise a crossing again when readings come late.</summary>
    public const int Remembers = 64;

    public required MeterPan Pan { get; init; }

    /// <summary>The watch starts afresh with each occupancy.</summary>
    public required Guid OccupancyId { get; init; }

    /// <summary>The newest reading seen.</summary>
    public DateTimeOffset LastAt { get; init; }

    /// <summary>Since which reading the balance is low: it fell below the threshold and has not re-armed. Null when it is not.</summary>
    public DateTimeOffset? LowSince { get; init; }

    /// <summary>Since which reading the supply is off for want of credit; null when it is not.</summary>
    public DateTimeOffset? OffSince { get; init; }

    /// <summary>Oldest first.</summary>
    public ImmutableArray<WatchNotice> Notices { get; init; } = [];

    public bool HasNews => Notices.Any(n => !n.IsTold);

    public WatchState With(WatchNotice notice)
    {
        ImmutableArray<WatchNotice> all = Notices.Add(notice);
        return this with { Notices = all.Length > Remembers ? all[^Remembers..] : all };
    }
}
