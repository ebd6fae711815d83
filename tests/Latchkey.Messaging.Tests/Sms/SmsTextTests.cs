using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Sms;

namespace Latchkey.Messaging.Tests.Sms;

public sealed class SmsTextTests
{
    [Fact]
    public void Of_ATokenInEnglish_PutsTheTokenFirstAndFitsOneSegment()
    {
        string text = SmsText.Of(Token(NoticeLanguage.English));
        Assert.StartsWith("Token: 1234 5678 9012 3456 7890 ", text);
        Assert.True(text.Length <= SmsText.GsmSegment, $"{text.Length}: {text}");
    }

    [Fact]
    public void Of_ATokenInChinese_FitsOneSegment()
    {
        string text = SmsText.Of(Token(NoticeLanguage.Chinese));
        Assert.StartsWith("充值码：1234 5678 9012 3456 7890 ", text);
        Assert.True(text.Length <= SmsText.UnicodeSegment, $"{text.Length}: {text}");
    }

    private static Notice Token(NoticeLanguage language) => new(
        "n", NoticeKind.TokenIssued, new Recipient("t", language, PhoneNumber: "+86138"), NoticeTexts.TokenIssued,
        new Dictionary<string, string>(StringComparer.Ordinal) { [NoticeValues.Token] = "1234 5678 9012 3456 7890", [NoticeValues.Meter] = "01234567890" }, DateTimeOffset.UnixEpoch);
}
