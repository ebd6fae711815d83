namespace Latchkey.Vending;

/// <summary>
/// Money back to who paid: of a purchase that has no token, or whose token its meter can never take. Two people answer for it. What a float paid is back
/// with the entry that takes the sale back; what a payer paid himself is sent by the room that leads such purchases, which asks here first.
/// </summary>
public sealed class MoneyBackDesk(IVendingStore store, IOrderDesk desk, TimeProvider time) : IMoneyBackRecord
{
    /// <summary>So often may a payment service refuse before somebody has to pay by other ways.</summary>
    public const int MostAttempts = 20;

    /// <summary>Where payers' own money is; null where nobody pays by himself.</summary>
    public IPayerMoney? Payers { get; set; }

    /// <summary>The entry by which two people give a purchase's money back, for the first time or again; what follows from it is named by it.</summary>
    public static Guid EntryOf(Guid orderId, int attempt) => MoneyBackSteps.EntryOf(orderId, attempt);

    public int Granted(Guid orderId) => store.Read(books => MoneyBackSteps.Granted(books, orderId));

    /// <summary>What two people would be asked for; null and the code where there is no such purchase or the claim makes no sense.</summary>
    public ApprovalEffect? EffectOf(Guid orderId, UnusedReason? reason, string evidence, out (string Code, string Detail)? problem)
    {
        var claim = new MoneyBackClaim(Granted(orderId) + 1, reason, evidence.Trim());
        problem = (VendingCodes.UnknownOrder, "There is no such purchase.");
        if ((desk.Find(orderId)?.Command ?? Payers?.FindPaid(orderId)) is not { } purchase) return null;
        ApprovalEffect? effect = ActEffects.MoneyBack(purchase, claim, out string? wrong);
        problem = effect is null ? (VendingCodes.RequestMalformed, wrong!) : null;
        return effect;
    }

    /// <summary>Why it could not be done as things stand; null where it could.</summary>
    internal async Task<(string Code, string Detail)?> RefusalOfAsync(ApprovalEffect effect, CancellationToken cancellationToken)
    {
        if (!MoneyBackSteps.TryRead(effect, out Guid orderId, out MoneyBackClaim claim)) return (VendingCodes.RequestMalformed, "Money back names a purchase and what is known of its token.");
        DateTimeOffset now = time.GetUtcNow();
        PlaceOrder? paid = Payers?.FindPaid(orderId);
        (string, string)? refusal = store.Read(books => MoneyBackSteps.Check(books, orderId, claim, effect, paid, now));
        if (refusal is not null) return refusal;
        if (paid is not null) return await Payers!.RefusalOfReturnAsync(orderId, cancellationToken).ConfigureAwait(false);
        return desk.Find(orderId) is { HasToken: true } or { State: OrderState.Held } ? null : MoneyBackSteps.IsBack;
    }

    /// <summary>Does what was approved; once, however often it is asked.</summary>
    internal async Task<ApprovalOutcome> GrantAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (!MoneyBackSteps.TryRead(approval.Effect, out Guid orderId, out MoneyBackClaim claim))
            return new ApprovalOutcome.Refused(VendingCodes.RequestMalformed, "Money back names a purchase and what is known of its token.");
        DateTimeOffset now = time.GetUtcNow();
        PlaceOrder? paid = Payers?.FindPaid(orderId);
        if (store.Read(books => MoneyBackSteps.Unready(books, approval, orderId, claim, paid, now)) is { } unready) return new ApprovalOutcome.Refused(unready.Code, unready.Detail);

        // What is held may be a token in a moment: first whoever makes it promises that there will be none.
        if (desk.Find(orderId) is { State: OrderState.Held }
            && await desk.ReverseAsync(orderId, "money back", cancellationToken).ConfigureAwait(false) is ReversalOutcome.Refused { Code: not VendingCodes.UnknownOrder and var code })
        {
            return new ApprovalOutcome.Refused(code, "It is not known that there is no token, so nothing was given back.");
        }

        (string Code, string Detail)? refusal = await store.UpdateAsync(books => MoneyBackSteps.Grant(books, approval, orderId, claim, paid, now), cancellationToken).ConfigureAwait(false);
        if (refusal is { } no) return new ApprovalOutcome.Refused(no.Code, no.Detail);
        await SendAsync(approval, cancellationToken).ConfigureAwait(false);
        return new ApprovalOutcome.Done(approval);
    }

    /// <summary>Goes on with what was given: where the program ended in between, or it was given where there was no line to the payers' room.</summary>
    internal Task SendAsync(Approval approval, CancellationToken cancellationToken) =>
        MoneyBackSteps.TryRead(approval.Effect, out Guid orderId, out _) && Payers is { } payers && payers.FindPaid(orderId) is not null
            ? payers.ReturnAsync(orderId, cancellationToken)
            : Task.CompletedTask;
}
