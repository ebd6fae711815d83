using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Ledger;

/// <summary>What an account had come to at a time, counted from the beginning of the books.</summary>
/// <param name="Totals">A pending total may be below zero where a clock was set back between a hold and its end.</param>
public sealed record PeriodLine(AccountId Account, LedgerUnit Unit, AccountClass Class, BalanceChange Totals)
{
    /// <summary>Debits less credits, posted.</summary>
    public Int128 Net => Totals.DebitsPosted - Totals.CreditsPosted;
}

/// <summary>All accounts as they stood at a time of the business, not of the writing. Accounts on which nothing had happened are left out.</summary>
/// <param name="Lines">By account.</param>
public sealed record PeriodBalance(DateTimeOffset Through, IReadOnlyList<PeriodLine> Lines)
{
    private const int TotalsLength = 4 * 16;

    /// <summary>Per unit the sums: in good books each pair is equal.</summary>
    public IReadOnlyDictionary<LedgerUnit, UnitTotals> Units => Lines.GroupBy(l => l.Unit).ToDictionary(
        g => g.Key,
        g => new UnitTotals(
            Sum(g, t => t.DebitsPosted), Sum(g, t => t.CreditsPosted), Sum(g, t => t.DebitsPending), Sum(g, t => t.CreditsPending)));

    /// <summary>SHA-256 that stands for every line: what the closing entry carries.</summary>
    public string Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (PeriodLine line in Lines) hash.AppendData(Bytes(line));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    public static PeriodBalance Of(
        DateTimeOffset through, IReadOnlyDictionary<AccountId, BalanceChange> totals, Func<AccountId, LedgerAccount?> account) => new(
        through,
        [
            .. totals.Where(t => t.Value != default).OrderBy(t => t.Key).Select(t => account(t.Key) is { } known
                ? new PeriodLine(t.Key, known.Unit, known.Class, t.Value)
                : throw new InvalidOperationException($"Account {t.Key} has entries and is not in the books; run the audit.")),
        ]);

    private static Int128 Sum(IEnumerable<PeriodLine> lines, Func<BalanceChange, Int128> total) =>
        lines.Aggregate(Int128.Zero, (sum, line) => sum + total(line.Totals));

    private static byte[] Bytes(PeriodLine line)
    {
        byte[] names = Encoding.ASCII.GetBytes($"{line.Account}|{line.Unit}|{(int)line.Class}|");
        byte[] bytes = new byte[names.Length + TotalsLength];
        names.CopyTo(bytes, 0);
        Span<byte> rest = bytes.AsSpan(names.Length);
        BinaryPrimitives.WriteInt128BigEndian(rest, line.Totals.DebitsPosted);
        BinaryPrimitives.WriteInt128BigEndian(rest[16..], line.Totals.CreditsPosted);
        BinaryPrimitives.WriteInt128BigEndian(rest[32..], line.Totals.DebitsPending);
        BinaryPrimitives.WriteInt128BigEndian(rest[48..], line.Totals.CreditsPending);
        return bytes;
    }
}
