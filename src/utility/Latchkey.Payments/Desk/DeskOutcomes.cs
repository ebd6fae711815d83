using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.Desk;

/// <summary>What came of starting a payment. A closed set.</summary>
public abstract record StartOutcome
{
    private StartOutcome()
    {
    }

    /// <summary>The payer can be prompted. On a replay nothing was asked of the provider.</summary>
    public sealed record Ready(Payment Payment, PaymentPrompt Prompt, bool IsReplay) : StartOutcome;

    /// <summary>Nothing to prompt: it is Paid, Refunded, Failed or Expired.</summary>
    public sealed record Ended(Payment Payment) : StartOutcome;

    /// <summary>The number is taken by a payment that asks for something else.</summary>
    public sealed record IdReused : StartOutcome;

    public sealed record Refused(string Code, string Detail) : StartOutcome;

    /// <summary>The provider did not answer well; the same call again is safe.</summary>
    public sealed record Unavailable(string Code) : StartOutcome;
}

/// <summary>What a statement of the provider did. A closed set.</summary>
public abstract record PaymentEvent
{
    private PaymentEvent()
    {
    }

    /// <summary>The payment is paid. <paramref name="IsFirst"/> is true exactly once in a payment's life: for the write that made it so.</summary>
    public sealed record Paid(Payment Payment, bool IsFirst) : PaymentEvent;

    /// <summary>The payment ended without money (Failed or Expired).</summary>
    public sealed record Ended(Payment Payment) : PaymentEvent;

    public sealed record Refunded(Refund Refund) : PaymentEvent;

    /// <summary>Nothing new.</summary>
    public sealed record Unchanged(Payment? Payment) : PaymentEvent;

    /// <summary>Genuine or not, it changes nothing, for the given reason.</summary>
    public sealed record Rejected(string Code) : PaymentEvent;

    /// <summary>The provider did not answer well; it is asked again later.</summary>
    public sealed record Unavailable(string Code) : PaymentEvent;
}

/// <summary>What a notification did, and what to answer.</summary>
public sealed record NotificationOutcome(PaymentEvent Event, NotificationReply Reply);

/// <summary>What came of a refund. A closed set.</summary>
public abstract record RefundOutcome
{
    private RefundOutcome()
    {
    }

    /// <summary>Taken: look at the refund's state. On a replay it had been asked for before.</summary>
    public sealed record Taken(Refund Refund, bool IsReplay) : RefundOutcome;

    public sealed record Refused(string Code, string Detail) : RefundOutcome;

    /// <summary>The amount is reserved and the refund is asked for again by the schedule.</summary>
    public sealed record Unavailable(Refund Refund, string Code) : RefundOutcome;
}
