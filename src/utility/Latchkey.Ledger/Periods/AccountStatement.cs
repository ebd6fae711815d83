namespace Latchkey.Ledger;

/// <summary>What happened on an account in a stretch of the business, with its balance before and after. Holds move nothing and are not in it.</summary>
/// <param name="Account">With its totals of now.</param>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after the last.</param>
/// <param name="Opening">Debits less credits before.</param>
/// <param name="Lines">In the order of writing.</param>
/// <param name="IsCut">There are more lines than one statement carries: ask for a shorter stretch.</param>
public sealed record AccountStatement(
    LedgerAccount Account, DateTimeOffset From, DateTimeOffset To, Int128 Opening, IReadOnlyList<AccountMovement> Lines, bool IsCut = false)
{
    /// <summary>At most so many lines.</summary>
    public const int MaxLines = 100_000;

    public Int128 Closing => Lines.Aggregate(Opening, (sum, line) => sum + line.Amount);

    /// <summary>1 where the account's own side is debit (what we have), -1 where it is credit (what we owe, what we earn).</summary>
    public int OwnSide => Account.Class is AccountClass.Liability or AccountClass.Equity or AccountClass.Income ? -1 : 1;
}

/// <summary>One line of a statement and its place in the chain.</summary>
/// <param name="Hash">Stands for the entry and everything before it: compare it with a published root.</param>
/// <param name="Refers">The hold it settled or the entry it reversed.</param>
/// <param name="Against">The other accounts of the entry, in its unit.</param>
/// <param name="Amount">Debit above zero.</param>
/// <param name="Balance">Debits less credits after it.</param>
public sealed record AccountMovement(
    long Sequence, Guid EntryId, ChainHash Hash, DateTimeOffset At, EntryKind Kind, string Memo, Guid? Refers, IReadOnlyList<AccountId> Against, long Amount,
    Int128 Balance)
{
    /// <summary>What it is about: the first word of its memo, such as order, deposit, commission, lease.</summary>
    public string Subject => Kind switch
    {
        EntryKind.Close => "closing",
        EntryKind.Reversal => "reversal",
        _ => Memo.Split(' ', 2)[0],
    };
}
