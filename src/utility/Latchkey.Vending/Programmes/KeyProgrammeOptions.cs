namespace Latchkey.Vending.Programmes;

/// <summary>How much a programme does at a time.</summary>
public sealed record KeyProgrammeOptions
{
    /// <summary>Meters that are counted in one step.</summary>
    public int CountingBatch { get; init; } = 2_000;

    /// <summary>Meters of a cohort that are planned, issued or looked at in one step.</summary>
    public int Batch { get; init; } = 200;

    /// <summary>After this time all meters are looked at again, for new ones.</summary>
    public TimeSpan CountAgainAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long what is known of the programmes is believed; another process may start or pause one.</summary>
    public TimeSpan Believed { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What one step did.</summary>
public sealed record ProgrammeStep(int Counted, int Planned, int Issued, int Proven, int Failed)
{
    public static ProgrammeStep None { get; } = new(0, 0, 0, 0, 0);

    public bool IsNothing => this == None;

    public static ProgrammeStep operator +(ProgrammeStep a, ProgrammeStep b) => Add(a, b);

    public static ProgrammeStep Add(ProgrammeStep a, ProgrammeStep b) =>
        new(a.Counted + b.Counted, a.Planned + b.Planned, a.Issued + b.Issued, a.Proven + b.Proven, a.Failed + b.Failed);
}
