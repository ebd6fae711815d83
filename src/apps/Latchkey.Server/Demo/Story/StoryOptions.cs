using Latchkey.Meter;

namespace Latchkey.Server.Demo.Story;

/// <summary>What a story is told with.</summary>
public sealed record StoryOptions
{
    public MeterProfile Model { get; init; } = MeterProfile.Kpm31;

    /// <summary>Of everything that is drawn: keys, relay, link delays, ids.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A 15-minute load profile as CSV; null uses the built-in household.</summary>
    public string? ProfilePath { get; init; }

    /// <summary>Yearly consumption that a profile in watts per MWh is scaled to.</summary>
    public double YearlyMwh { get; init; } = 3.2;

    /// <summary>How many virtual days the story runs at least.</summary>
    public int Days { get; init; } = 30;

    /// <summary>The instant the story begins at; fixed, so that a seed repeats it.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 3, 1, 1, 0, 0, TimeSpan.Zero);
}
