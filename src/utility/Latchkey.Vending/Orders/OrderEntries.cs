using Latchkey.Ledger;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>The entries of one order's life, as support reads them.</summary>
public static class OrderEntries
{
    private const string Memo = "order ";
    private const int GuidLength = 36;

    /// <summary>The order that an entry is of, by its memo; null where it is none's. A sale that was taken back says after the id why.</summary>
    public static Guid? OrderOf(string memo) =>
        memo.StartsWith(Memo, StringComparison.Ordinal) && memo.Length >= Memo.Length + GuidLength && Guid.TryParseExact(memo.AsSpan(Memo.Length, GuidLength), "D", out Guid id)
            ? id
            : null;

    /// <summary>
    /// The hold and how it ended, the answer of a maker's service, what took the sale back, by whose word its money went back, and the acceptance by the
    /// meter; in the order of the ledger.
    /// </summary>
    public static IReadOnlyList<RecordedEntry> Of(ILedgerReader ledger, VendOrder order)
    {
        RecordedEntry? hold = ledger.FindEntry(order.HoldId), end = hold is null ? null : ledger.FindConclusion(order.HoldId);
        RecordedEntry? reversal = end is null ? null : ledger.FindConclusion(end.Entry.Id), accepted = ledger.FindEntry(DerivedId.Of(order.Id, "accepted"));
        RecordedEntry? answer = order.Terms is { Make: not null } ? ledger.FindEntry(MakerEntries.AnswerIdOf(order.HoldId)) : null;
        return [.. new[] { hold, answer, end, reversal, accepted }.OfType<RecordedEntry>().Concat(MoneyBack(ledger, order.Id)).OrderBy(e => e.Sequence)];
    }

    private static IEnumerable<RecordedEntry> MoneyBack(ILedgerReader ledger, Guid orderId)
    {
        for (int attempt = 1; attempt <= MoneyBackDesk.MostAttempts && ledger.FindEntry(MoneyBackDesk.EntryOf(orderId, attempt)) is { } given; attempt++) yield return given;
    }
}
