using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;

namespace Latchkey.Server.Api;

/// <summary>A purchase as the API asks for it; the caller made the id.</summary>
/// <param name="Vendor">The vendor out of whose float it is paid; null for the seller's own channel.</param>
public sealed record PurchaseCommand(Guid PurchaseId, string MeterPan, Money Amount, string Client, string? PaymentReference, string? Vendor = null);

/// <summary>What a purchase came to.</summary>
public abstract record PurchaseOutcome
{
    /// <param name="Answer">The stored answer as JSON; a replay carries the very same bytes.</param>
    public sealed record Issued(ReadOnlyMemory<byte> Answer, bool IsReplay) : PurchaseOutcome;

    /// <summary>The id belongs to a purchase with other content.</summary>
    public sealed record IdReused : PurchaseOutcome;

    /// <summary>The money is set aside but there is no token yet; the same request again finishes it.</summary>
    public sealed record Pending(string Code) : PurchaseOutcome;

    public sealed record Refused(string Code, string Detail) : PurchaseOutcome;
}

/// <summary>Sells and finds purchases for the API.</summary>
public interface IPurchases
{
    ValueTask<PurchaseOutcome> PurchaseAsync(PurchaseCommand command, CancellationToken cancellationToken);

    ValueTask<PurchaseStatus?> FindAsync(Guid purchaseId, CancellationToken cancellationToken);
}

/// <summary>Where a purchase stands now; the answer of the sale itself is fixed, this moves on.</summary>
/// <param name="State">One of received, held, signed, posted, delivered, credited, declined, expired, reversed, reversal-refused, cancelled.</param>
/// <param name="Tokens">Every token to be typed, in order.</param>
/// <param name="Client">Who bought; not told to anybody.</param>
public sealed record PurchaseStatus(
    Guid PurchaseId, string MeterPan, long AmountMinorUnits, string Currency, string State, IReadOnlyList<string> Tokens, long? EnergyWattHours,
    DateTimeOffset ReceivedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? CreditedAt, [property: System.Text.Json.Serialization.JsonIgnore] string? Client = null)
{
    /// <summary>Money that the meter's own account is given; null for a meter that counts energy.</summary>
    public long? CreditMinorUnits { get; init; }

    /// <summary>What two people gave back of its price, and how far that is; null while nothing was.</summary>
    public PurchaseReturn? MoneyBack { get; init; }

    /// <summary>The same tokens with what each is for and whether the meter has it: the first that it has not is the next to be typed.</summary>
    public IReadOnlyList<PurchaseToken> ToType { get; init; } = [];
}

/// <summary>Money of a purchase on its way back.</summary>
/// <param name="To"><c>payer</c>, <c>float</c> or <c>seller</c>.</param>
/// <param name="State"><c>given</c>: it is there, or with the seller to be paid out. Of a payer's own means, as the payment service says: <c>requested</c>, <c>processing</c>, <c>succeeded</c>, <c>closed</c>, <c>abnormal</c>.</param>
public sealed record PurchaseReturn(string To, string State, long AmountMinorUnits);

/// <summary>One token of a purchase, in its place in the order of typing.</summary>
/// <param name="Kind">One of sale, free, refund, key-change, free-issue, credit-transfer.</param>
/// <param name="Number">Twenty digits in groups of four.</param>
public sealed record PurchaseToken(string Kind, string Number, long? EnergyWattHours, long? CreditMinorUnits, bool InMeter)
{
    internal static PurchaseToken Of(TokenToType token) => new(token.Kind, token.Number, token.Units?.WattHours, token.Credit?.MinorUnits, token.IsInMeter);
}
