namespace Latchkey.Emulators.WeChatPay;

/// <summary>What can go wrong with one sending of a notification, on request. The numbers go over the control interface.</summary>
public enum NotificationFault
{
    /// <summary>Nothing goes wrong.</summary>
    None = 0,

    /// <summary>This sending is lost on the way; the schedule repeats it.</summary>
    LostOnce = 1,

    /// <summary>This notification never arrives, whatever is repeated.</summary>
    LostForEver = 2,

    /// <summary>Sent twice, though the first was acknowledged.</summary>
    Repeated = 3,

    /// <summary>Sent later, by a drawn delay.</summary>
    Delayed = 4,

    /// <summary>Signed with a key that is not the platform's, under the platform's serial.</summary>
    ForgedSignature = 5,

    /// <summary>Signed with a key that is not the platform's, under a serial nobody knows.</summary>
    UnknownSerial = 6,

    /// <summary>Genuine, but signed ten minutes ago.</summary>
    OldTimestamp = 7,

    /// <summary>One byte of the body changed after signing.</summary>
    ChangedBody = 8,

    /// <summary>Genuine in form, one fen less.</summary>
    WrongAmount = 9,

    /// <summary>Genuine in form, for another merchant.</summary>
    OtherMerchant = 10,

    /// <summary>Genuine in form, for another app.</summary>
    OtherApp = 11,

    /// <summary>Genuine in form, for a number nobody placed.</summary>
    OtherTradeNumber = 12,

    /// <summary>The probe that a merchant must refuse.</summary>
    Probe = 13,

    /// <summary>Signed well, sealed under another APIv3 key.</summary>
    OtherApiKey = 14,

    /// <summary>Without signature fields.</summary>
    Unsigned = 15,
}

/// <summary>How often things go wrong by chance, in percent of sendings; drawn from the seed.</summary>
public sealed record NotificationWeather(int LostPercent = 0, int RepeatedPercent = 0, int DelayedPercent = 0, int ForgedPercent = 0)
{
    public static NotificationWeather Fair { get; } = new();
}
