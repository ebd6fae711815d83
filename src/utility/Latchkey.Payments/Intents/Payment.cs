namespace Latchkey.Payments.Intents;

/// <summary>One payment as it is stored. A new value for every change; <see cref="Version"/> guards against two writers.</summary>
public sealed record Payment
{
    public required string Provider { get; init; }

    public required PaymentIntent Intent { get; init; }

    public required PaymentState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the provider answered to the order (prepay_id, code_url): enough to prompt the payer again.</summary>
    public string? ProviderReference { get; init; }

    /// <summary>The provider's number of the money movement; unique among all payments of the provider.</summary>
    public string? TransactionId { get; init; }

    /// <summary>When the payer paid, by the provider's clock.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary>Why it failed, as a stable code.</summary>
    public string? FailureCode { get; init; }

    public int QueriesDone { get; init; }

    /// <summary>When the provider is asked next because no notification came; null when nothing is awaited.</summary>
    public DateTimeOffset? NextQueryAt { get; init; }

    /// <summary>What went back to the payer so far, in minor units.</summary>
    public long RefundedMinorUnits { get; init; }

    /// <summary>Counts the saves, from 1.</summary>
    public int Version { get; init; } = 1;

    public bool IsOpen => State is PaymentState.Created or PaymentState.Pending;

    /// <summary>This payment after <paramref name="trigger"/>, or null where the table forbids it.</summary>
    public Payment? After(PaymentTrigger trigger) =>
        PaymentTransitions.Next(State, trigger) is { } next ? this with { State = next } : null;
}
