using System.Globalization;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>Times as the platform writes them: RFC 3339 in China's time.</summary>
internal static class PlatformTime
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static string Format(DateTimeOffset time) => time.ToOffset(China).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
