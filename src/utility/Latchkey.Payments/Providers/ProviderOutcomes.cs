namespace Latchkey.Payments.Providers;

/// <summary>What came of placing an order. A closed set.</summary>
public abstract record OrderOutcome
{
    private OrderOutcome()
    {
    }

    public sealed record Placed(string ProviderReference, PaymentPrompt Prompt) : OrderOutcome;

    /// <summary>The provider says this order was paid already: ask it for the proof.</summary>
    public sealed record AlreadyPaid : OrderOutcome;

    /// <summary>Final: trying again with the same intent cannot help.</summary>
    public sealed record Refused(string Code, string Detail) : OrderOutcome;

    /// <summary>The outcome is not known; trying again with the same intent is safe.</summary>
    public sealed record Unavailable(string Code) : OrderOutcome;
}

/// <summary>What a notification says, once it is verified, or why it is not believed. A closed set.</summary>
public abstract record NotificationReading
{
    private NotificationReading()
    {
    }

    public sealed record OfPayment(string NotificationId, PaymentReport Report) : NotificationReading;

    public sealed record OfRefund(string NotificationId, RefundReport Report) : NotificationReading;

    /// <summary>Genuine, but of a kind this room does not act on.</summary>
    public sealed record OfOtherKind(string NotificationId, string EventType) : NotificationReading;

    public sealed record Rejected(string Code) : NotificationReading;
}

/// <summary>What came of asking about an order. A closed set.</summary>
public abstract record QueryOutcome
{
    private QueryOutcome()
    {
    }

    public sealed record Known(PaymentReport Report) : QueryOutcome;

    /// <summary>The provider answered, but what it says does not belong to us (another merchant, another app).</summary>
    public sealed record Rejected(string Code) : QueryOutcome;

    public sealed record Unavailable(string Code) : QueryOutcome;
}

/// <summary>What came of closing an order. The numbers are not stored.</summary>
public enum CloseOutcome
{
    /// <summary>Closed, or it never was at the provider.</summary>
    Done = 1,

    /// <summary>Too late: it was paid. Ask for the proof.</summary>
    AlreadyPaid = 2,

    Unavailable = 3,
}

/// <summary>What the provider says of a refund. A closed set.</summary>
public abstract record RefundReading
{
    private RefundReading()
    {
    }

    public sealed record Known(RefundReport Report) : RefundReading;

    /// <summary>The provider does not know the refund: it may be asked for again.</summary>
    public sealed record NotFound : RefundReading;

    public sealed record Refused(string Code, string Detail) : RefundReading;

    public sealed record Unavailable(string Code) : RefundReading;
}
