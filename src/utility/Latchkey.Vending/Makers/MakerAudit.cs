using Latchkey.Ledger;

namespace Latchkey.Vending.Makers;

/// <summary>
/// The part of an audit that our signer's journal cannot answer: tokens that makers' services made. Three accounts of each are held against each other:
/// the order, the line in the journal of maker's tokens, and the books' own entry with that line's hash.
/// </summary>
/// <remarks>A maker who makes a token for somebody else is not seen here: that shows in the maker's own statement.</remarks>
internal sealed class MakerAudit(ILedgerReader ledger, IVendingStore orders)
{
    private const int DifferenceLimit = 1_000;

    public List<AuditDifference> Differences { get; } = [];

    public long Tokens { get; private set; }

    /// <summary>True where an entry of the books says that its token is a maker's.</summary>
    public static bool Concerns(JournalEntry entry) => MakerEntries.MakeIn(entry) is not null;

    /// <summary>Of the ledger: what a maker's sale settled has an answer, and every sealed answer has its line as it was sealed.</summary>
    public void SeeEntry(JournalEntry entry)
    {
        if (entry is { Kind: EntryKind.Settle, Refers: { } hold } && MakerEntries.MakeIn(entry) is { } make)
        {
            if (Newest(hold) is not { State: MakerRequestState.Answered }) Report($"entry {hold}", "it was settled without a maker's answer on record", make);
        }
        else if (entry.Kind == EntryKind.Post && MakerEntries.TryReadMemo(entry.Memo, out Guid answered))
        {
            MakerRequest? line = Newest(answered);
            if (line is not { State: MakerRequestState.Answered }) Report($"entry {answered}", "the record of its maker's answer is missing", MakeOfAnswer(entry));
            else if (MakerEntries.MemoOf(line) != entry.Memo) Report($"entry {answered}", "the record of its maker's answer was altered", line.Make);
        }
    }

    /// <summary>Of the journal of maker's tokens: every answer has its sealed entry, its order, and is nobody else's.</summary>
    public void SeeJournal()
    {
        orders.Read(books =>
        {
            foreach (MakerRequest twice in books.Makers.Doubled(DifferenceLimit)) Report($"order {twice.OrderId}", "its maker's token is on record twice", twice.Make);
            books.Makers.ForEach(line =>
            {
                if (line.State != MakerRequestState.Answered) return true;
                Tokens++;
                Compare(line, books);
                return true;
            });
            return true;
        });
    }

    /// <summary>Of the orders: one whose terms name a make.</summary>
    /// <param name="isSigned">Whether our signer has made a token for it, too.</param>
    public void SeeOrder(VendOrder order, bool isSigned)
    {
        string make = order.Terms!.Make!;
        if (isSigned) Report($"order {order.Id}", "it has a token of the maker's and one of our signer", make);
        if (!order.HasToken) return;
        if (Newest(order.HoldId) is not { State: MakerRequestState.Answered } line) Report($"order {order.Id}", "it has a token of which the maker's answer is not on record", make);
        else if (line.Token != order.Token) Report($"order {order.Id}", "its token is not the one that the maker answered", make);
        else if ((line.OrderId, line.Tenths, line.Pan, line.Make) != (order.Id, order.Terms.TenthsGranted, order.Command.Pan, make)) Report($"order {order.Id}", "its figures are not those that the maker was asked for", make);
        else if (!order.Answer.IsEmpty && order.Answer.Span.IndexOf(System.Text.Encoding.ASCII.GetBytes(order.Token!.Value.ToGroupedString())) < 0) Report($"order {order.Id}", "its stored answer shows another token", make);
        if (ledger.LookUp([order.HoldId])[0].End != EntryKind.Settle) Report($"order {order.Id}", "it has a token but its money was not settled", make);
    }

    private void Compare(MakerRequest line, IVendingBooks books)
    {
        string where = $"order {line.OrderId}";
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> found = ledger.LookUp([line.EntryId, MakerEntries.AnswerIdOf(line.EntryId)]);
        (RecordedEntry? rests, EntryKind? end) = found[0];
        if (rests is null) Report(where, "a maker's token is on record for which there is no entry", line.Make);
        else if (rests.Hash != line.EntryHash || MakerEntries.MakeIn(rests.Entry) != line.Make) Report(where, "a maker's token is on record for an entry that is not the maker's", line.Make);
        else if (end is EntryKind.Void or EntryKind.Expire) Report(where, "the maker made a token but its money was given back", line.Make);
        if (found[1].Entry is null) Report(where, "a maker's token is on record that the books have not sealed", line.Make);
        bool isKnown = line.Kind == MakerTokenKind.Credit ? books.FindState(line.OrderId) is not null : books.FindManagement(line.OrderId) is { } issue && (issue.Token ?? line.Token) == line.Token;
        if (!isKnown) Report(where, line.Kind == MakerTokenKind.Credit ? "a maker's token is on record for which there is no order" : "its token is not the one that the maker answered", line.Make);
    }

    private static string MakeOfAnswer(JournalEntry entry) =>
        entry.Postings.FirstOrDefault(p => p.Amount > 0).Account.ToString() is var name && name.LastIndexOf(':') is >= 0 and var at ? name[(at + 1)..] : string.Empty;

    private MakerRequest? Newest(Guid entryId) => orders.Read(books => books.Makers.Newest(entryId));

    private void Report(string where, string problem, string make)
    {
        if (Differences.Count < DifferenceLimit) Differences.Add(new AuditDifference(where, problem, MakerEntries.KeyIdOf(make)));
    }
}
