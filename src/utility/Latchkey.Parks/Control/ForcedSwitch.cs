using Latchkey.HeadEnd.Deliveries;

namespace Latchkey.Parks.Control;

/// <summary>Where a request to force a supply on or off stands. The numbers are stored.</summary>
public enum ForcedSwitchState
{
    /// <summary>One person asked; a second must agree.</summary>
    Requested = 1,

    /// <summary>Agreed; to be handed to the head-end.</summary>
    Approved = 2,
    Refused = 3,

    /// <summary>Nobody agreed in time.</summary>
    Lapsed = 4,

    /// <summary>The head-end has it; its delivery of the same id knows the rest.</summary>
    HandedOver = 5,
}

/// <summary>A request by one person, to be agreed by another, to switch a room's supply whatever its credit.</summary>
public sealed record ForcedSwitch
{
    /// <summary>How long a request waits for its second person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>Made by the caller; also the id of the delivery.</summary>
    public required Guid Id { get; init; }

    public required Guid RoomId { get; init; }

    public required RelayPosition Position { get; init; }

    /// <summary>Why, in the words of the one who asks; shown to the one who agrees and kept.</summary>
    public required string Reason { get; init; }

    public required string RequestedBy { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public ForcedSwitchState State { get; init; } = ForcedSwitchState.Requested;

    public string? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Counts the saves, from 1; guards against two who decide at once.</summary>
    public int Version { get; init; } = 1;
}

/// <summary>What came of asking for, or deciding on, a forced switch, in the order of the checks.</summary>
public enum ForcedSwitchOutcome
{
    Done = 0,
    NotFound = 1,

    /// <summary>The room has no meter.</summary>
    NoMeter = 2,

    /// <summary>A reason of 5 to 200 characters is asked for.</summary>
    ReasonMissing = 3,

    /// <summary>The id belongs to another request.</summary>
    IdReused = 4,

    /// <summary>The one who asked cannot be the one who agrees.</summary>
    SamePerson = 5,

    /// <summary>Decided or lapsed before.</summary>
    NotOpen = 6,

    /// <summary>The head-end does not know the meter or its queue is full.</summary>
    NotDeliverable = 7,
}
