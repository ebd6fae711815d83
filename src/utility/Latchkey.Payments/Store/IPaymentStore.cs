using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.Store;

/// <summary>
/// Where payments live. Every call is one transaction, durable when it returns. The store, not the caller, guards that a trade
/// number exists once and that a provider's transaction id belongs to one payment.
/// </summary>
public interface IPaymentStore
{
    Task<AddPaymentResult> AddAsync(Payment payment, CancellationToken cancellationToken);

    Task<Payment?> FindAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken);

    Task<Payment?> FindByTransactionAsync(string provider, string transactionId, CancellationToken cancellationToken);

    /// <summary>Replaces the stored value if its version is still <c>payment.Version</c>; the stored version is then one higher.</summary>
    Task<SavePaymentResult> SaveAsync(Payment payment, CancellationToken cancellationToken);

    /// <summary>Open payments whose next query is due, the longest waiting first.</summary>
    Task<IReadOnlyList<Payment>> DueForQueryAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>The newest payments first.</summary>
    Task<IReadOnlyList<Payment>> ListAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Checks <see cref="RefundRules"/> against the stored payment and its refunds, and reserves the amount, in one transaction.</summary>
    Task<AddRefundOutcome> AddRefundAsync(RefundRequest request, DateTimeOffset now, CancellationToken cancellationToken);

    Task<Refund?> FindRefundAsync(OutTradeNo outRefundNo, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the stored refund if its version is still <c>refund.Version</c>. When it turns Succeeded, the payment's refunded sum grows
    /// in the same transaction, and the payment becomes Refunded once all of it went back.
    /// </summary>
    Task<SavePaymentResult> SaveRefundAsync(Refund refund, CancellationToken cancellationToken);

    Task<IReadOnlyList<Refund>> DueRefundsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps a genuine statement that fits no payment, once per provider, transaction and code. False when it is there already.</summary>
    Task<bool> AddUnmatchedAsync(UnmatchedPayment unmatched, CancellationToken cancellationToken);

    Task<IReadOnlyList<UnmatchedPayment>> ListUnmatchedAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>Money a provider vouches for that fits no payment of ours: someone has to look at it, and nothing of it is lost.</summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="TransactionId">The provider's number, or an empty text.</param>
/// <param name="OutTradeNo">The number it names.</param>
/// <param name="AmountMinorUnits">The amount it names, or null.</param>
/// <param name="CurrencyCode">The currency it names, or null.</param>
/// <param name="Code">Why it does not fit.</param>
/// <param name="SeenAt">When it was first seen.</param>
public sealed record UnmatchedPayment(
    string Provider, string TransactionId, string OutTradeNo, long? AmountMinorUnits, string? CurrencyCode, string Code, DateTimeOffset SeenAt);

/// <summary>In order of precedence. Not stored.</summary>
public enum AddPaymentResult
{
    Added = 0,
    OutTradeNoUsed = 1,
}

/// <summary>In order of precedence. Not stored.</summary>
public enum SavePaymentResult
{
    Saved = 0,
    NotFound = 1,

    /// <summary>Somebody else saved first: read it again.</summary>
    VersionChanged = 2,

    /// <summary>The transaction id belongs to another payment.</summary>
    TransactionIdUsed = 3,
}

/// <summary>What came of reserving a refund. A closed set.</summary>
public abstract record AddRefundOutcome
{
    private AddRefundOutcome()
    {
    }

    public sealed record Added(Refund Refund, Payment Payment) : AddRefundOutcome;

    /// <summary>The same request came before.</summary>
    public sealed record AlreadyThere(Refund Refund, Payment Payment) : AddRefundOutcome;

    public sealed record Refused(string Code) : AddRefundOutcome;
}
