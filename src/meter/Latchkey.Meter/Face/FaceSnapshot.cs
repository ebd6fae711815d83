using System.Collections.Immutable;

namespace Latchkey.Meter.Face;

/// <summary>The fixed symbols of the display.</summary>
[Flags]
public enum FaceIcons : uint
{
    None = 0,

    /// <summary>Supply on.</summary>
    Connected = 1 << 0,

    /// <summary>Supply off.</summary>
    Disconnected = 1 << 1,
    LowCredit = 1 << 2,

    /// <summary>A tamper waits for its token, or a cover is open.</summary>
    Tamper = 1 << 3,

    /// <summary>The token was accepted.</summary>
    Accepted = 1 << 4,

    /// <summary>The token was refused.</summary>
    Rejected = 1 << 5,
    ModulePresent = 1 << 6,

    /// <summary>The module is registered in its network.</summary>
    Signal = 1 << 7,
    Locked = 1 << 8,

    /// <summary>Energy flows against the meter's direction.</summary>
    Reverse = 1 << 9,
    Fault = 1 << 10,

    /// <summary>A friendly hour or day: an empty credit does not switch off.</summary>
    Friendly = 1 << 11,

    /// <summary>Emergency credit may be accepted.</summary>
    EmergencyOffered = 1 << 12,

    /// <summary>Emergency credit is in use or not yet repaid.</summary>
    EmergencyInUse = 1 << 13,
}

/// <summary>What the buzzer does.</summary>
public enum Buzzer : byte
{
    Silent = 0,
    KeyClick = 1,
    Accepted = 2,
    Rejected = 3,

    /// <summary>One beep, repeated: credit is nearly gone.</summary>
    LowCredit = 4,
}

/// <summary>The colour of the credit LED.</summary>
public enum CreditLed : byte
{
    Off = 0,
    Green = 1,
    Amber = 2,
    RedBlinking = 3,
}

/// <summary>Everything a person sees and hears at the meter, at one instant.</summary>
public sealed record FaceSnapshot
{
    /// <summary>False without mains: the display is blank.</summary>
    public required bool IsOn { get; init; }

    /// <summary>The upper line: what is shown.</summary>
    public required string Line1 { get; init; }

    /// <summary>The lower line: the value.</summary>
    public required string Line2 { get; init; }

    /// <summary>The large segment digits, right-aligned, at most 8 with point; empty while text is shown.</summary>
    public required string Digits { get; init; }

    /// <summary>The unit beside the digits.</summary>
    public required string Unit { get; init; }

    /// <summary>The digits typed so far in groups of four; empty when nothing is typed.</summary>
    public required ImmutableArray<string> EntryGroups { get; init; }

    public required FaceIcons Icons { get; init; }

    /// <summary>The lamp beside the terminals: lit while the load has voltage.</summary>
    public required bool RelayLamp { get; init; }

    /// <summary>The verification LED; lit too while the last second brought an impulse, so that a snapshot does not always miss it.</summary>
    public required bool PulseLed { get; init; }

    public required CreditLed CreditLed { get; init; }

    public required Buzzer Buzzer { get; init; }
}
