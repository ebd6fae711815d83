using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>Checks the Authorization field of a merchant's request as the real service does.</summary>
internal static partial class MerchantAuthorization
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Null when the request is the merchant's own, otherwise what is wrong with it.</summary>
    public static string? FindFault(
        EmulatedMerchant merchant, string? authorization, string method, string target, byte[] body, DateTimeOffset now)
    {
        Match match = Form().Match(authorization ?? string.Empty);
        if (!match.Success) return "Authorization is missing or malformed";

        var fields = match.Groups["name"].Captures.Zip(match.Groups["value"].Captures, (n, v) => (n.Value, v.Value))
            .GroupBy(f => f.Item1, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Item2, StringComparer.Ordinal);
        string Field(string name) => fields.GetValueOrDefault(name, string.Empty);

        if (Field("mchid") != merchant.MerchantId) return "mchid is unknown";
        if (Field("serial_no") != merchant.CertificateSerial) return "serial_no is not the merchant's";
        if (!uint.TryParse(Field("timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds)
            || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() >= Tolerance) return "timestamp is outside the window";

        byte[] signature = new byte[512];
        if (!Convert.TryFromBase64String(Field("signature"), signature, out int length)) return "signature is not base64";
        byte[] text = [.. Encoding.UTF8.GetBytes($"{method}\n{target}\n{Field("timestamp")}\n{Field("nonce_str")}\n"), .. body, (byte)'\n'];
        return merchant.Verifies(text, signature[..length]) ? null : "signature does not fit";
    }

    [GeneratedRegex("""^WECHATPAY2-SHA256-RSA2048 (?:(?<name>[a-z_]+)="(?<value>[^"]*)",?)+$""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
