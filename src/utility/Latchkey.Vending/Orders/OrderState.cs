namespace Latchkey.Vending;

/// <summary>Where an order stands. Numbers are stored.</summary>
public enum OrderState
{
    /// <summary>Seen; nothing of it is kept yet.</summary>
    Received = 1,

    /// <summary>The money is set aside by a committed, balanced entry and the token identifier is taken. From here on an order is finished, not forgotten.</summary>
    Held = 2,

    /// <summary>The signer has made the token and counted it; the books have not settled it yet.</summary>
    Signed = 3,

    /// <summary>Settled; the answer is stored, and is the same for ever.</summary>
    Posted = 4,

    /// <summary>The token was handed to the meter or shown to the customer's phone. Not a proof of anything.</summary>
    Delivered = 5,

    /// <summary>The meter's own authenticated answer says so.</summary>
    Credited = 6,

    /// <summary>Refused; nothing was posted. The same order may be sent again.</summary>
    Declined = 7,

    /// <summary>Held for too long without a token; the money is free again.</summary>
    Expired = 8,

    /// <summary>Taken back before there was a token.</summary>
    Reversed = 9,

    /// <summary>A reversal was asked for and refused, because a token cannot be called back. Never the state of an order; the answer to a wish.</summary>
    ReversalRefused = 10,

    /// <summary>Taken back although there was a token: its meter has proved that it can never take it. The money is free again.</summary>
    Cancelled = 11,
}
