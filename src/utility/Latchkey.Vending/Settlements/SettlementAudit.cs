using Latchkey.Ledger;

namespace Latchkey.Vending.Settlements;

/// <summary>Holds every booked line of a settlement file against its entry: a row that was changed, or whose entry is not there, is named.</summary>
/// <remarks>It stops no key: no token rests on settled money. The other direction, entries without a line, is the reconciliation's.</remarks>
public sealed class SettlementAudit(ILedgerReader ledger, ISettlementStore store)
{
    private const int BatchSize = 256;
    private const int DifferenceLimit = 1_000;
    private readonly List<SettlementRow> _batch = new(BatchSize);
    private readonly List<AuditDifference> _differences = [];

    public IReadOnlyList<AuditDifference> Verify()
    {
        store.Read((_, rows) =>
        {
            rows.ForEachPosted(row =>
            {
                _batch.Add(row);
                if (_batch.Count == BatchSize) Compare();
            });
            return true;
        });
        Compare();
        return _differences;
    }

    private void Compare()
    {
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> entries = ledger.LookUp([.. _batch.Select(r => SettlementEntries.IdOf(r.Line.Line.Channel, r.Line.Id))]);
        for (int i = 0; i < _batch.Count; i++)
        {
            if (entries[i].Entry is not { Entry: var entry }) Report(_batch[i], "it is marked as booked, and there is no entry of it");
            else if (entries[i].End is not null) Report(_batch[i], "its entry was taken back");
            else if (!SettlementEntries.IsOf(entry, _batch[i])) Report(_batch[i], "its entry moved other amounts");
        }

        _batch.Clear();
    }

    private void Report(SettlementRow row, string problem)
    {
        if (_differences.Count < DifferenceLimit) _differences.Add(new AuditDifference($"settlement {row.Line.Line.Channel} {row.Line.Id}", problem, KeyId: null));
    }
}
