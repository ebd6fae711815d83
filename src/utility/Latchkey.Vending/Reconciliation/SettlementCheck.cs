using Latchkey.Ledger;
using Latchkey.Vending.Settlements;

namespace Latchkey.Vending.Reconciliation;

/// <summary>A channel's settlement file against the orders: money that came and bought nothing. The other direction is the orders' own check.</summary>
/// <remarks>Of lines that were booked, the suspense account says what nobody sold.</remarks>
internal sealed class SettlementCheck(IReconciliationStore store, IVendingStore orders, ISettlementStore booked, Action<Finding> report)
{
    public void Run() => store.ForEachSettled(line =>
    {
        if (line.Kind != SettlementKind.Payment || store.FindSettled(line.Channel, SettlementKind.Refund, line.Reference) is not null) return;
        if (orders.Read(books => books.FindPayment(line.Channel, line.Reference)) is not null) return;
        if (booked.Read((_, rows) => rows.FindLine(line.Channel, PaperLine.OfPayment(line).Id)) is { Moves: not null }) return;
        report(new Finding(
            ReconciliationKind.Settlement, FindingCodes.PaidWithoutToken, $"{line.Channel} {line.Reference}", "a customer paid this and no purchase used it",
            line.At, line.Amount.MinorUnits, LedgerUnit.Of(line.Amount.Currency)));
    });
}
