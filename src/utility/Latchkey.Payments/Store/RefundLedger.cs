using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.Store;

/// <summary>The decisions every store takes alike, so that no two stores can differ. Pure.</summary>
public static class RefundLedger
{
    /// <summary>What to answer to a request, given what is stored under its numbers.</summary>
    public static AddRefundOutcome Decide(
        Payment? payment, Refund? sameNumber, IReadOnlyCollection<Refund> ofPayment, RefundRequest request, DateTimeOffset now)
    {
        if (payment is null) return new AddRefundOutcome.Refused(PaymentCodes.PaymentUnknown);
        if (sameNumber is not null)
        {
            return sameNumber.Request == request
                ? new AddRefundOutcome.AlreadyThere(sameNumber, payment)
                : new AddRefundOutcome.Refused(PaymentCodes.RefundIdReused);
        }

        if (RefundRules.FindFault(payment, ofPayment, request, now) is { } fault) return new AddRefundOutcome.Refused(fault);
        var refund = new Refund
        {
            Provider = payment.Provider,
            Request = request,
            State = RefundState.Requested,
            RequestedAt = now,
            NextQueryAt = Desk.QuerySchedule.Next(now, 0),
        };
        return new AddRefundOutcome.Added(refund, payment);
    }

    /// <summary>The payment after <paramref name="changed"/> replaces <paramref name="stored"/>; the same value when nothing follows.</summary>
    public static Payment Apply(Payment payment, Refund stored, Refund changed)
    {
        bool succeedsNow = stored.State != RefundState.Succeeded && changed.State == RefundState.Succeeded;
        if (!succeedsNow) return payment;

        Payment grown = payment with { RefundedMinorUnits = payment.RefundedMinorUnits + changed.Request.Amount.MinorUnits };
        return grown.RefundedMinorUnits == payment.Intent.Amount.MinorUnits
            ? grown.After(PaymentTrigger.FullyRefunded) ?? grown
            : grown;
    }
}
