using System.Globalization;

namespace Latchkey.Sts;

/// <summary>The number on a meter's face: manufacturer code (2 or 4 digits), serial number (8) and a check digit.</summary>
/// <remarks>Unknown manufacturer codes are taken: the conformance tests use codes that were never allotted. Source: IEC 62055-41, DecoderReferenceNumber (DRN).</remarks>
public readonly record struct DecoderReferenceNumber
{
    /// <summary>The length with a manufacturer code of two digits.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public const int ShortDigitCount = 11;

    /// <summary>The length with a manufacturer code of four digits.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public const int LongDigitCount = 13;

    private const ulong DigitsAfterManufacturer = 1_000_000_000;
    private readonly ulong _value;
    private readonly bool _isLong;

    private DecoderReferenceNumber(ulong value, int digitCount)
    {
        _value = value;
        _isLong = digitCount == LongDigitCount;
    }

    /// <summary>11 or 13.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public int DigitCount => _isLong ? LongDigitCount : ShortDigitCount;

    /// <summary>The first two or four digits, 0 to 99 or 0 to 9999.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public int ManufacturerCode => (int)(_value / DigitsAfterManufacturer);

    /// <summary>Whether the last digit is the check digit of the others.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public bool HasValidCheckDigit => Luhn.IsValid(ToString());

    /// <summary>Reads exactly 11 or 13 ASCII digits with a right check digit; anything else is refused.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out DecoderReferenceNumber drn)
    {
        bool valid = text.Length is ShortDigitCount or LongDigitCount && Luhn.IsValid(text);
        drn = valid ? FromTrusted(ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture), text.Length) : default;
        return valid;
    }

    /// <summary>The 11 or 13 digits.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public override string ToString() => _value.ToString(_isLong ? "D13" : "D11", CultureInfo.InvariantCulture);

    internal static DecoderReferenceNumber FromTrusted(ulong value, int digitCount) => new(value, digitCount);
}
