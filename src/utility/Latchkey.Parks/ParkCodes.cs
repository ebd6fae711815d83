namespace Latchkey.Parks;

/// <summary>The stable codes of this room. They go into problem details, logs and screens, and never change their meaning.</summary>
public static class ParkCodes
{
    public const string UnknownRoom = "unknown-room";
    public const string RoomWithoutMeter = "room-without-meter";
    public const string RoomVacant = "room-vacant";
    public const string TopUpIdMissing = "purchase-id-missing";
    public const string HeadEndRefused = "delivery-not-taken";
    public const string RejectedByMeter = "token-rejected-by-meter";

    /// <summary>Two people gave the money back.</summary>
    public const string MoneyBack = "money-back";

    /// <summary>The payment service has refused to pay the money back, for good: two people give it back anew, after they have looked why.</summary>
    public const string RefundClosed = "refund-closed";

    /// <summary>The payment service could not hand the money to the payer's bank: somebody must act there.</summary>
    public const string RefundAbnormal = "refund-abnormal";
}
