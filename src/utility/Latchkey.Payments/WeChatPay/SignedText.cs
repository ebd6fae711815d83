using System.Globalization;
using System.Text;

namespace Latchkey.Payments.WeChatPay;

/// <summary>The texts that are signed: lines, each ended by a line feed.</summary>
/// <remarks>Source: WeChat Pay APIv3, signature generation and verification.</remarks>
public static class SignedText
{
    /// <summary>What we sign of a request.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="pathAndQuery">The path with its query, as it goes over the wire.</param>
    /// <param name="timestamp">Unix seconds.</param>
    /// <param name="nonce">A text used once.</param>
    /// <param name="body">The body, or nothing.</param>
    public static byte[] OfRequest(string method, string pathAndQuery, long timestamp, string nonce, ReadOnlySpan<byte> body) =>
        Lines($"{method}\n{pathAndQuery}\n{timestamp.ToString(CultureInfo.InvariantCulture)}\n{nonce}\n", body);

    /// <summary>What the platform signs of an answer or a notification.</summary>
    public static byte[] OfAnswer(string timestamp, string nonce, ReadOnlySpan<byte> body) => Lines($"{timestamp}\n{nonce}\n", body);

    /// <summary>What we sign for the payer's phone.</summary>
    public static byte[] OfInvocation(string appId, string timeStamp, string nonceStr, string package) =>
        Encoding.UTF8.GetBytes($"{appId}\n{timeStamp}\n{nonceStr}\n{package}\n");

    private static byte[] Lines(string head, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes(head), .. body, (byte)'\n'];
}
