using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>One pass over the three sets of books. Each is read from end to end in batches, and what should answer it in the others is looked up.</summary>
/// <remarks>Memory does not grow with the number of sales: nothing is kept but the batch, the keys' sums and the differences.</remarks>
internal sealed class AuditRun(
    ILedgerReader ledger, IVendingStore orders, ISignerStore signer, IKeyCustody? custody, IReadOnlyList<PublishedRoot> roots)
{
    private const int BatchSize = 256;
    private const int DifferenceLimit = 1_000;
    private readonly Dictionary<string, KeyCounters> _counted = new(StringComparer.Ordinal);
    private readonly List<SignatureRecord> _lines = new(BatchSize);
    private readonly List<Guid> _settled = new(BatchSize);
    private readonly List<VendOrder> _orders = new(BatchSize);

    public List<AuditDifference> Differences { get; } = [];

    /// <summary>Of tokens that makers' services made.</summary>
    public MakerAudit Makers { get; } = new(ledger, orders);

    public long Tokens { get; private set; }

    public long Orders { get; private set; }

    /// <summary>The signer's journal: its own chain, then for each token the entry it rests on and the order it is for.</summary>
    public void SeeSigner(ISignerBooks books)
    {
        ReadOnlyMemory<byte> before = default;
        long expected = 1;
        books.ForEach(line =>
        {
            if (line.Number != expected) Report($"signer line {expected}", "it is missing", null);
            if (custody is not null && !CryptographicOperations.FixedTimeEquals(line.Mac.Span, custody.Mac(before.Span, line.CanonicalBytes())))
                Report($"signer line {line.Number}", "it was changed, or a line before it was taken away", line.KeyId.Length == 0 ? null : line.KeyId);
            before = line.Mac;
            expected = line.Number + 1;
            if (line.Kind != SignatureKind.Cancelled) Count(line);
            return true;
        });
        CompareLines();
        foreach (SigningKeyRecord key in books.Keys) CompareCounters(key);
    }

    /// <summary>Of the ledger: what was settled must have a token. The entries themselves are the ledger's own audit.</summary>
    public void SeeEntry(RecordedEntry recorded)
    {
        foreach (PublishedRoot root in roots)
        {
            if (root.Sequence == recorded.Sequence && root.Head != recorded.Hash)
                Report($"entry {root.Sequence}", $"the books were rewritten: its hash is not the one that {root.Keeper} published", null);
        }

        Makers.SeeEntry(recorded.Entry);
        if (recorded.Entry is not { Kind: EntryKind.Settle, Refers: { } hold } || !IsSale(recorded.Entry) || MakerAudit.Concerns(recorded.Entry)) return;
        _settled.Add(hold);
        if (_settled.Count == BatchSize) CompareSettled();
    }

    public void SeeOrder(VendOrder order)
    {
        Orders++;
        _orders.Add(order);
        if (_orders.Count == BatchSize) CompareOrders();
    }

    public void Finish(long entries)
    {
        foreach (PublishedRoot root in roots)
        {
            if (root.Sequence > entries) Report($"entry {root.Sequence}", $"it is missing, and {root.Keeper} has published it", null);
        }

        CompareSettled();
        CompareOrders();
        Makers.SeeJournal();
    }

    private void Count(SignatureRecord line)
    {
        Tokens++;
        KeyCounters so = _counted.GetValueOrDefault(line.KeyId);
        _counted[line.KeyId] = new KeyCounters(so.Tokens + 1, so.Tenths + line.Tenths, so.MinorUnits + line.MinorUnits);
        _lines.Add(line);
        if (_lines.Count == BatchSize) CompareLines();
    }

    private void CompareCounters(SigningKeyRecord key)
    {
        if (custody is not null && !SignerSeal.IsIntact(custody, key)) Report("key " + key.KeyId, "its record was changed", key.KeyId);
        if (key.Counters != _counted.GetValueOrDefault(key.KeyId)) Report("key " + key.KeyId, "its counters differ from the journal", key.KeyId);
    }

    private void CompareLines()
    {
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> entries = ledger.LookUp([.. _lines.Select(l => l.EntryId)]);
        bool[] known = orders.Read(books => _lines.Select(l => l.Kind != SignatureKind.Credit || books.FindState(l.OrderId) is not null).ToArray());
        for (int i = 0; i < _lines.Count; i++)
        {
            CompareSignature(_lines[i], entries[i].Entry?.Entry, entries[i].End);
            if (!known[i]) Report("order " + _lines[i].OrderId, "a token was signed for which there is no order", _lines[i].KeyId);
        }

        _lines.Clear();
    }

    private void CompareSignature(SignatureRecord line, JournalEntry? entry, EntryKind? end)
    {
        string order = "order " + line.OrderId;
        if (entry is null || !(IsSale(entry) || entry.Kind == EntryKind.Post)) Report(order, "a token was signed for which there is no entry", line.KeyId);
        else if (end is EntryKind.Void or EntryKind.Expire) Report(order, "a token was signed but its money was given back", line.KeyId);
        else if (line.Kind == SignatureKind.Credit && (Granted(entry), Paid(entry)) != (line.Tenths, line.MinorUnits))
            Report(order, "the token's figures differ from the entry's", line.KeyId);
    }

    private void CompareSettled()
    {
        SignatureRecord?[] lines = signer.Read(books => _settled.Select(books.FindByEntry).ToArray());
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] is null) Report("entry " + _settled[i], "it was settled without a token", null);
        }

        _settled.Clear();
    }

    private void CompareOrders()
    {
        SignatureRecord?[] lines = signer.Read(books => _orders.Select(o => books.FindSigned(o.Id)).ToArray());
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> entries = ledger.LookUp([.. _orders.Select(o => o.HoldId)]);
        for (int i = 0; i < lines.Length; i++) CompareOrder(_orders[i], lines[i], entries[i].End);
        _orders.Clear();
    }

    private void CompareOrder(VendOrder order, SignatureRecord? line, EntryKind? end)
    {
        if (order.Terms is { Make: not null })
        {
            Makers.SeeOrder(order, isSigned: line is not null);
            return;
        }

        if (line is null)
        {
            if (order.HasToken) Report("order " + order.Id, "it has a token that the signer does not know", null);
            return;
        }

        if (order.Token is { } token && !line.TokenHash.Span.SequenceEqual(SoftwareSigner.HashOf(token)))
            Report("order " + order.Id, "its token is not the one that was signed", line.KeyId);
        else if (order.Token is { } sold && !order.Answer.IsEmpty && !Shows(order.Answer.Span, sold.ToGroupedString()))
            Report("order " + order.Id, "its stored answer shows another token", line.KeyId);
        if (order.HasToken && end != EntryKind.Settle) Report("order " + order.Id, "it has a token but its money was not settled", line.KeyId);
        if (order.Terms is { } terms && (terms.TenthsGranted, order.Command.Amount.MinorUnits, order.Tid) != (line.Tenths, line.MinorUnits, line.Tid))
            Report("order " + order.Id, "its figures are not those that were signed", line.KeyId);
    }

    private static bool Shows(ReadOnlySpan<byte> answer, string token) => answer.IndexOf(System.Text.Encoding.ASCII.GetBytes(token)) >= 0;

    private static bool IsSale(JournalEntry entry) =>
        entry.Kind is EntryKind.Hold or EntryKind.Settle && entry.Memo.StartsWith("order ", StringComparison.Ordinal);

    private static long Granted(JournalEntry entry) =>
        entry.Postings.Where(p => p.Unit == LedgerUnit.TenthsOfKilowattHour && p.Amount > 0 && !SaleEntries.IsControl(p)).Sum(p => p.Amount);

    private static long Paid(JournalEntry entry) => entry.Postings
        .Where(p => p.Unit != LedgerUnit.TenthsOfKilowattHour && p.Amount > 0 && !SaleEntries.IsControl(p) && p.Account != SaleEntries.Rounding && !SaleEntries.IsSubsidy(p.Account) && !ResidueAccount.IsOne(p.Account))
        .Sum(p => p.Amount);

    private void Report(string where, string problem, string? keyId)
    {
        if (Differences.Count < DifferenceLimit) Differences.Add(new AuditDifference(where, problem, keyId));
    }
}
