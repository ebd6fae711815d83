namespace Latchkey.Sts;

/// <summary>What ends the time in which a meter can be sold to.</summary>
/// <remarks>Source: IEC 62055-41, KeyExpiryNumber and TokenIdentifier.</remarks>
public enum DarkReason
{
    /// <summary>The meter's key expires.</summary>
    KeyExpiry = 0,

    /// <summary>The identifiers of the key's base date are used up.</summary>
    EndOfIdentifiers = 1,
}

/// <summary>When a meter goes dark: from then on no token for it can be made until its key is changed. Key-change tokens carry no identifier and still work.</summary>
/// <param name="LastMinute">The last wall-clock minute at which an ordinary token can be made.</param>
/// <param name="Reason">What ends it.</param>
/// <remarks>Source: IEC 62055-41, KeyExpiryNumber and TokenIdentifier; STS 402-1.</remarks>
public readonly record struct DarkDate(DateTime LastMinute, DarkReason Reason)
{
    /// <summary>For a meter's key as it is.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber and TokenIdentifier.</remarks>
    public static DarkDate Of(in DecoderKeyAttributes key)
    {
        DateTime lastBeforeExpiry = key.KeyExpiry.ExpiresAt(key.BaseDate).AddMinutes(-1);
        DateTime end = key.BaseDate.LastMinute;
        return lastBeforeExpiry < end ? new DarkDate(lastBeforeExpiry, DarkReason.KeyExpiry) : new DarkDate(end, DarkReason.EndOfIdentifiers);
    }

    /// <summary>Whether a meter is dark at a time.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber and TokenIdentifier.</remarks>
    public bool HasCome(DateTime wallClock) => wallClock >= LastMinute.AddMinutes(1);
}
