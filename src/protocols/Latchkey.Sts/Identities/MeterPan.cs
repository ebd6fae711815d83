using System.Globalization;

namespace Latchkey.Sts;

/// <summary>The number a meter is known by: 18 decimal digits, an issuer prefix, the decoder reference number and a check digit.</summary>
/// <remarks>
/// The issuer prefix is 600727 before a reference number of 11 digits and 0000 before one of 13. The check digit is verified on every way in,
/// because it is hashed into the decoder key by DKGA04: a wrong one would silently give a wrong key. The default value is all zeros, whose check digit is right.
/// Source: IEC 62055-41, MeterPAN.
/// </remarks>
public readonly record struct MeterPan : IComparable<MeterPan>
{
    /// <summary>The length in decimal digits.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public const int DigitCount = 18;

    private const string ShortIssuer = "600727";
    private const string LongIssuer = "0000";
    private readonly ulong _value;

    private MeterPan(ulong value) => _value = value;

    /// <summary>The number as an integer, 0 to 999 999 999 999 999 999; leading zeros count in the text form.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public ulong Value => _value;

    /// <summary>The number printed on the meter's face: 13 digits where the issuer prefix is 0000, otherwise 11.</summary>
    /// <remarks>Its own check digit is not judged here: test numbers of the conformance suites do not carry one. Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public DecoderReferenceNumber Drn => HasLongReference
        ? DecoderReferenceNumber.FromTrusted(_value / 10 % 10_000_000_000_000, DecoderReferenceNumber.LongDigitCount)
        : DecoderReferenceNumber.FromTrusted(_value / 10 % 100_000_000_000, DecoderReferenceNumber.ShortDigitCount);

    /// <summary>The manufacturer's code in the reference number: two digits, or four where the issuer prefix is 0000.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderReferenceNumber.</remarks>
    public int ManufacturerCode => Drn.ManufacturerCode;

    /// <summary>True where the reference number has 13 digits and its manufacturer code four.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public bool HasLongReference => _value / 100_000_000_000_000 == 0;

    /// <summary>Reads exactly 18 ASCII digits with a right check digit; anything else is refused.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out MeterPan pan)
    {
        bool valid = text.Length == DigitCount && Luhn.IsValid(text);
        pan = valid ? new MeterPan(ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)) : default;
        return valid;
    }

    /// <summary>The same as <see cref="TryParse"/>, for text that the program itself wrote.</summary>
    /// <exception cref="FormatException">The text is not 18 digits with a right check digit.</exception>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public static MeterPan Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out MeterPan pan) ? pan : throw new FormatException("A MeterPAN is 18 digits with a right check digit.");

    /// <summary>The number that belongs to the reference number on a meter's face.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN: issuer prefix, reference number, check digit.</remarks>
    public static MeterPan FromDrn(DecoderReferenceNumber drn)
    {
        string payload = (drn.DigitCount == DecoderReferenceNumber.LongDigitCount ? LongIssuer : ShortIssuer) + drn;
        _ = Luhn.TryComputeCheckDigit(payload, out int digit);
        return new MeterPan((ulong.Parse(payload, NumberStyles.None, CultureInfo.InvariantCulture) * 10) + (ulong)digit);
    }

    /// <summary>Orders by number.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public int CompareTo(MeterPan other) => _value.CompareTo(other._value);

    /// <summary>Less.</summary>
    public static bool operator <(MeterPan left, MeterPan right) => left._value < right._value;

    /// <summary>More.</summary>
    public static bool operator >(MeterPan left, MeterPan right) => left._value > right._value;

    /// <summary>At most.</summary>
    public static bool operator <=(MeterPan left, MeterPan right) => left._value <= right._value;

    /// <summary>At least.</summary>
    public static bool operator >=(MeterPan left, MeterPan right) => left._value >= right._value;

    /// <summary>The 18 digits.</summary>
    /// <remarks>Source: IEC 62055-41, MeterPAN.</remarks>
    public override string ToString() => _value.ToString("D18", CultureInfo.InvariantCulture);
}
