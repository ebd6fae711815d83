namespace Latchkey.Vending;

/// <summary>Ends holds, but only after the signer has promised that there is no token and never will be.</summary>
internal sealed class OrderReleases(IVendingStore store, ITokenSigner signer, TimeProvider time)
{
    /// <summary>The order as it is then: ended, or as it was where it has a token or is about to.</summary>
    public async Task<VendOrder> ReleaseAsync(Guid orderId, OrderState end, string code, CancellationToken cancellationToken)
    {
        VendOrder order = Find(orderId);
        if (order.State != OrderState.Held) return order;

        // An outcome that nobody knows ends nothing: there may be a token, and asking again gives the same one.
        if (code == VendingCodes.SignerUnavailable) return order;
        if (!await signer.CancelAsync(orderId, order.HoldId, cancellationToken).ConfigureAwait(false)) return Find(orderId);
        DateTimeOffset now = time.GetUtcNow();
        return await store.UpdateAsync(books => OrderSteps.Release(books, orderId, end, code, now), cancellationToken).ConfigureAwait(false);
    }

    private VendOrder Find(Guid orderId) => store.Read(books => books.FindOrder(orderId))!;
}
