using Latchkey.Sts;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>One thing that has to reach one meter, and what is known about it. Stored as one row.</summary>
public sealed record Delivery
{
    /// <summary>Made by the caller; for credit it is the order's id, so that asking twice is asking once.</summary>
    public required Guid Id { get; init; }

    public required MeterPan Pan { get; init; }

    public required DeliveryContent Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When trying ends; a token stays good and a later proof still counts.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Rises per meter; the meter repeats it in its answer.</summary>
    public required uint Sequence { get; init; }

    public DeliveryState State { get; init; } = DeliveryState.Pending;

    public ProofLevel Proof { get; init; }

    public ProofSource? ProvenBy { get; init; }

    /// <summary>The meter's own status number, where it gave one.</summary>
    public int? MeterStatus { get; init; }

    /// <summary>SHA-256 of the sealed message that proved or rejected it, in hexadecimal: what the proof can be found by.</summary>
    public string? Evidence { get; init; }

    /// <summary>Exchanges opened so far.</summary>
    public int Exchanges { get; init; }

    /// <summary>Datagrams handed to channels so far.</summary>
    public int Datagrams { get; init; }

    /// <summary>When the timer tries next; in flight, when the exchange is given up.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The meter asked for patience (locked out, not ready): until then not even a contact sends it.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    public DateTimeOffset? FirstSentAt { get; init; }

    public DateTimeOffset? LinkAcknowledgedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Still to be worked on.</summary>
    public bool IsOpen => State is DeliveryState.Pending or DeliveryState.InFlight;
}
