using System.Runtime.InteropServices;

namespace Latchkey.Ledger;

/// <summary>The totals of one unit: in good books each pair is equal.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UnitTotals(Int128 DebitsPosted, Int128 CreditsPosted, Int128 DebitsPending, Int128 CreditsPending)
{
    public bool IsBalanced => DebitsPosted == CreditsPosted && DebitsPending == CreditsPending;
}

/// <summary>Every account's totals, and per unit their sums.</summary>
public sealed record TrialBalance(IReadOnlyList<LedgerAccount> Accounts, IReadOnlyDictionary<LedgerUnit, UnitTotals> Units)
{
    public bool IsBalanced => Units.Values.All(u => u.IsBalanced);

    public static TrialBalance Of(IEnumerable<LedgerAccount> accounts)
    {
        LedgerAccount[] all = [.. accounts.OrderBy(a => a.Id)];
        var units = all.GroupBy(a => a.Unit).ToDictionary(
            group => group.Key,
            group => new UnitTotals(
                Sum(group, b => b.DebitsPosted), Sum(group, b => b.CreditsPosted), Sum(group, b => b.DebitsPending), Sum(group, b => b.CreditsPending)));
        return new TrialBalance(all, units);
    }

    private static Int128 Sum(IEnumerable<LedgerAccount> accounts, Func<AccountBalance, long> total) =>
        accounts.Aggregate(Int128.Zero, (sum, account) => sum + total(account.Balance));
}
