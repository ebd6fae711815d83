using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Quantities;

namespace Latchkey.Parks.TopUps;

/// <summary>A wish to buy for a room. The caller makes the id and keeps it: the same wish again is the same purchase.</summary>
/// <param name="Id">Of the top-up, the order, the payment and the delivery alike.</param>
/// <param name="RoomId">For which room; the tenant who lives there is told.</param>
/// <param name="Amount">What is paid.</param>
/// <param name="Provider">The payment service's name.</param>
/// <param name="Method">How the payer is asked.</param>
/// <param name="Payer">Who pays, at the payment service; need not be the tenant.</param>
public sealed record StartTopUp(Guid Id, Guid RoomId, Money Amount, string Provider, PaymentMethod Method, string? Payer);

/// <summary>What came of starting a top-up: a closed set.</summary>
public abstract record StartTopUpOutcome
{
    private StartTopUpOutcome()
    {
    }

    /// <summary>The payer can be prompted.</summary>
    public sealed record Ready(TopUp TopUp, PaymentPrompt Prompt, bool IsReplay) : StartTopUpOutcome;

    /// <summary>It is past paying: look at its state.</summary>
    public sealed record UnderWay(TopUp TopUp) : StartTopUpOutcome;

    /// <summary>The id belongs to a top-up of other content.</summary>
    public sealed record IdReused : StartTopUpOutcome;

    /// <summary>Refused before any money moved; the code is one of <see cref="ParkCodes"/>, of Vending or of Payments.</summary>
    public sealed record Refused(string Code, string Detail) : StartTopUpOutcome;

    /// <summary>The payment service did not answer well; the same wish again is safe.</summary>
    public sealed record Unavailable(string Code) : StartTopUpOutcome;
}
