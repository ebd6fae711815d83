namespace Latchkey.HeadEnd;

/// <summary>Settings of a head-end. The defaults suit a park.</summary>
public sealed record HeadEndOptions
{
    /// <summary>Spreads retries; the same seed repeats a run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Exchanges open at once over all meters; more wait, so that retries cannot fill a cell.</summary>
    public int MaxInFlight { get; init; } = 1_000;

    /// <summary>Open deliveries per meter; more are refused.</summary>
    public int MaxOpenPerMeter { get; init; } = 64;

    /// <summary>Datagrams per exchange after the first exchange of a delivery has failed; see docs/adr on delivery.</summary>
    /// <remarks>Loss comes in spells. Once a whole exchange was lost, repeating inside the spell is waste, so later exchanges probe.</remarks>
    public int ProbeTransmissions { get; init; } = 2;

    /// <summary>How long tokens are tried. The token itself stays good.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a command is tried before it is given up as stale.</summary>
    public TimeSpan CommandLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a request for a reading is tried.</summary>
    public TimeSpan ReadLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A meter's clock may be this far ahead of ours before its times are refused.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromHours(25);

    /// <summary>Readings older than this are refused.</summary>
    public TimeSpan OldestReading { get; init; } = TimeSpan.FromDays(400);
}
