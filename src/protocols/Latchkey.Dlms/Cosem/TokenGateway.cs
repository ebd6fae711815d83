using System.Buffers.Binary;
using System.Globalization;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>How far the meter got with a token.</summary>
/// <remarks>Source: IEC 62056-6-2, Token gateway (class_id 115), token_status.</remarks>
public enum TokenStatus : byte
{
    /// <summary>The format is right.</summary>
    FormatOk = 0,
    /// <summary>It was deciphered.</summary>
    AuthenticationOk = 1,
    /// <summary>It is valid here and now.</summary>
    ValidationOk = 2,
    /// <summary>It was carried out.</summary>
    ExecutionOk = 3,
    /// <summary>It is not a token.</summary>
    FormatFailure = 4,
    /// <summary>It could not be deciphered.</summary>
    AuthenticationFailure = 5,
    /// <summary>Old, used, expired or not for this meter.</summary>
    ValidationFailure = 6,
    /// <summary>It could not be carried out.</summary>
    ExecutionFailure = 7,
    /// <summary>Taken, not processed yet.</summary>
    Received = 8,
}

/// <summary>What the meter's token queue made of a token.</summary>
/// <param name="Status">How far it got.</param>
/// <param name="ResultCode">The meter's own result code, 8 bits, shown in data_value.</param>
/// <param name="Description">A word about it, in ASCII.</param>
public readonly record struct TokenOutcome(TokenStatus Status, byte ResultCode, string Description);

/// <summary>The meter's one queue for tokens, from whatever side they come.</summary>
public interface ITokenQueue
{
    /// <summary>Processes the 20 digits of a token. The decision is durable when this returns.</summary>
    TokenOutcome Enter(ReadOnlySpan<char> digits);

    /// <summary>Octets came that are no token: the log may want to know.</summary>
    void Refused();

    /// <summary>The meter's time.</summary>
    CosemDateTime Now { get; }
}

/// <summary>The codings in which tokens reach the gateway.</summary>
public static class TokenCoding
{
    /// <summary>Digits of a token.</summary>
    public const int DigitCount = 20;

    /// <summary>Reads 10 octets BCD, 20 ASCII digits, 24 ASCII digits with 4 blanks or dashes, or 9 octets of 66 bits; anything else is refused.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> octets, Span<char> digits)
    {
        switch (octets.Length)
        {
            case 9:
                if (octets[0] > 3) return false;
                UInt128 value = new(octets[0], BinaryPrimitives.ReadUInt64BigEndian(octets[1..]));
                return value.TryFormat(digits, out int written, "D20", CultureInfo.InvariantCulture) && written == DigitCount;
            case 10:
                for (int i = 0; i < DigitCount; i++)
                {
                    int nibble = (i & 1) == 0 ? octets[i >> 1] >> 4 : octets[i >> 1] & 0x0F;
                    if (nibble > 9) return false;
                    digits[i] = (char)('0' + nibble);
                }

                return true;
            case 20 or 24:
                return TryDecodeAscii(octets, digits);
            default:
                return false;
        }
    }

    /// <summary>Writes 20 digits as 10 octets of BCD; false when they are not 20 digits.</summary>
    public static bool TryEncodeBcd(ReadOnlySpan<char> digits, Span<byte> ten)
    {
        if (digits.Length != DigitCount || digits.ContainsAnyExceptInRange('0', '9')) return false;
        for (int i = 0; i < 10; i++) ten[i] = (byte)(((digits[2 * i] - '0') << 4) | (digits[(2 * i) + 1] - '0'));
        return true;
    }

    private static bool TryDecodeAscii(ReadOnlySpan<byte> octets, Span<char> digits)
    {
        int count = 0;
        foreach (byte octet in octets)
        {
            if (octet is (byte)' ' or (byte)'-' && octets.Length == 24) continue;
            if (octet is < (byte)'0' or > (byte)'9' || count == DigitCount) return false;
            digits[count++] = (char)octet;
        }

        return count == DigitCount;
    }
}

/// <summary>Token gateway: the way a token takes into the meter over DLMS.</summary>
/// <remarks>Calling <c>enter</c> succeeds when the token was taken and processed; whether it was good is told in token_status.
/// Source: IEC 62056-6-2, Token gateway (class_id 115, version 0).</remarks>
public sealed class TokenGateway(LogicalName name, ITokenQueue queue) : CosemObject(InterfaceClass.TokenGateway, 0, name, 6, 1)
{
    private const int MaxOctets = 32;
    private byte[] _token = [];
    private byte[] _print = [];
    private byte _method;
    private CosemDateTime _time = CosemDateTime.Unspecified;
    private TokenOutcome _outcome = new(TokenStatus.FormatOk, 0, string.Empty);

    /// <summary>Shows a token, whichever way it came in.</summary>
    /// <param name="token">Its octets.</param>
    /// <param name="time">When it came.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="method">token_delivery_method: 0 remote, 1 local, 2 manual.</param>
    /// <param name="print">What tells it from others without being it; empty for none.</param>
    public void Show(ReadOnlySpan<byte> token, CosemDateTime time, TokenOutcome outcome, byte method, ReadOnlySpan<byte> print) =>
        (_token, _time, _outcome, _method, _print) = (token.ToArray(), time, outcome, method, print.ToArray());

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                writer.OctetString(_token);
                break;
            case 3:
                writer.DateTimeOctets(_time);
                break;
            case 4:
                writer.Array((_outcome.Description.Length == 0 ? 0 : 1) + (_print.Length == 0 ? 0 : 1));
                if (_outcome.Description.Length > 0) writer.OctetString(System.Text.Encoding.ASCII.GetBytes(_outcome.Description));
                if (_print.Length > 0) writer.OctetString(_print);
                break;
            case 5:
                writer.Enum(_method);
                break;
            default:
                writer.Structure(2);
                writer.Enum((byte)_outcome.Status);
                writer.BitString(_outcome.ResultCode, 8);
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (parameter.Tag != DataTag.OctetString || !parameter.TryGetOctets(out ReadOnlySpan<byte> octets)) return ActionResult.TypeUnmatched;
        if (octets.Length > MaxOctets) return ActionResult.OtherReason;
        Span<char> digits = stackalloc char[TokenCoding.DigitCount];
        if (!TokenCoding.TryDecode(octets, digits))
        {
            Show(octets, queue.Now, new TokenOutcome(TokenStatus.FormatFailure, 0, "format"), 0, default);
            queue.Refused();
            return ActionResult.Success;
        }

        TokenOutcome outcome = queue.Enter(digits);

        // Shown as it came; the queue may have shown it already, with what it knows of it.
        Show(octets, queue.Now, outcome, 0, _print);
        return ActionResult.Success;
    }
}
