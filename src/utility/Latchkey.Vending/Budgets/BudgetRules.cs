using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>What something issued takes of its budgets.</summary>
internal readonly record struct BudgetUse(BudgetKind Kind, string? Operator, long Tenths, LedgerUnit? Money, long MinorUnits);

/// <summary>Finds the budgets that are set for a use and takes from each. A budget is an account with a limit: the books refuse what is beyond it.</summary>
internal static class BudgetRules
{
    /// <summary>The legs that spend, or the code where no budget is set. Whether there is enough is for the books to say.</summary>
    public static (string Code, string Detail)? Legs(IVendingBooks books, in BudgetUse use, DateOnly day, out IReadOnlyList<Posting> legs)
    {
        List<Posting> spent = [];
        bool isMeasured = false;
        foreach ((BudgetName name, long amount) in Candidates(use, day))
        {
            if (books.FindAccount(name.Account) is not { IsClosed: false }) continue;
            isMeasured |= name.Owner == BudgetName.Everybody && name.Unit == (BudgetKinds.MeasureOf(use.Kind) ?? use.Money);
            spent.Add(Posting.Credit(name.Account, name.Unit, amount));
            spent.Add(Posting.Debit(name.Counter, name.Unit, amount));
        }

        legs = spent;
        return isMeasured
            ? null
            : (VendingCodes.BudgetMissing, $"No budget for {BudgetKinds.WordOf(use.Kind)} is set for {day:yyyy-MM}: set one ('latchkey budget set'), which two people approve.");
    }

    /// <summary>The first budget that cannot pay its leg; null where all can.</summary>
    public static AccountId? Spent(IVendingBooks books, IEnumerable<Posting> legs) => legs
        .Where(leg => leg.Amount < 0 && BudgetName.TryParse(leg.Account.ToString(), out _) && books.FindAccount(leg.Account)?.Available is { } left && left < -leg.Amount)
        .Select(leg => (AccountId?)leg.Account).FirstOrDefault();

    public static (string Code, string Detail) SpentRefusal(AccountId budget) =>
        (VendingCodes.BudgetSpent, $"The budget {budget} has not enough left: have it raised by two people, or wait for the next period.");

    /// <summary>True where an entry spends at least this of a budget of the kind, in the unit that the kind is measured in.</summary>
    public static bool Spends(JournalEntry entry, BudgetKind kind, long amount) => entry.Postings.Any(p =>
        BudgetName.TryParse(p.Account.ToString(), out BudgetName? name) && name.Kind == kind && name.Owner == BudgetName.Everybody
        && name.Unit == BudgetKinds.MeasureOf(kind) && p.Amount == -amount);

    private static IEnumerable<(BudgetName Name, long Amount)> Candidates(BudgetUse use, DateOnly day) =>
        from period in BudgetName.PeriodsOf(day)
        from owner in use.Operator is { } one ? new[] { BudgetName.Everybody, one } : [BudgetName.Everybody]
        from measure in Measures(use)
        where measure.Amount > 0
        select (new BudgetName(use.Kind, period, owner, measure.Unit), measure.Amount);

    private static IEnumerable<(LedgerUnit Unit, long Amount)> Measures(BudgetUse use)
    {
        yield return (LedgerUnit.Token, 1);
        yield return (LedgerUnit.TenthsOfKilowattHour, use.Tenths);
        if (use.Money is { } money) yield return (money, use.MinorUnits);
    }
}
