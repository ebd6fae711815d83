using Latchkey.Ledger;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Money that purchases left to the next one: only a sale of that very meter puts it there or takes it, by exactly what its receipt says.</summary>
/// <remarks>The signer lets a sale spend it, so whoever could raise such an account could buy with money that nobody paid.</remarks>
internal sealed class ResidueCheck(IReconciliationStore store, IVendingStore orders, Action<Finding> report)
{
    public void Run() => store.ForEachMovement(ResidueAccount.Prefix, (account, entry, amount) =>
    {
        if (IsOfASale(account, entry.Entry, amount)) return;
        report(new Finding(
            ReconciliationKind.OrdersLedger, FindingCodes.ResidueUnexplained, $"{account} entry {entry.Sequence}",
            $"'{entry.Entry.Memo}' moved what purchases left, and no sale of this meter did that", entry.Entry.At, Math.Abs(amount), UnitOf(entry.Entry, account)));
    });

    private bool IsOfASale(AccountId account, JournalEntry entry, long amount)
    {
        if (OrderEntries.OrderOf(entry.Memo) is not { } id || orders.Read(books => books.FindOrder(id)) is not { Terms: { } terms } order) return false;
        long kept = ResidueAccount.NetOf(terms);
        return account == ResidueAccount.Of(order.Command.Pan, order.Command.Amount.Currency) && entry.Kind switch
        {
            EntryKind.Settle => entry.Id == DerivedId.Of(order.HoldId, "settle") && amount == -kept,
            EntryKind.Reversal => entry.Id == DerivedId.Of(order.HoldId, "cancel") && amount == kept,
            _ => false,
        };
    }

    private static LedgerUnit UnitOf(JournalEntry entry, AccountId account) => entry.Postings.First(p => p.Account == account).Unit;
}
