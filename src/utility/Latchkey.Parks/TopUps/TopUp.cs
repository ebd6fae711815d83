using System.Collections.Immutable;
using Latchkey.Payments.Intents;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Parks.TopUps;

/// <summary>Where a top-up stands. The numbers are stored.</summary>
public enum TopUpState
{
    /// <summary>Written down; the payment may or may not be started.</summary>
    Created = 1,

    /// <summary>The tenant can pay.</summary>
    AwaitingPayment = 2,

    /// <summary>The money is here; the order is to be placed.</summary>
    Paid = 3,

    /// <summary>The token is made and the tenant is being told; it is to go to the meter.</summary>
    Issued = 4,

    /// <summary>The head-end has it.</summary>
    Delivering = 5,

    /// <summary>The meter has the credit, by its own word.</summary>
    Credited = 6,

    /// <summary>Nothing was paid. Money that arrives late revives it.</summary>
    PaymentEnded = 20,

    /// <summary>Paid, but it cannot be sold: the money is to go back.</summary>
    RefundDue = 30,

    /// <summary>The provider has taken the refund.</summary>
    Refunded = 31,

    /// <summary>The meter refused the token by its own word: for a person to look at. A later proof still counts.</summary>
    RejectedByMeter = 40,
}

/// <summary>What the tenant was told of a top-up. The numbers are stored.</summary>
[Flags]
public enum TopUpNews
{
    None = 0,

    /// <summary>The money is here, and these are the twenty digits.</summary>
    Token = 1,

    /// <summary>The meter has the credit; nothing need be typed.</summary>
    Credited = 2,

    /// <summary>The meter refused the token.</summary>
    Rejected = 4,

    /// <summary>The money goes back.</summary>
    Refunded = 8,
}

/// <summary>One purchase on its way from the tenant's phone to the tenant's light. Stored as one row; each step writes it once.</summary>
/// <remarks>Its id is the order's id, the delivery's id and, as digits, the payment's number: asking any room twice is asking once.</remarks>
public sealed record TopUp
{
    public required Guid Id { get; init; }

    public required Guid RoomId { get; init; }

    public required Guid TenantId { get; init; }

    public required MeterPan Pan { get; init; }

    public required Money Amount { get; init; }

    /// <summary>The payment service's name.</summary>
    public required string Provider { get; init; }

    public required PaymentMethod Method { get; init; }

    /// <summary>The payer at the payment service; null where anyone may pay.</summary>
    public string? Payer { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public TopUpState State { get; init; } = TopUpState.Created;

    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>When the head-end took it.</summary>
    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset? CreditedAt { get; init; }

    /// <summary>When it came to an end other than credit.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Twenty digits each, once issued.</summary>
    public ImmutableArray<string> Tokens { get; init; } = [];

    /// <summary>What the tokens carry.</summary>
    public Energy? Granted { get; init; }

    /// <summary>What the tenant was told.</summary>
    public TopUpNews Told { get; init; }

    /// <summary>Why it ended or waits, as a stable code of the room that said so.</summary>
    public string? Code { get; init; }

    /// <summary>When it is looked at next without anybody asking; null when it has ended.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Steps that failed in a row; spaces the next.</summary>
    public int Failures { get; init; }

    /// <summary>Counts the saves, from 1; guards against two writers.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Same in everything that decides about money.</summary>
    public bool AsksTheSameAs(TopUp other) =>
        (Id, RoomId, TenantId, Pan, Amount, Provider, Method, Payer)
        == (other.Id, other.RoomId, other.TenantId, other.Pan, other.Amount, other.Provider, other.Method, other.Payer);

    /// <summary>Never the tokens: text reaches logs.</summary>
    public override string ToString() => $"top-up {Id:N} {State}";
}
