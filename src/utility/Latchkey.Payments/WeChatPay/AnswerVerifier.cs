using System.Buffers.Text;
using System.Globalization;

namespace Latchkey.Payments.WeChatPay;

/// <summary>Why a signed message is believed or not; the order is the order of the checks.</summary>
public enum Verification
{
    Genuine = 0,
    FieldMissing = 1,
    Probe = 2,
    TimestampOutsideWindow = 3,
    SerialUnknown = 4,
    SignatureInvalid = 5,
}

/// <summary>The four fields with which WeChat Pay signs an answer or a notification, as they came.</summary>
public readonly record struct SignatureFields(string Timestamp, string Nonce, string Serial, string Signature)
{
    public const string TimestampName = "Wechatpay-Timestamp";
    public const string NonceName = "Wechatpay-Nonce";
    public const string SerialName = "Wechatpay-Serial";
    public const string SignatureName = "Wechatpay-Signature";

    public static SignatureFields From(Func<string, string> header) =>
        new(header(TimestampName), header(NonceName), header(SerialName), header(SignatureName));
}

/// <summary>Decides whether a message comes from WeChat Pay, now. Total on any input.</summary>
public sealed class AnswerVerifier(PlatformKeyRing keys, TimeSpan clockTolerance, TimeProvider time)
{
    /// <summary>Signatures with this beginning are sent to see whether we verify at all; they must fail.</summary>
    public const string ProbePrefix = "WECHATPAY/SIGNTEST/";

    private const int MaxFieldLength = 1024;

    public Verification Verify(in SignatureFields fields, ReadOnlySpan<byte> body)
    {
        if (!IsPresent(fields.Timestamp) || !IsPresent(fields.Nonce) || !IsPresent(fields.Serial) || !IsPresent(fields.Signature))
            return Verification.FieldMissing;
        if (fields.Signature.StartsWith(ProbePrefix, StringComparison.Ordinal)) return Verification.Probe;

        DateTimeOffset now = time.GetUtcNow();
        if (!IsFresh(fields.Timestamp, now)) return Verification.TimestampOutsideWindow;
        if (keys.Find(fields.Serial, now) is not { } key) return Verification.SerialUnknown;
        if (!Base64.IsValid(fields.Signature.AsSpan())) return Verification.SignatureInvalid;

        return key.Verifies(SignedText.OfAnswer(fields.Timestamp, fields.Nonce, body), Convert.FromBase64String(fields.Signature))
            ? Verification.Genuine
            : Verification.SignatureInvalid;
    }

    /// <summary>The stable code of a verification that failed.</summary>
    public static string CodeOf(Verification verification) => verification switch
    {
        Verification.FieldMissing => PaymentCodes.SignatureMissing,
        Verification.Probe => PaymentCodes.SignatureProbe,
        Verification.TimestampOutsideWindow => PaymentCodes.TimestampOutsideWindow,
        Verification.SerialUnknown => PaymentCodes.SerialUnknown,
        Verification.SignatureInvalid => PaymentCodes.SignatureInvalid,
        _ => throw new ArgumentOutOfRangeException(nameof(verification), verification, "Not a failure."),
    };

    private static bool IsPresent(string field) => field.Length is > 0 and <= MaxFieldLength;

    private bool IsFresh(string timestamp, DateTimeOffset now)
    {
        if (!uint.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds)) return false;
        return (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() < clockTolerance;
    }
}
