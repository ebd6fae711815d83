using System.Text;

namespace Latchkey.Emulators.WeChat;

/// <summary>The platform's own look at template fields, written apart from the sender's so that neither can hide the other's mistake.</summary>
internal static class FieldLimits
{
    /// <summary>True when the platform would answer 47003.</summary>
    public static bool IsInvalid(string key, string value)
    {
        string kind = key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        int length = Encoding.UTF32.GetByteCount(value) / 4;
        if (length == 0 || value.Contains('\n', StringComparison.Ordinal)) return true;
        return kind switch
        {
            "thing" => length > 20,
            "character_string" => length > 32 || value.Any(c => c > '~'),
            "number" => length > 32 || value.Any(c => !char.IsAsciiDigit(c) && c != '.'),
            "letter" => length > 32 || value.Any(c => !char.IsAsciiLetter(c)),
            "symbol" or "phrase" => length > 5,
            "amount" => value.Count(char.IsAsciiDigit) is 0 or > 14 || value.Any(c => !char.IsAsciiDigit(c) && !"¥￥$€£.元".Contains(c, StringComparison.Ordinal)),
            "time" => !value.Contains(':', StringComparison.Ordinal),
            "date" => !value.Any(char.IsAsciiDigit),
            _ => true,
        };
    }
}
