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
}
