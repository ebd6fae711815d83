namespace Latchkey.Payments.Intents;

/// <summary>Where a payment stands. The numbers are stored.</summary>
public enum PaymentState
{
    /// <summary>Written down; the provider may or may not know of it yet.</summary>
    Created = 1,

    /// <summary>The provider took the order and waits for the payer.</summary>
    Pending = 2,

    /// <summary>The money is there, by a verified notification or a verified answer to a query. Nothing else leads here.</summary>
    Paid = 3,

    /// <summary>The provider refused the order, or the payment failed for good.</summary>
    Failed = 4,

    /// <summary>Closed unpaid.</summary>
    Expired = 5,

    /// <summary>All of it went back to the payer.</summary>
    Refunded = 6,
}

/// <summary>What moves a payment from state to state.</summary>
public enum PaymentTrigger
{
    OrderAccepted = 1,
    OrderRefused = 2,
    PaidProof = 3,
    ClosedUnpaid = 4,
    FullyRefunded = 5,
}

/// <summary>The table of moves. Pure and total.</summary>
public static class PaymentTransitions
{
    /// <summary>The state after <paramref name="trigger"/>, or null where the move is not allowed.</summary>
    public static PaymentState? Next(PaymentState state, PaymentTrigger trigger) => (state, trigger) switch
    {
        (PaymentState.Created or PaymentState.Pending, PaymentTrigger.OrderAccepted) => PaymentState.Pending,
        (PaymentState.Created or PaymentState.Pending, PaymentTrigger.OrderRefused) => PaymentState.Failed,
        (PaymentState.Created or PaymentState.Pending, PaymentTrigger.ClosedUnpaid) => PaymentState.Expired,

        // Money that arrives late is money all the same: proof of payment wins over our own opinion that it failed or expired.
        (PaymentState.Created or PaymentState.Pending or PaymentState.Failed or PaymentState.Expired, PaymentTrigger.PaidProof)
            => PaymentState.Paid,
        (PaymentState.Paid, PaymentTrigger.FullyRefunded) => PaymentState.Refunded,
        _ => null,
    };
}
