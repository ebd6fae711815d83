using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Refunds of energy: what two people approved is kept for the meter's next purchase. A row that nobody approved gives nothing.</summary>
public sealed class RefundDesk(IVendingStore store, IRefundStore refunds, TimeProvider time)
{
    /// <summary>Keeps the refund that was approved under this id; once, however often it is asked.</summary>
    internal async Task<ApprovalOutcome> GrantAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (ActSteps.MoneyOf(approval.Effect) is not { } worth || !MeterPan.TryParse(approval.Effect.Subject, out MeterPan pan))
            return new ApprovalOutcome.Refused(VendingCodes.RequestMalformed, "A refund names a meter and an amount of money.");
        DateTimeOffset now = time.GetUtcNow();
        (string Code, string Detail)? refusal = await store.UpdateAsync(books => ActSteps.Use(books, approval, ActSteps.OfRefund(approval), now), cancellationToken).ConfigureAwait(false);
        if (refusal is { } no) return new ApprovalOutcome.Refused(no.Code, no.Detail);
        var refund = new EnergyRefund(approval.Id, pan, worth, approval.Request.Reason, approval.First!.ToString(), approval.Second!.ToString(), now);
        return await refunds.AddAsync(refund, cancellationToken).ConfigureAwait(false)
            ? new ApprovalOutcome.Done(approval)
            : new ApprovalOutcome.Refused(VendingCodes.OrderIdReused, "This id belongs to another refund.");
    }

    /// <summary>True where the books have an entry that used up the approval of exactly this refund.</summary>
    internal static bool IsApproved(IVendingBooks books, EnergyRefund refund) =>
        ActEffects.Refund(refund.Pan, refund.Worth, out _) is { } effect
        && books.FindEntry(ActSteps.RefundEntryOf(refund.Id))?.Entry is { } entry
        && ApprovalEntries.Uses(entry, refund.Id, effect);
}
