namespace Latchkey.Server.Demo.Story;

/// <summary>One step of the story: what happened, whether it came out right, and its figures.</summary>
/// <param name="Name">What the step is about, in a few words.</param>
/// <param name="Ok">Whether everything that was expected of the step came true.</param>
/// <param name="At">The world's time when the step ended.</param>
/// <param name="Figures">The step's figures by name.</param>
/// <param name="Failure">What did not come true; null when the step is right.</param>
public sealed record StoryStep(string Name, bool Ok, DateTimeOffset At, IReadOnlyDictionary<string, object> Figures, string? Failure);

/// <summary>A token that the story made or typed, and what became of it at the meter.</summary>
public sealed record StoryToken(string Token, string Kind, string Meter, string Result, string Channel);

/// <summary>A reminder that reached the tenant's phone.</summary>
public sealed record StoryReminder(DateTimeOffset At, string English, string Chinese, string Channel);

/// <summary>The whole story, as <c>latchkey demo --json</c> prints it.</summary>
public sealed record StoryReport
{
    public required string Model { get; init; }

    public required int Seed { get; init; }

    public required string LoadProfile { get; init; }

    public required double VirtualDays { get; init; }

    public required IReadOnlyList<StoryStep> Steps { get; init; }

    /// <summary>Whether ledger, tokens and meter totals agree to the last unit.</summary>
    public required bool Reconciled { get; init; }

    public required IReadOnlyList<StoryToken> Tokens { get; init; }

    public required IReadOnlyList<StoryReminder> Reminders { get; init; }

    public required string MetrologyHashBefore { get; init; }

    public required string MetrologyHashAfter { get; init; }

    /// <summary>Credits that the meter booked more often than once: the meter's granted total less what its accepted tokens are worth.</summary>
    public required int DuplicateCredits { get; init; }

    /// <summary>Real seconds the story took; the only part that differs between two runs with one seed.</summary>
    public required double DurationSeconds { get; init; }

    public bool Ok => Reconciled && DuplicateCredits == 0 && Steps.Count > 0 && Steps.All(step => step.Ok);
}
