using System.Globalization;
using Latchkey.Ledger;

namespace Latchkey.Cli.Books;

/// <summary>The statement of an account as a sheet. The balance stands on the account's own side: a float that holds money is above zero.</summary>
internal static class StatementSheet
{
    private const int ShownHash = 12;
    private static readonly string[] Columns = ["entry#", "at", "debit#", "credit#", "balance#", "chain", "what", "memo", "against"];

    public static Sheet Of(AccountStatement statement, Func<DateTimeOffset, string> clock)
    {
        LedgerUnit unit = statement.Account.Unit;
        string Balance(Int128 net) => Amounts.Text(net * statement.OwnSide, unit);
        string[][] rows =
        [
            .. statement.Lines.Select(l => new[]
            {
                l.Sequence.ToString(CultureInfo.InvariantCulture), clock(l.At), Amounts.TextOrBlank(Math.Max(0, l.Amount), unit),
                Amounts.TextOrBlank(Math.Max(0, -l.Amount), unit), Balance(l.Balance), l.Hash.ToString()[..ShownHash], l.Subject, l.Memo, string.Join(' ', l.Against),
            }),
        ];
        string[] sums =
        [
            .. statement.Lines.GroupBy(l => l.Subject, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
                $"{g.Key}: {g.Count()} movements, {Balance(g.Aggregate(Int128.Zero, (sum, l) => sum + l.Amount))}"),
        ];
        return new Sheet(
            [
                $"{statement.Account.Id}, {statement.Account.Class.ToString().ToLowerInvariant()}, in {Amounts.Name(unit)}",
                $"from {clock(statement.From)} to {clock(statement.To - AccountingPeriod.Step)}", $"opening balance {Balance(statement.Opening)}",
            ],
            Columns,
            rows,
            [.. sums, $"closing balance {Balance(statement.Closing)}"],
            Document(statement));
    }

    private static object Document(AccountStatement s) => new
    {
        account = s.Account.Id.ToString(), unit = s.Account.Unit.ToString(), s.From, s.To, opening = Amounts.Number(s.Opening), closing = Amounts.Number(s.Closing),
        lines = s.Lines.Select(l => new
        {
            l.Sequence, entry = l.EntryId, hash = l.Hash.ToString(), l.At, kind = l.Kind.ToString(), l.Subject, l.Memo, l.Refers,
            against = l.Against.Select(a => a.ToString()), l.Amount, balance = Amounts.Number(l.Balance),
        }),
    };
}
