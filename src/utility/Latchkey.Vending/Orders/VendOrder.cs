using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>When an order reached each state; null where it did not.</summary>
public sealed record OrderTimes(
    DateTimeOffset Received,
    DateTimeOffset? Held = null,
    DateTimeOffset? Posted = null,
    DateTimeOffset? Delivered = null,
    DateTimeOffset? Credited = null,
    DateTimeOffset? Ended = null);

/// <summary>An order as it is kept.</summary>
/// <param name="Terms">What is sold; set from Held on.</param>
/// <param name="Tid">Taken and stored before the signer is asked, so that asking again makes the same token; null where a maker's service gives its own.</param>
/// <param name="Attempt">Counts the holds: an order that was declined after its hold may be sent again.</param>
/// <param name="Answer">The stored bytes of the receipt; every retry gets these.</param>
public sealed record VendOrder(
    PlaceOrder Command,
    OrderState State,
    OrderTimes Times,
    SaleTerms? Terms = null,
    TokenIdentifier? Tid = null,
    string? RefusalCode = null,
    TokenNumber? Token = null,
    ReadOnlyMemory<byte> Answer = default,
    CreditProof? Proof = null,
    int Attempt = 1)
{
    public Guid Id => Command.OrderId;

    /// <summary>The entry that sets the money aside. A declined order that is sent again gets a new one.</summary>
    public Guid HoldId => DerivedId.Of(Id, string.Create(CultureInfo.InvariantCulture, $"hold {Attempt}"));

    /// <summary>True once the customer has, or may have, the token.</summary>
    public bool HasToken => State is OrderState.Posted or OrderState.Delivered or OrderState.Credited;
}

/// <summary>How it is known that a meter has taken a token. Numbers are stored.</summary>
public enum CreditProofKind
{
    /// <summary>The meter answered Accept.</summary>
    Accepted = 1,

    /// <summary>The meter answered "already used" to our own token: it has taken it before, by the keypad or by an answer that was lost.</summary>
    AlreadyUsed = 2,
}

/// <summary>The meter's authenticated answer to a token.</summary>
/// <param name="Tid">The identifier of the token that the meter answers for; 0 for a token of a maker's service.</param>
/// <param name="Evidence">What the answer can be found by: for example the hash of the message in hexadecimal.</param>
public sealed record CreditProof(CreditProofKind Kind, TokenIdentifier Tid, DateTimeOffset At, string Evidence);
