using System.Globalization;
using Latchkey.Ledger;

namespace Latchkey.Cli.Books;

/// <summary>Periods and trial balances as sheets.</summary>
internal static class PeriodSheets
{
    private const int MeterDigits = 18;
    private static readonly string[] BalanceColumns = ["account", "class", "unit", "debits#", "credits#", "balance#", "held debit#", "held credit#"];

    public static Sheet Closed(ClosingOutcome.Closed closed, Func<DateTimeOffset, string> clock)
    {
        Sheet balance = Balance($"period {closed.Period.Number}", closed.Balance, clock);
        string[] result = [.. closed.Entry.Entry.Postings.Where(p => p.Account == PeriodClosing.Result(p.Unit).Id)
            .Select(p => $"result: {Amounts.Text(-p.Amount, p.Unit)} {Amounts.Name(p.Unit)}")];
        return balance with
        {
            Footing = [.. balance.Footing, .. result, $"closed by entry {closed.Entry.Sequence}, {closed.Entry.Hash}", .. closed.Period.Root!.TrimEnd().Split('\n')],
            Document = new { period = Of(closed.Period), trialBalance = balance.Document, entry = closed.Entry.Sequence, hash = closed.Entry.Hash.ToString() },
        };
    }

    public static Sheet List(IReadOnlyList<AccountingPeriod> periods, Func<DateTimeOffset, string> clock) => new(
        periods.Count == 0 ? ["no period is closed"] : [],
        ["period#", "through", "entry#", "closed by", "closed at", "root"],
        [
            .. periods.Select(p => new[]
            {
                Text(p.Number), clock(p.Through), Text(p.Sequence), p.ClosedBy, clock(p.ClosedAt), p.Root is null ? "missing: run ledger root" : "signed",
            }),
        ],
        [],
        periods.Select(Of));

    public static Sheet Balance(string title, PeriodBalance balance, Func<DateTimeOffset, string> clock)
    {
        string[][] all = [.. balance.Lines.Select(l => Row(l.Account.ToString(), l))];
        string[][] shown = [.. balance.Lines.GroupBy(l => (Name: Family(l.Account), l.Unit, l.Class)).Select(g => Row(g.Key.Name, Together([.. g])))];
        string[] sums =
        [
            .. balance.Units.OrderBy(u => u.Key.ToString(), StringComparer.Ordinal).Select(u =>
                $"{Amounts.Name(u.Key)}: debits {Amounts.Text(u.Value.DebitsPosted, u.Key)}, credits {Amounts.Text(u.Value.CreditsPosted, u.Key)}, "
                + (u.Value.IsBalanced ? "balanced" : "NOT BALANCED")),
        ];
        return new Sheet([$"{title} through {clock(balance.Through)}"], BalanceColumns, shown, [.. sums, "sha256 " + balance.Digest], Document(balance))
        {
            AllRows = all,
        };
    }

    private static string[] Row(string account, PeriodLine l) =>
    [
        account, l.Class.ToString().ToLowerInvariant(), Amounts.Name(l.Unit), Amounts.Text(l.Totals.DebitsPosted, l.Unit),
        Amounts.Text(l.Totals.CreditsPosted, l.Unit), Amounts.Text(l.Net, l.Unit), Amounts.TextOrBlank(l.Totals.DebitsPending, l.Unit),
        Amounts.TextOrBlank(l.Totals.CreditsPending, l.Unit),
    ];

    /// <summary>People are shown a thousand meters' accounts as one line; the other forms have them all.</summary>
    private static string Family(AccountId account)
    {
        string name = account.ToString();
        int last = name.LastIndexOf(':');
        return last > 0 && name.Length - last - 1 == MeterDigits && name.AsSpan(last + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..last] + ":(meters)" : name;
    }

    private static PeriodLine Together(PeriodLine[] lines) => lines[0] with { Totals = lines.Aggregate(default(BalanceChange), (sum, l) => sum.And(l.Totals)) };

    private static object Document(PeriodBalance balance) => new
    {
        through = balance.Through,
        sha256 = balance.Digest,
        balanced = balance.Units.Values.All(u => u.IsBalanced),
        accounts = balance.Lines.Select(l => new
        {
            account = l.Account.ToString(), accountClass = l.Class.ToString(), unit = l.Unit.ToString(), debits = Amounts.Number(l.Totals.DebitsPosted),
            credits = Amounts.Number(l.Totals.CreditsPosted), heldDebits = Amounts.Number(l.Totals.DebitsPending), heldCredits = Amounts.Number(l.Totals.CreditsPending),
        }),
    };

    private static object Of(AccountingPeriod p) => new { p.Number, p.Through, entry = p.Sequence, p.ClosedBy, p.ClosedAt, p.Root };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
