using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>
/// Takes back orders whose token is out, but only on a meter's own proof that it can never take it: a number that somebody may still type is money
/// that was spent. The old entries stay; a reversal answers them.
/// </summary>
public sealed class OrderCancellations(IVendingStore store, IOrderDesk desk, TimeProvider time)
{
    /// <summary>Gives the money back to where it came from; the payment may pay another order. Safe to repeat.</summary>
    public async Task<ReversalOutcome> CancelAsync(Guid orderId, UnusedProof proof, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        string? refusal = await store.UpdateAsync(books => Cancel(books, orderId, proof, now), cancellationToken).ConfigureAwait(false);
        return refusal is null ? new ReversalOutcome.Reversed(orderId) : new ReversalOutcome.Refused(refusal);
    }

    /// <summary>As <see cref="CancelAsync"/>, and sells the same money to another meter under a new id.</summary>
    public async Task<OrderOutcome> TransferAsync(Guid orderId, UnusedProof proof, Guid newOrderId, MeterPan to, CancellationToken cancellationToken)
    {
        if (desk.Find(orderId) is not { } order) return new OrderOutcome.Declined(VendingCodes.UnknownOrder, "There is no such purchase.");
        if (await CancelAsync(orderId, proof, cancellationToken).ConfigureAwait(false) is ReversalOutcome.Refused refused)
            return new OrderOutcome.Declined(refused.Code, "The token cannot be taken back, so nothing was moved.");
        return await desk.PlaceAsync(order.Command with { OrderId = newOrderId, Pan = to }, cancellationToken).ConfigureAwait(false);
    }

    private static string? Cancel(IVendingBooks books, Guid orderId, UnusedProof proof, DateTimeOffset now)
    {
        if (books.FindOrder(orderId) is not { Token: not null } order) return VendingCodes.UnknownOrder;
        if (order.State == OrderState.Cancelled) return null;
        if (order.State == OrderState.Credited) return VendingCodes.TokenUsed;
        if (!Proves(books, order, proof)) return VendingCodes.ProofMismatch;
        Reverse(books, order, proof, now);
        return null;
    }

    /// <summary>Answers the sale with its opposite. Of an order with a token whose proof was looked at.</summary>
    internal static void Reverse(IVendingBooks books, VendOrder order, UnusedProof proof, DateTimeOffset now)
    {
        JournalEntry settled = books.FindEntry(DerivedId.Of(order.HoldId, "settle"))!.Entry;
        PostResult posted = books.Post(JournalEntry.Reverse(
            DerivedId.Of(order.HoldId, "cancel"), now, settled, $"{SaleEntries.Memo(order.Id)} {proof.Reason} {proof.Evidence}"));
        if (posted is not (PostResult.Posted or PostResult.AlreadyPosted))
            throw new InvalidOperationException($"The books refuse to take back order {order.Id}: {posted}.");
        OrderSteps.CountBack(books, order, settled);
        books.Advance(order with { State = OrderState.Cancelled, RefusalCode = VendingCodes.OrderCancelled, Times = order.Times with { Ended = now } });
    }

    internal static bool Proves(IVendingBooks books, VendOrder order, UnusedProof proof) =>
        proof.Tid == order.Tid
        && proof.Evidence.Length is > 0 and <= UnusedProof.MaxEvidenceLength
        && proof.At >= order.Times.Posted
        && proof.Reason switch
        {
            UnusedReason.RefusedAsOld => true,
            UnusedReason.KeyChanged => books.FindMeter(order.Command.Pan) is { } meter && meter.Key != order.Terms!.Key,
            _ => false,
        };
}
