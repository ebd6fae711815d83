using Latchkey.Ledger;

namespace Latchkey.Vending.Reconciling;

/// <summary>A channel's settlement file against the orders: money that came and bought nothing. The other direction is the orders' own check.</summary>
internal sealed class SettlementCheck(IReconciliationStore store, IVendingStore orders, Action<Finding> report)
{
    public void Run() => store.ForEachSettled(line =>
    {
        if (line.Kind != SettlementKind.Payment || store.FindSettled(line.Channel, SettlementKind.Refund, line.Reference) is not null) return;
        if (orders.Read(books => books.FindPayment(line.Channel, line.Reference)) is not null) return;
        report(new Finding(
            ReconciliationKind.Settlement, FindingCodes.PaidWithoutToken, $"{line.Channel} {line.Reference}", "a customer paid this and no purchase used it",
            line.At, line.Amount.MinorUnits, LedgerUnit.Of(line.Amount.Currency)));
    });
}
