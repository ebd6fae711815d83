using System.Globalization;
using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>How money goes back in the books. Inside one transaction; safe to repeat.</summary>
internal static class MoneyBackSteps
{
    private const string Step = "money back";

    public static (string Code, string Detail) IsBack { get; } = (VendingCodes.MoneyIsBack, "Nothing of this purchase's money is kept here any more.");

    /// <summary>One entry for each attempt: whoever looks for it needs nothing but the order.</summary>
    public static Guid EntryOf(Guid orderId, int attempt) => DerivedId.Of(orderId, string.Create(CultureInfo.InvariantCulture, $"{Step} {attempt}"));

    /// <summary>How many attempts stand in the books with the approval of exactly this order.</summary>
    public static int Granted(IVendingBooks books, Guid orderId)
    {
        int attempt = 0;
        while (attempt < MoneyBackDesk.MostAttempts && IsGranted(books, orderId, attempt + 1)) attempt++;
        return attempt;
    }

    public static bool TryRead(ApprovalEffect effect, out Guid orderId, out MoneyBackClaim claim)
    {
        bool isClaim = MoneyBackClaim.TryParse(effect.Detail, out claim);
        return Guid.TryParseExact(effect.Subject, "D", out orderId) && isClaim && effect.Kind == ApprovalKind.MoneyBack;
    }

    /// <summary>What stands against it, the approval apart; null where nothing does.</summary>
    /// <param name="paid">The purchase where its payer paid by himself.</param>
    public static (string Code, string Detail)? Check(IVendingBooks books, Guid orderId, MoneyBackClaim claim, ApprovalEffect effect, PlaceOrder? paid, DateTimeOffset now)
    {
        if (claim.Attempt != Granted(books, orderId) + 1 || claim.Attempt > MoneyBackDesk.MostAttempts) return (VendingCodes.ApprovalMismatch, "It was given back meanwhile; look at the purchase and ask again.");
        VendOrder? order = books.FindOrder(orderId);
        if ((order?.Command ?? paid) is not { } purchase) return (VendingCodes.UnknownOrder, "There is no such purchase.");
        if (ActEffects.MoneyBack(purchase, claim, out _) != effect) return (VendingCodes.ApprovalMismatch, "This is not what the purchase cost.");
        if (paid is null && claim.Attempt > 1) return IsBack;
        if (order is not { HasToken: true }) return null;
        if (order.State == OrderState.Credited) return (VendingCodes.TokenUsed, "The meter has taken the token.");
        if (claim.Reason is null) return (VendingCodes.TokenIssued, "There is a token: say what its meter has proved of it.");
        return OrderCancellations.Proves(books, order, ProofOf(order, claim, now)) ? null : (VendingCodes.ProofMismatch, "The meter's key was not changed since, or the token is none of our signer's.");
    }

    /// <summary>As <see cref="Check"/>, with the approval; null also where it was done before.</summary>
    public static (string Code, string Detail)? Unready(IVendingBooks books, Approval approval, Guid orderId, MoneyBackClaim claim, PlaceOrder? paid, DateTimeOffset now)
    {
        if (books.FindEntry(EntryOf(orderId, claim.Attempt))?.Entry is { } there)
            return ApprovalEntries.Uses(there, approval.Id, approval.Effect) ? null : (VendingCodes.ApprovalMismatch, "It was given back on another request; look at the purchase and ask again.");
        return ApprovalRules.CheckUse(books, approval.Id, approval.Effect, now, out _) ?? Check(books, orderId, claim, approval.Effect, paid, now);
    }

    /// <summary>Takes the sale back and uses the approval up, in one step. Null when it stands in the books.</summary>
    public static (string Code, string Detail)? Grant(IVendingBooks books, Approval approval, Guid orderId, MoneyBackClaim claim, PlaceOrder? paid, DateTimeOffset now)
    {
        if (Unready(books, approval, orderId, claim, paid, now) is { } refusal) return refusal;
        Guid entry = EntryOf(orderId, claim.Attempt);
        if (books.FindEntry(entry) is not null) return null;
        if (books.FindOrder(orderId) is { State: OrderState.Held }) return (VendingCodes.Busy, "It is being bought at this moment; try again.");

        string memo = string.Create(CultureInfo.InvariantCulture, $"{Step} {orderId:D} ({ActSteps.People(approval)})");
        if (ActSteps.Use(books, approval, new ActEntry(entry, memo, [], []), now) is { } unused) return unused;
        TakeBack(books, orderId, claim, paid, now);
        return null;
    }

    private static void TakeBack(IVendingBooks books, Guid orderId, MoneyBackClaim claim, PlaceOrder? paid, DateTimeOffset now)
    {
        VendOrder? order = books.FindOrder(orderId);
        if (order is { HasToken: true })
        {
            OrderCancellations.Reverse(books, order, ProofOf(order, claim, now), now);
            return;
        }

        // What was declined, or never came so far, could still be sold under this id: it ends here for good.
        if (order is null) books.Save(new VendOrder(paid!, OrderState.Reversed, new OrderTimes(now, Ended: now), RefusalCode: VendingCodes.OrderCancelled, Attempt: 0));
        else if (order.State == OrderState.Declined) books.Save(order with { State = OrderState.Reversed, Times = order.Times with { Ended = now } });
    }

    private static UnusedProof ProofOf(VendOrder order, MoneyBackClaim claim, DateTimeOffset now) =>
        new(claim.Reason!.Value, order.Tid.GetValueOrDefault(), now, claim.Evidence);

    private static bool IsGranted(IVendingBooks books, Guid orderId, int attempt) =>
        books.FindEntry(EntryOf(orderId, attempt))?.Entry is { } entry
        && ApprovalEntries.UsedIn(entry) is { } id && books.FindApproval(id) is { } approval
        && TryRead(approval.Effect, out Guid subject, out MoneyBackClaim claim) && (subject, claim.Attempt) == (orderId, attempt)
        && ApprovalEntries.Uses(entry, id, approval.Effect);
}
