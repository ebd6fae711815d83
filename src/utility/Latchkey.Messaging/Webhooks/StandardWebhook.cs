using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Messaging.Webhooks;

/// <summary>Why a webhook is believed or not; the order is the order of the checks.</summary>
public enum WebhookVerdict
{
    Genuine = 0,
    HeaderMissing = 1,
    TimestampOutsideWindow = 2,
    SignatureInvalid = 3,
}

/// <summary>The three header fields of a webhook.</summary>
public readonly record struct WebhookHeaders(string Id, string Timestamp, string Signature)
{
    public const string IdName = "webhook-id";
    public const string TimestampName = "webhook-timestamp";
    public const string SignatureName = "webhook-signature";
}

/// <summary>Signs and verifies webhooks with a shared secret. Several secrets verify during a change of secrets.</summary>
/// <remarks>Source: Standard Webhooks specification, symmetric signatures (v1, HMAC-SHA256), tolerance five minutes.</remarks>
public sealed class StandardWebhook
{
    public const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int MaxSignatures = 16;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private readonly byte[] _key;

    /// <param name="secret">Base64, with or without the prefix <c>whsec_</c>; 16 to 64 bytes.</param>
    /// <exception cref="ArgumentException">Another text. The message never repeats it.</exception>
    public StandardWebhook(string secret)
    {
        string text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        bool valid = Base64.IsValid(text.AsSpan(), out int length) && length is >= 16 and <= 64;
        _key = valid ? Convert.FromBase64String(text) : throw new ArgumentException("A webhook secret is base64 of 16 to 64 bytes.", nameof(secret));
    }

    /// <summary>The header fields for a body that is sent now.</summary>
    public WebhookHeaders Sign(string id, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        string timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new WebhookHeaders(id, timestamp, Version + Convert.ToBase64String(Mac(id, timestamp, body)));
    }

    /// <summary>Total on any input; compares in constant time.</summary>
    public WebhookVerdict Verify(in WebhookHeaders headers, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (headers.Id.Length == 0 || headers.Timestamp.Length == 0 || headers.Signature.Length == 0) return WebhookVerdict.HeaderMissing;
        if (!uint.TryParse(headers.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds)
            || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance) return WebhookVerdict.TimestampOutsideWindow;

        byte[] expected = Mac(headers.Id, headers.Timestamp, body);
        bool genuine = false;
        foreach (string signature in headers.Signature.Split(' ').Take(MaxSignatures)) genuine |= Matches(signature, expected);
        return genuine ? WebhookVerdict.Genuine : WebhookVerdict.SignatureInvalid;
    }

    public override string ToString() => "webhook secret (not shown)";

    private static bool Matches(string signature, byte[] expected)
    {
        if (!signature.StartsWith(Version, StringComparison.Ordinal)) return false;
        byte[] given = new byte[expected.Length + 8];
        return Convert.TryFromBase64String(signature[Version.Length..], given, out int length)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), expected);
    }

    private byte[] Mac(string id, string timestamp, ReadOnlySpan<byte> body) =>
        HMACSHA256.HashData(_key, (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]);
}
