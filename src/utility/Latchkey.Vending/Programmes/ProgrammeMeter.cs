using Latchkey.Sts;

namespace Latchkey.Vending.Programmes;

/// <summary>Where a meter stands in a programme. Numbers are stored.</summary>
public enum ProgrammeMeterState
{
    /// <summary>Counted; its turn has not come.</summary>
    Waiting = 1,

    /// <summary>Its change of keys is planned; it buys under its old key until the set is made.</summary>
    Planned = 2,

    /// <summary>The set is made, and goes with every purchase until the meter has it.</summary>
    Issued = 3,

    /// <summary>The meter has the new key.</summary>
    Proven = 4,

    /// <summary>Left out by a person, with a reason.</summary>
    Exempt = 5,

    /// <summary>It cannot be planned; the code says why.</summary>
    Failed = 6,

    /// <summary>Its key has ended and no set is made for it: it can be sold nothing. Never stored, it follows from the clock.</summary>
    Dark = 7,
}

/// <summary>A meter in a programme.</summary>
/// <param name="Cohort">The place of its cohort; it stays in the one that it was counted into.</param>
/// <param name="DarkAt">The moment from which on nothing can be made under the key that it had when it was counted.</param>
/// <param name="Code">Of a failure; or a person's reason for leaving it out.</param>
public sealed record ProgrammeMeter(
    MeterPan Pan, int Cohort, ProgrammeMeterState State, DateTimeOffset DarkAt, DarkReason DarkReason,
    DateOnly? PlannedOn = null, DateOnly? IssuedOn = null, DateOnly? ProvenOn = null, string? Code = null)
{
    /// <summary>The state as a person sees it: dark where the moment has come and nothing is made.</summary>
    public ProgrammeMeterState Shown(DateTimeOffset now) => IsWithoutSet && now >= DarkAt ? ProgrammeMeterState.Dark : State;

    private bool IsWithoutSet => State is ProgrammeMeterState.Waiting or ProgrammeMeterState.Planned or ProgrammeMeterState.Failed;
}

/// <summary>A line of the list of who goes dark when.</summary>
public sealed record DarkLine(ProgrammeMeter Meter, string Place, string CustomerAccount, PurchaseHistory Purchases)
{
    /// <summary>When the customer is expected to buy next; null for one who has not bought twice.</summary>
    public DateOnly? NextPurchase(DateOnly today) => Purchases.Next(today);
}

/// <summary>What the books say of a meter's purchases.</summary>
public readonly record struct PurchaseHistory(int Count, DateOnly? First, DateOnly? Last)
{
    /// <summary>The mean of days from one purchase to the next, at least one; null with fewer than two purchases.</summary>
    public int? DaysBetween => Count < 2 || First is not { } first || Last is not { } last
        ? null
        : Math.Max(1, (last.DayNumber - first.DayNumber + ((Count - 1) / 2)) / (Count - 1));

    /// <summary>The first day from today on at which the customer's habit has a purchase; null where there is no habit.</summary>
    public DateOnly? Next(DateOnly today)
    {
        if (DaysBetween is not { } days) return null;
        DateOnly next = Last!.Value.AddDays(days);

        // Whoever has let many purchases go by has no habit any more that could be counted on.
        if (today.DayNumber - next.DayNumber > 3 * Math.Max(days, 30)) return null;
        return next < today ? today : next;
    }
}
