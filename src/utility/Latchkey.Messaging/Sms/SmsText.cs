using System.Globalization;
using System.Text;
using Latchkey.Messaging.Notices;

namespace Latchkey.Messaging.Sms;

/// <summary>A notice as one short text: the sentence, then what must not be missing. The token comes first, for people who read no further.</summary>
public static class SmsText
{
    /// <summary>One segment of a text with other than GSM letters (UCS-2).</summary>
    public const int UnicodeSegment = 70;

    /// <summary>One segment of GSM letters.</summary>
    public const int GsmSegment = 160;

    public static string Of(Notice notice)
    {
        bool english = notice.To.Language == NoticeLanguage.English;
        var text = new StringBuilder();
        if (Value(notice, NoticeValues.Token) is { } token) text.Append(CultureInfo.InvariantCulture, $"{(english ? "Token: " : "充值码：")}{token} ");
        text.Append(notice.Text.In(notice.To.Language)).Append(english ? "." : "。");
        Append(text, notice, NoticeValues.Meter, english ? " Mtr " : " 表号");
        Append(text, notice, NoticeValues.Amount, english ? " Paid " : " 金额");
        Append(text, notice, NoticeValues.Balance, english ? " Balance " : " 余额");
        Append(text, notice, NoticeValues.Energy, " ");
        return text.ToString();
    }

    private static void Append(StringBuilder text, Notice notice, string name, string label)
    {
        if (Value(notice, name) is { } value) text.Append(label).Append(value);
    }

    private static string? Value(Notice notice, string name) =>
        notice.Values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
}
