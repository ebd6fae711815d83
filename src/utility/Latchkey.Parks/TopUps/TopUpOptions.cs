namespace Latchkey.Parks.TopUps;

/// <summary>How top-ups are paced.</summary>
public sealed record TopUpOptions
{
    /// <summary>The seller's channel for orders that come from here.</summary>
    public string SalesChannel { get; init; } = "wechat";

    /// <summary>How long a payment stays open.</summary>
    public TimeSpan PaymentWindow { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a paid order that cannot be sold now, for a cause somebody can cure, is tried before the money goes back.</summary>
    public TimeSpan SellWithin { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long money may still arrive for a payment that ended; providers repeat notifications for a day.</summary>
    public TimeSpan LateMoney { get; init; } = TimeSpan.FromHours(26);

    /// <summary>How long a proof may still arrive for a token.</summary>
    public TimeSpan LateProof { get; init; } = TimeSpan.FromDays(60);

    /// <summary>Waits after steps that failed; the last repeats.</summary>
    public IReadOnlyList<TimeSpan> RetryWaits { get; init; } =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10)];
}
