using Latchkey.Server.Portal.Meters;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>What the readers must be told that the platform does not know.</summary>
public sealed record RoomSettings
{
    /// <summary>What the seller set; the limits of a purchase are read from it.</summary>
    public required VendingOptions Vending { get; init; }

    /// <summary>The seller's channel for purchases over the API; one of <see cref="VendingOptions.Channels"/>.</summary>
    public required string ApiChannel { get; init; }

    /// <summary>Whether webhooks may go to loopback and private addresses.</summary>
    public bool WebhooksToPrivateAddresses { get; init; }

    /// <summary>Where a payer is sent who cannot scan the code.</summary>
    public PayPages PayPages { get; init; } = PayPages.None;

    /// <summary>Hands at the meters; none where all of them are real.</summary>
    public IMeterHands Hands { get; init; } = new NoMeterHands();
}
