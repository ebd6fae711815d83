using Latchkey.Ledger;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending.Reconciliation;

/// <summary>
/// Orders against money that really came. A compromised caller can hold what nobody paid and gets its token, because a hold is all that the signer
/// asks for: here it is named, since no payment service has confirmed or settled it.
/// </summary>
internal sealed class OrderCheck(
    IReconciliationStore store, IVendingStore orders, ILedgerStore ledger, IOutsideSigner signer, ReconciliationOptions options, DateTimeOffset now, Action<Finding> report)
{
    private const int BatchSize = 256;
    private const int MostHeld = 100_000;
    private const int Looks = 3;
    private const string Clearing = "clearing:", Float = "float:";
    private readonly List<VendOrder> _batch = new(BatchSize);
    private readonly List<VendOrder> _overdue = [];
    private readonly Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> _covered = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        orders.ForEach(order =>
        {
            if (!order.HasToken && order.State != OrderState.Held) return;
            _batch.Add(order);
            if (_batch.Count == BatchSize) See();
        });
        See();
        await NameOverdueAsync(cancellationToken).ConfigureAwait(false);
        CompareHolds();
    }

    private void See()
    {
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> holds = ledger.LookUp([.. _batch.Select(o => o.HoldId)]);
        for (int i = 0; i < _batch.Count; i++)
        {
            if (holds[i].Entry is not { } hold) continue; // the audit names it
            if (_batch[i].State == OrderState.Held) SeeHeld(_batch[i]);
            else SeeSold(_batch[i], hold.Entry);
        }

        _batch.Clear();
    }

    private void SeeHeld(VendOrder order)
    {
        DateTimeOffset held = order.Times.Held ?? order.Times.Received;

        // A time in the future is no excuse: whoever writes orders also writes their times.
        if (held <= now && now - held < options.HoldTime) return;
        if (orders.Read(books => books.FindState(order.Id))?.State != OrderState.Held) return;
        if (order.Terms is { Make: { } make } && orders.Read(books => books.Makers.Newest(order.HoldId)) is { State: MakerRequestState.Asked })
        {
            Report(ReconciliationKind.OrdersLedger, FindingCodes.MakerAnswerUnknown, order, $"nobody knows whether the service of '{make}' made its token: ask the maker, then 'latchkey makers settle'", held);
            return;
        }

        if (_overdue.Count < MostHeld) _overdue.Add(order);
    }

    /// <summary>Whether a hold that stays has a token only the signer knows. One that does not answer leaves it named as a hold.</summary>
    private async Task NameOverdueAsync(CancellationToken cancellationToken)
    {
        if (_overdue.Count == 0) return;
        IReadOnlySet<Guid>? signed = await signer.SignedAsync([.. _overdue.Select(o => o.Id)], cancellationToken).ConfigureAwait(false);
        foreach (VendOrder order in _overdue)
        {
            bool hasToken = signed?.Contains(order.Id) == true;
            Report(
                ReconciliationKind.OrdersLedger, hasToken ? FindingCodes.TokenUnsettled : FindingCodes.HoldUnended, order,
                hasToken ? "it has a token, and its money was only set aside" : "its money is set aside and neither taken nor given back", order.Times.Held ?? order.Times.Received);
        }
    }

    private void SeeSold(VendOrder order, JournalEntry hold)
    {
        string channel = order.Command.Channel;
        string payer = hold.Postings.Where(p => p.Amount > 0).Select(p => p.Account.ToString())
            .FirstOrDefault(a => a.StartsWith(Clearing, StringComparison.Ordinal) || a.StartsWith(Float, StringComparison.Ordinal)) ?? string.Empty;
        if (payer != Clearing + channel && payer != Float + channel)
            Report(ReconciliationKind.Tender, FindingCodes.PayerDiffers, order, $"it was sold on '{channel}' and paid from '{payer}'", Posted(order));
        else if (payer.StartsWith(Clearing, StringComparison.Ordinal) && !SeeGift(order, hold)) SeeTender(order, channel);
    }

    /// <summary>
    /// True where a budget paid, which two people filled: nobody settles that. A refund must be one that two people approved besides, of this meter and amount.
    /// </summary>
    private bool SeeGift(VendOrder order, JournalEntry hold)
    {
        BudgetKind? kind = hold.Postings.Select(p => BudgetName.TryParse(p.Account.ToString(), out BudgetName? name)
            && name is { Owner: BudgetName.Everybody, Kind: BudgetKind.Refunds or BudgetKind.FreeUnits }
            && name.Unit == LedgerUnit.Of(order.Command.Amount.Currency) && p.Amount == -order.Command.Amount.MinorUnits ? name.Kind : (BudgetKind?)null).FirstOrDefault(k => k is not null);
        if (kind is null) return false;
        if (kind == BudgetKind.Refunds && !IsApprovedRefund(order))
            Report(ReconciliationKind.Tender, FindingCodes.TokenWithoutTender, order, $"nobody has approved refund '{order.Command.PaymentReference}'", Posted(order));
        return true;
    }

    private bool IsApprovedRefund(VendOrder order) =>
        Guid.TryParseExact(order.Command.PaymentReference, "N", out Guid refund)
        && ActEffects.Refund(order.Command.Pan, order.Command.Amount, out _) is { } effect
        && ledger.FindEntry(ActSteps.RefundEntryOf(refund)) is { Entry: var entry }
        && ApprovalEntries.Uses(entry, refund, effect);

    private void SeeTender(VendOrder order, string channel)
    {
        string reference = order.Command.PaymentReference ?? string.Empty;
        SettlementLine? settled = store.FindSettled(channel, SettlementKind.Payment, reference);
        string? provider = options.Providers.GetValueOrDefault(channel);
        TenderRecord? paid = provider is null ? null : store.FindPayment(provider, reference);
        long? amount = settled?.Amount.MinorUnits ?? paid?.Amount.MinorUnits;
        long refunded = paid?.RefundedMinorUnits ?? store.FindSettled(channel, SettlementKind.Refund, reference)?.Amount.MinorUnits ?? 0;

        if (amount is null && (provider is not null || now - Posted(order) > options.SettlementTimeOf(channel)))
            Report(ReconciliationKind.Tender, FindingCodes.TokenWithoutTender, order, $"nobody has paid '{reference}' on '{channel}'", Posted(order));
        else if (amount is { } came && came != order.Command.Amount.MinorUnits)
            Report(ReconciliationKind.Tender, FindingCodes.TenderDiffers, order, $"{came} minor units came for '{reference}'", Posted(order));
        if (refunded > 0)
            Report(ReconciliationKind.Tender, FindingCodes.TokenAfterRefund, order, $"{refunded} minor units of '{reference}' went back and its token stands", Posted(order));
        if (settled is null && IsCovered(channel, Posted(order)))
            Report(ReconciliationKind.Settlement, FindingCodes.NotInSettlement, order, $"'{channel}' has settled that day without '{reference}'", Posted(order));
    }

    private bool IsCovered(string channel, DateTimeOffset at)
    {
        if (!_covered.TryGetValue(channel, out IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>? stretches))
            _covered.Add(channel, stretches = store.Covered(channel));
        return stretches.Any(s => at - options.SettlementEdge >= s.From && at + options.SettlementEdge < s.To);
    }

    /// <summary>What is pending on the accounts of those who pay must be the held orders' money. Sales run meanwhile, so only what stays is named.</summary>
    private void CompareHolds()
    {
        Dictionary<AccountId, long>? stays = null;
        for (int look = 0; look < Looks; look++)
        {
            Dictionary<AccountId, long> seen = Unexplained();
            stays = stays is null ? seen : stays.Where(s => seen.GetValueOrDefault(s.Key) == s.Value).ToDictionary();
            if (stays.Count == 0) return;
        }

        foreach ((AccountId account, long amount) in stays!)
        {
            LedgerUnit unit = ledger.FindAccount(account)!.Unit;
            report(new Finding(
                ReconciliationKind.OrdersLedger, FindingCodes.HoldsWithoutOrder, account.ToString(),
                $"{amount} minor units more are set aside on it than orders are held", now, amount, unit));
        }
    }

    private Dictionary<AccountId, long> Unexplained()
    {
        var held = new Dictionary<AccountId, long>();
        foreach (VendOrder order in orders.InState(OrderState.Held, MostHeld))
        {
            foreach (Posting leg in ledger.LookUp([order.HoldId])[0].Entry?.Entry.Postings.Where(p => p.Amount > 0) ?? [])
                held[leg.Account] = held.GetValueOrDefault(leg.Account) + leg.Amount;
        }

        return ledger.TrialBalance().Accounts
            .Where(a => a.Id.ToString() is var name && (name.StartsWith(Clearing, StringComparison.Ordinal) || name.StartsWith(Float, StringComparison.Ordinal)))
            .Select(a => (a.Id, Amount: a.Balance.DebitsPending - held.GetValueOrDefault(a.Id)))
            .Where(a => a.Amount > 0)
            .ToDictionary(a => a.Id, a => a.Amount);
    }

    private static DateTimeOffset Posted(VendOrder order) => order.Times.Posted ?? order.Times.Received;

    private void Report(ReconciliationKind kind, string code, VendOrder order, string problem, DateTimeOffset since) => report(new Finding(
        kind, code, "order " + order.Id, problem, since, order.Command.Amount.MinorUnits, LedgerUnit.Of(order.Command.Amount.Currency)));
}
