using System.Security.Cryptography;
using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>One pass over the three sets of books.</summary>
internal sealed class AuditRun(ILedgerReader ledger, ISignerStore signer, IKeyCustody? custody)
{
    private readonly Dictionary<Guid, (long Tenths, long MinorUnits)> _entries = [];
    private readonly Dictionary<Guid, EntryKind> _ends = [];
    private readonly Dictionary<Guid, SignatureRecord> _byOrder = [];
    private readonly Dictionary<Guid, SignatureRecord> _byEntry = [];
    private readonly HashSet<Guid> _ordersSeen = [];
    private readonly Dictionary<string, KeyCounters> _counted = new(StringComparer.Ordinal);

    public List<AuditDifference> Differences { get; } = [];

    public long Tokens => _byOrder.Count;

    public long Orders { get; private set; }

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
        foreach (SigningKeyRecord key in books.Keys) CompareCounters(key);
    }

    public void SeeEntry(RecordedEntry recorded)
    {
        JournalEntry entry = recorded.Entry;
        if (IsSale(entry) || IsManagement(entry)) _entries.Add(entry.Id, (Granted(entry), Paid(entry)));
        if (entry.Refers is { } hold && _entries.ContainsKey(hold)) _ends[hold] = entry.Kind;
    }

    /// <summary>After all orders were seen: a token must have one.</summary>
    public void CompareOrders(Func<Guid, bool> isKnownElsewhere)
    {
        foreach (SignatureRecord line in _byOrder.Values)
        {
            if (!_ordersSeen.Contains(line.OrderId) && !isKnownElsewhere(line.OrderId))
                Report("order " + line.OrderId, "a token was signed for which there is no order", line.KeyId);
        }
    }

    public void CompareEntries()
    {
        foreach (SignatureRecord line in _byEntry.Values) CompareSignature(line);
        foreach ((Guid entry, EntryKind end) in _ends)
        {
            if (end == EntryKind.Settle && !_byEntry.ContainsKey(entry) && !IsSignedByNow(entry)) Report("entry " + entry, "it was settled without a token", null);
        }
    }

    public void SeeOrder(VendOrder order)
    {
        Orders++;
        _ordersSeen.Add(order.Id);
        SignatureRecord? line = _byOrder.GetValueOrDefault(order.Id);
        if (order.HasToken && line is null) line = signer.Read(books => books.FindSigned(order.Id));
        if (line is null)
        {
            if (order.HasToken) Report("order " + order.Id, "it has a token that the signer does not know", null);
            return;
        }

        if (order.Token is { } token && !line.TokenHash.Span.SequenceEqual(SoftwareSigner.HashOf(token)))
            Report("order " + order.Id, "its token is not the one that was signed", line.KeyId);
        if (order.HasToken && _ends.GetValueOrDefault(order.HoldId) != EntryKind.Settle && ledger.FindConclusion(order.HoldId)?.Entry.Kind != EntryKind.Settle)
            Report("order " + order.Id, "it has a token but its money was not settled", line.KeyId);
        if (order.Terms is { } terms && (terms.TenthsGranted, order.Command.Amount.MinorUnits, order.Tid) != (line.Tenths, line.MinorUnits, line.Tid))
            Report("order " + order.Id, "its figures are not those that were signed", line.KeyId);
    }

    private void Count(SignatureRecord line)
    {
        _byOrder.TryAdd(line.OrderId, line);
        _byEntry.TryAdd(line.EntryId, line);
        KeyCounters so = _counted.GetValueOrDefault(line.KeyId);
        _counted[line.KeyId] = new KeyCounters(so.Tokens + 1, so.Tenths + line.Tenths, so.MinorUnits + line.MinorUnits);
    }

    private void CompareCounters(SigningKeyRecord key)
    {
        if (custody is not null && !SignerSeal.IsIntact(custody, key)) Report("key " + key.KeyId, "its record was changed", key.KeyId);
        if (key.Counters != _counted.GetValueOrDefault(key.KeyId)) Report("key " + key.KeyId, "its counters differ from the journal", key.KeyId);
    }

    private void CompareSignature(SignatureRecord line)
    {
        string order = "order " + line.OrderId;
        if (!_entries.TryGetValue(line.EntryId, out (long Tenths, long MinorUnits) entry)) Report(order, "a token was signed for which there is no entry", line.KeyId);
        else if (_ends.TryGetValue(line.EntryId, out EntryKind end) && end != EntryKind.Settle) Report(order, "a token was signed but its money was given back", line.KeyId);
        else if (line.Kind == SignatureKind.Credit && entry != (line.Tenths, line.MinorUnits)) Report(order, "the token's figures differ from the entry's", line.KeyId);
    }

    /// <summary>Signed after the journal was read: the entry's memo leads to the order, and the order to the signer.</summary>
    private bool IsSignedByNow(Guid entryId) => ledger.FindEntry(entryId) is { Entry.Memo: var memo }
        && Guid.TryParse(memo.AsSpan(memo.IndexOf(' ', StringComparison.Ordinal) + 1), out Guid orderId)
        && signer.Read(books => books.FindSigned(orderId)) is { } line
        && line.EntryId == entryId;

    private static bool IsSale(JournalEntry entry) => entry.Kind == EntryKind.Hold && entry.Memo.StartsWith("order ", StringComparison.Ordinal);

    private static bool IsManagement(JournalEntry entry) =>
        entry.Kind == EntryKind.Post && entry.Memo.StartsWith("management ", StringComparison.Ordinal);

    private static long Granted(JournalEntry entry) =>
        entry.Postings.Where(p => p.Unit == LedgerUnit.TenthsOfKilowattHour && p.Amount > 0).Sum(p => p.Amount);

    private static long Paid(JournalEntry entry) => entry.Postings
        .Where(p => p.Unit != LedgerUnit.TenthsOfKilowattHour && p.Amount > 0 && p.Account != SaleEntries.Rounding)
        .Sum(p => p.Amount);

    private void Report(string where, string problem, string? keyId) => Differences.Add(new AuditDifference(where, problem, keyId));
}
