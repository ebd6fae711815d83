using System.Globalization;

namespace Latchkey.Ledger;

/// <summary>The entry that closes a period: it carries the trial balance by its digest and moves what was earned and spent to the result.</summary>
public static class PeriodClosing
{
    /// <summary>How long after its end a period may be closed at the earliest: what was under way at the end is dated by then.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);

    /// <summary>Where profit and loss of one unit gather, period after period.</summary>
    public static LedgerAccount Result(LedgerUnit unit) =>
        new(AccountId.Require("equity:result-" + unit.ToString().ToLowerInvariant()), unit, AccountClass.Equity);

    /// <summary>The closing of a period with this trial balance; null where the result does not fit the books' numbers or there are too many accounts.</summary>
    public static JournalEntry? Entry(Guid id, PeriodBalance balance) => Legs(balance) is { } legs
        ? new JournalEntry(id, EntryKind.Close, balance.Through, Memo(balance), legs)
        : null;

    /// <summary>What is wrong with a closing, held against the trial balance that the entries give; or null.</summary>
    public static string? FaultOf(JournalEntry closing, PeriodBalance balance)
    {
        if (closing.Memo != Memo(balance)) return "it closes a period with another trial balance than its entries give";
        return Legs(balance) is { } legs && legs.SequenceEqual(closing.Postings) ? null : "it moves another result than the period's accounts give";
    }

    private static string Memo(PeriodBalance balance) => string.Create(
        CultureInfo.InvariantCulture,
        $"period through {balance.Through.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}, {balance.Lines.Count} accounts, trial balance sha256 {balance.Digest}");

    private static List<Posting>? Legs(PeriodBalance balance)
    {
        List<Posting> legs = [];
        var results = new SortedDictionary<string, (LedgerUnit Unit, Int128 Sum)>(StringComparer.Ordinal);
        foreach (PeriodLine line in balance.Lines)
        {
            if (line.Class is not (AccountClass.Income or AccountClass.Expense) || line.Net == 0) continue;
            if (!Fits(line.Net)) return null;
            legs.Add(new Posting(line.Account, line.Unit, (long)-line.Net));
            string unit = line.Unit.ToString();
            results[unit] = (line.Unit, results.GetValueOrDefault(unit).Sum + line.Net);
        }

        foreach ((LedgerUnit unit, Int128 sum) in results.Values.Where(r => r.Sum != 0))
        {
            if (!Fits(sum)) return null;
            legs.Add(new Posting(Result(unit).Id, unit, (long)sum));
        }

        return legs.Count <= JournalEntry.MaxClosingPostings ? legs : null;
    }

    private static bool Fits(Int128 amount) => Int128.Abs(amount) <= long.MaxValue;
}
