namespace Latchkey.Ledger;

/// <summary>What became of the wish to close a period.</summary>
public abstract record ClosingOutcome
{
    private ClosingOutcome()
    {
    }

    /// <param name="Balance">The trial balance as of its end, before the result was moved.</param>
    public sealed record Closed(AccountingPeriod Period, RecordedEntry Entry, PeriodBalance Balance) : ClosingOutcome;

    /// <param name="Detail">What to do, for people.</param>
    public sealed record Refused(ClosingRefusal Code, string Detail) : ClosingOutcome;
}

/// <summary>Why a period cannot be closed.</summary>
public enum ClosingRefusal
{
    NameMissing = 1,
    TooEarly = 2,

    /// <summary>It, or a part of it, is closed; what is closed is not opened again.</summary>
    AlreadyClosed = 3,
    NothingThere = 4,
    TooLarge = 5,

    /// <summary>The audit finds the ledger broken: what is closed is said to be right.</summary>
    BooksBroken = 6,
}
