namespace Latchkey.Meter.LoadSwitch;

/// <summary>Where the contacts are believed to be.</summary>
public enum SwitchPosition
{
    Unknown = 0,
    Open = 1,
    Closed = 2,
}

/// <summary>How much a request may wait for the right instant.</summary>
public enum SwitchPriority
{
    /// <summary>Credit, schedules, remote orders: at most 60 ms from the decision once the load is steady.</summary>
    Normal = 0,

    /// <summary>Cover open, overcurrent within the breaking capacity: the contacts part within 40 ms.</summary>
    Safety = 1,
}

/// <summary>The answer to a request; the order is the order of precedence.</summary>
public enum SwitchRequestResult
{
    /// <summary>Taken; events tell what becomes of it.</summary>
    Accepted = 0,

    /// <summary>The switch is already there.</summary>
    AlreadyThere = 1,

    /// <summary>Closing is inhibited from outside: tampered, or waiting after power return.</summary>
    Inhibited = 2,

    /// <summary>Voltage stands on the open side: closing would tie two sources together.</summary>
    LoadSideLive = 3,

    /// <summary>The relay has failed to part; it is not closed again before it has opened once.</summary>
    RelayFailed = 4,
}
