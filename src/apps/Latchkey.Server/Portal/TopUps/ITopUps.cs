using Latchkey.Quantities;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>What a tenant sees before buying: the room, the meter, what is left and the price.</summary>
/// <param name="Price">What a kilowatt-hour costs in the first block, taxes and levies in.</param>
/// <param name="PriceRises">There are further blocks: the more is bought in a period, the more it costs.</param>
public sealed record TopUpOffer(
    string Place, string Pan, string TenantName, Energy? Balance, Money? Worth, Money Price, bool PriceRises, IReadOnlyList<Money> Amounts, Money Least, Money Most, bool SupplyOn);

/// <summary>One line of how an amount becomes units.</summary>
/// <param name="Kind">Stable code: <c>energy</c>, <c>levy</c>, <c>fixed</c>, <c>vat</c>.</param>
/// <param name="Name">The tariff's own name for it; may be empty.</param>
/// <param name="Quantity">Units and rate, or a share.</param>
public sealed record QuoteLine(string Kind, string Name, string? Quantity, Money Amount);

/// <summary>The answer to "what do I get for this amount".</summary>
public abstract record TopUpQuote
{
    /// <param name="Credit">For a meter with an account in money: what it is given instead of energy.</param>
    public sealed record Priced(Money Amount, Energy Units, IReadOnlyList<QuoteLine> Lines, Money? Credit = null) : TopUpQuote;

    public sealed record Refused(string Code) : TopUpQuote;
}

/// <summary>The answer to "I want to pay".</summary>
public abstract record TopUpStart
{
    public sealed record Waiting(Guid TopUpId) : TopUpStart;

    public sealed record Refused(string Code) : TopUpStart;
}

/// <summary>The steps of a top-up, in the order in which they happen.</summary>
public enum TopUpStep { Ordered = 0, Paid = 1, TokenMade = 2, Sent = 3, Delivered = 4, Credited = 5 }

/// <summary>How a top-up ended without credit.</summary>
public enum TopUpEnd { None = 0, PaymentExpired = 1, PaymentFailed = 2, Declined = 3, RejectedByMeter = 4 }

/// <summary>One top-up as its tenant follows it.</summary>
/// <param name="Token">Twenty digits in groups of four once the token is made.</param>
/// <param name="Times">When each step was reached; a step without a time has not been reached.</param>
/// <param name="PayCode">The text of the QR code that WeChat reads; null once nothing is to be paid.</param>
/// <param name="PayPage">A page to pay at on this very device; null where there is none.</param>
/// <param name="By">How the token reached the meter: <c>4G</c>, <c>keypad</c>; null while it has not.</param>
public sealed record TopUpProgress(
    Guid TopUpId, DateTimeOffset At, string Place, string Pan, Money Amount, Energy? Units, string? Token, IReadOnlyDictionary<TopUpStep, DateTimeOffset> Times,
    TopUpEnd End, string? EndCode, string? By, string? PayCode, Uri? PayPage, IReadOnlyList<QuoteLine> Lines)
{
    /// <summary>What a meter with an account in money is given; null for one that counts energy.</summary>
    public Money? Credit { get; init; }

    /// <summary>Every token to be typed, in order: a new key, free energy, refunds, the purchase. Empty where only the step is asked for, or nothing is made yet.</summary>
    public IReadOnlyList<TokenToType> Tokens { get; init; } = [];

    public bool IsOver => End != TopUpEnd.None || Times.ContainsKey(TopUpStep.Credited);
}

/// <summary>Buying, for one tenant at a time: every call names the tenant and reaches nothing of another's.</summary>
public interface ITopUps
{
    ValueTask<TopUpOffer?> OfferAsync(string tenantId, CancellationToken cancellationToken);

    ValueTask<TopUpQuote> QuoteAsync(string tenantId, Money amount, CancellationToken cancellationToken);

    /// <summary>Starts a payment; the same id with the same amount gives the same answer again.</summary>
    ValueTask<TopUpStart> StartAsync(string tenantId, Guid topUpId, Money amount, CancellationToken cancellationToken);

    ValueTask<TopUpProgress?> FindAsync(string tenantId, Guid topUpId, CancellationToken cancellationToken);

    /// <summary>The newest first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<TopUpProgress>> ListAsync(string tenantId, int limit, CancellationToken cancellationToken);
}
