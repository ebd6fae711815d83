using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Tokens;

/// <summary>The public table of token results: the same number and words on the display, in the app, in a message and at the interface.</summary>
public static class TokenStatusTable
{
    /// <summary>What the display says, at most 16 characters.</summary>
    public static string Display(TokenStatus status) => status switch
    {
        TokenStatus.Accepted => "ACCEPTED",
        TokenStatus.FirstKeyChangeToken => "1st KCT",
        TokenStatus.SecondKeyChangeToken => "2nd KCT",
        TokenStatus.ThirdKeyChangeToken => "3rd KCT",
        TokenStatus.FourthKeyChangeToken => "4th KCT",
        TokenStatus.OverflowError => "REJECT overflow",
        TokenStatus.KeyTypeError => "REJECT key type",
        TokenStatus.FormatError => "REJECT format",
        TokenStatus.RangeError => "REJECT range",
        TokenStatus.FunctionError => "REJECT function",
        TokenStatus.OldError => "OLD",
        TokenStatus.UsedError => "USED",
        TokenStatus.KeyExpiredError => "KEY EXPIRED",
        TokenStatus.DdtkError => "REJECT def. key",
        TokenStatus.CrcError => "REJECT check",
        TokenStatus.MfrCodeError => "REJECT maker",
        TokenStatus.Lockout => "LOCKED",
        TokenStatus.NotReady => "NOT READY",
        _ => "REJECT",
    };

    /// <summary>What it means to a customer, in English.</summary>
    public static string Meaning(TokenStatus status) => status switch
    {
        TokenStatus.Accepted => "The token was accepted.",
        TokenStatus.FirstKeyChangeToken or TokenStatus.SecondKeyChangeToken or TokenStatus.ThirdKeyChangeToken or TokenStatus.FourthKeyChangeToken =>
            "One part of a key change was taken; enter the others.",
        TokenStatus.OverflowError => "The meter cannot hold so much credit; use some first.",
        TokenStatus.UsedError => "This token was used before; its credit is in the meter.",
        TokenStatus.OldError => "This token is older than the ones the meter remembers.",
        TokenStatus.KeyExpiredError => "The meter's key has expired; a key change is needed.",
        TokenStatus.DdtkError => "The meter still has a default key; a key change is needed.",
        TokenStatus.CrcError => "A digit is wrong, or the token is for another meter.",
        TokenStatus.MfrCodeError => "This test token is for another maker's meters.",
        TokenStatus.Lockout => "Too many wrong tokens; wait and try again.",
        TokenStatus.NotReady => "The meter cannot take tokens now.",
        _ => "The meter does not take this token.",
    };
}
