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
        await TryEndAsync(order, end, code, cancellationToken).ConfigureAwait(false);
        return Find(orderId);
    }

    /// <summary>Takes an order back. Null when it has no token and never will, otherwise the code of why it stays.</summary>
    public async Task<string?> ReverseAsync(Guid orderId, string reason, CancellationToken cancellationToken)
    {
        VendOrder order = Find(orderId);
        if (order is { State: OrderState.Held, Terms.Make: not null })
        {
            VendOrder ended = await ReleaseOfMakerAsync(order, OrderState.Reversed, reason, cancellationToken).ConfigureAwait(false);
            return ended.HasToken ? VendingCodes.TokenIssued : ended.State == OrderState.Held ? VendingCodes.MakerAnswerUnknown : null;
        }

        if (order.State == OrderState.Held && await TryEndAsync(order, OrderState.Reversed, reason, cancellationToken).ConfigureAwait(false) is var promise && promise != NoTokenPromise.Given)
            return promise == NoTokenPromise.HasToken ? VendingCodes.TokenIssued : VendingCodes.SignerUnavailable;
        return Find(orderId).HasToken ? VendingCodes.TokenIssued : null;
    }

    private async Task<NoTokenPromise> TryEndAsync(VendOrder order, OrderState end, string code, CancellationToken cancellationToken)
    {
        NoTokenPromise promise = await signer.CancelAsync(order.Id, order.HoldId, cancellationToken).ConfigureAwait(false);
        if (promise != NoTokenPromise.Given) return promise;
        DateTimeOffset now = time.GetUtcNow();
        await store.UpdateAsync(books => OrderSteps.Release(books, order.Id, end, code, now), cancellationToken).ConfigureAwait(false);
        return promise;
    }

    /// <summary>The promise that nothing is ever asked for it, and its end, in one step: nothing comes between them.</summary>
    private Task<VendOrder> ReleaseOfMakerAsync(VendOrder order, OrderState end, string code, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(
            books =>
            {
                if (books.FindState(order.Id) != (OrderState.Held, order.Attempt) || !MakerSteps.TryForswear(books, order, code, now)) return books.FindOrder(order.Id)!;

                // What people learnt from the maker is the end of the order, whoever comes first to end it; and its id buys nothing any more, because
                // whoever was told to wait for people does not expect a purchase days later.
                return MakerSteps.PeopleSayNone(books, order)
                    ? OrderSteps.Release(books, order.Id, OrderState.Reversed, VendingCodes.MakerNoToken, now)
                    : OrderSteps.Release(books, order.Id, end, code, now);
            },
            cancellationToken);
    }

    private VendOrder Find(Guid orderId) => store.Read(books => books.FindOrder(orderId))!;
}
