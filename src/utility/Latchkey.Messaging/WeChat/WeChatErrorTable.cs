using System.Collections.Frozen;

namespace Latchkey.Messaging.WeChat;

/// <summary>What to do about an answer of WeChat.</summary>
public enum ErrorAction
{
    None = 0,

    /// <summary>A fresh access token, then once more.</summary>
    RenewTokenAndRepeatOnce = 1,

    /// <summary>A little later.</summary>
    BackOff = 2,

    /// <summary>The channel rests until the next minute.</summary>
    RestUntilNextMinute = 3,

    /// <summary>The channel rests until the day's quota begins anew.</summary>
    RestUntilMidnight = 4,

    /// <summary>Never this way for this message.</summary>
    FallBack = 5,

    /// <summary>An operator must act.</summary>
    Configuration = 6,
}

/// <summary>The retry table: error code, what to do, our stable code. Data, so that it can be read and counted.</summary>
/// <remarks>Source: WeChat open documentation: getStableAccessToken, subscribeMessage.send, sendNewSubscribeMsg, template message send.</remarks>
public static class WeChatErrorTable
{
    private static readonly FrozenDictionary<int, (ErrorAction Action, string Code)> Rows = new Dictionary<int, (ErrorAction, string)>
    {
        [0] = (ErrorAction.None, MessageCodes.Accepted),
        [-1] = (ErrorAction.BackOff, MessageCodes.ProviderBusy),
        [40001] = (ErrorAction.RenewTokenAndRepeatOnce, MessageCodes.AccessTokenRefused),
        [40014] = (ErrorAction.RenewTokenAndRepeatOnce, MessageCodes.AccessTokenRefused),
        [42001] = (ErrorAction.RenewTokenAndRepeatOnce, MessageCodes.AccessTokenRefused),
        [40003] = (ErrorAction.FallBack, MessageCodes.RecipientUnknown),
        [40013] = (ErrorAction.Configuration, MessageCodes.CredentialInvalid),
        [40125] = (ErrorAction.Configuration, MessageCodes.CredentialInvalid),
        [40037] = (ErrorAction.Configuration, MessageCodes.TemplateUnknown),
        [40164] = (ErrorAction.Configuration, MessageCodes.AddressNotAllowed),
        [41030] = (ErrorAction.Configuration, MessageCodes.PageInvalid),
        [43004] = (ErrorAction.FallBack, MessageCodes.NotFollower),
        [43101] = (ErrorAction.FallBack, MessageCodes.ConsentRefused),
        [45009] = (ErrorAction.RestUntilMidnight, MessageCodes.DailyQuota),
        [45011] = (ErrorAction.RestUntilNextMinute, MessageCodes.MinuteQuota),
        [47003] = (ErrorAction.Configuration, MessageCodes.FieldInvalid),
        [48001] = (ErrorAction.Configuration, MessageCodes.NotPermitted),
    }.ToFrozenDictionary();

    public static IEnumerable<int> Errors => Rows.Keys;

    /// <summary>An error that is not in the table rules the channel out for this message: guessing "later" could repeat it for days.</summary>
    public static (ErrorAction Action, string Code) Find(int error) =>
        Rows.TryGetValue(error, out (ErrorAction, string) row) ? row : (ErrorAction.FallBack, MessageCodes.ProviderRefused);
}
