using Latchkey.Vending.Makers;

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
        if (order.Terms is { Make: not null }) return await ReleaseOfMakerAsync(order, end, code, cancellationToken).ConfigureAwait(false);
        if (!await signer.CancelAsync(orderId, order.HoldId, cancellationToken).ConfigureAwait(false)) return Find(orderId);
        DateTimeOffset now = time.GetUtcNow();
        return await store.UpdateAsync(books => OrderSteps.Release(books, orderId, end, code, now), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The promise that nothing is ever asked for it, and its end, in one step: nothing comes between them.</summary>
    private Task<VendOrder> ReleaseOfMakerAsync(VendOrder order, OrderState end, string code, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(
            books => books.FindState(order.Id) == (OrderState.Held, order.Attempt) && MakerSteps.TryForswear(books, order, code, now)
                ? OrderSteps.Release(books, order.Id, end, code, now)
                : books.FindOrder(order.Id)!,
            cancellationToken);
    }

    private VendOrder Find(Guid orderId) => store.Read(books => books.FindOrder(orderId))!;
}
