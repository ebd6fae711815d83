using System.Globalization;

namespace Latchkey.Sts;

/// <summary>A token as it travels: 66 bits, written as twenty decimal digits in five groups of four, or as nine bytes.</summary>
/// <remarks>
/// The class bits take the place of block bits 28 and 27, which move to the top. Leading zeros count. The default value is the class 0 block of zeros.
/// Source: IEC 62055-41, TokenData to TokenCarrier, transposition of the class bits and DecimalTokenData.
/// </remarks>
public readonly record struct TokenNumber
{
    /// <summary>The length in decimal digits.</summary>
    /// <remarks>Source: IEC 62055-51, numeric token carrier.</remarks>
    public const int DigitCount = 20;

    /// <summary>The length in bytes, most significant first; the upper six bits of the first are zero.</summary>
    /// <remarks>Source: IEC 62055-41, TokenData to TokenCarrier, transposition of the class bits and DecimalTokenData.</remarks>
    public const int ByteCount = 9;

    private const int GroupLength = 4;
    private const int ClassShift = 27;
    private const ulong TenToTheTenth = 10_000_000_000;

    private readonly ulong _low;
    private readonly byte _high;

    private TokenNumber(byte high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>The class bits.</summary>
    /// <remarks>Source: IEC 62055-41, Class.</remarks>
    public TokenClass Class => (TokenClass)((_low >> ClassShift) & 3);

    /// <summary>The 64-bit block, still encrypted where the class is encrypted.</summary>
    /// <remarks>Source: IEC 62055-41, transposition of the class bits.</remarks>
    public ulong Block => (_low & ~(3UL << ClassShift)) | ((ulong)_high << ClassShift);

    /// <summary>The number, 0 to 2^66 - 1.</summary>
    /// <remarks>Source: IEC 62055-41, 66-bit token data.</remarks>
    public UInt128 Value => new(_high, _low);

    /// <summary>Puts a block and its class together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class is not one of the four.</exception>
    /// <remarks>Source: IEC 62055-41, transposition of the class bits.</remarks>
    public static TokenNumber FromBlock(TokenClass tokenClass, ulong block)
    {
        if ((uint)tokenClass > 3) throw new ArgumentOutOfRangeException(nameof(tokenClass), tokenClass, "0 to 3");
        byte high = (byte)((block >> ClassShift) & 3);
        return new TokenNumber(high, (block & ~(3UL << ClassShift)) | ((ulong)tokenClass << ClassShift));
    }

    /// <summary>From a number; false from 2^66 on.</summary>
    /// <remarks>Source: IEC 62055-41, 66-bit token data.</remarks>
    public static bool TryFromValue(UInt128 value, out TokenNumber token)
    {
        bool valid = value >> 66 == 0;
        token = valid ? unchecked(new TokenNumber((byte)(value >> 64), (ulong)value)) : default;
        return valid;
    }

    /// <summary>Reads twenty ASCII digits; single spaces or dashes may stand between groups of four. False for anything else and from 2^66 on.</summary>
    /// <remarks>Source: IEC 62055-51, numeric token carrier.</remarks>
    public static bool TryParse(ReadOnlySpan<char> digits, out TokenNumber token)
    {
        token = default;
        UInt128 value = 0;
        int count = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            char c = digits[i];
            if (c is ' ' or '-')
            {
                bool betweenGroups = count is > 0 and < DigitCount && count % GroupLength == 0 && char.IsAsciiDigit(digits[i - 1]);
                if (!betweenGroups) return false;
                continue;
            }

            if (!char.IsAsciiDigit(c) || ++count > DigitCount) return false;
            value = (value * 10) + (uint)(c - '0');
        }

        return count == DigitCount && TryFromValue(value, out token);
    }

    /// <summary>The same as <see cref="TryParse"/>, for text that the program itself wrote.</summary>
    /// <exception cref="FormatException">The text is not a token.</exception>
    /// <remarks>Source: IEC 62055-51, numeric token carrier.</remarks>
    public static TokenNumber Parse(ReadOnlySpan<char> digits) =>
        TryParse(digits, out TokenNumber token) ? token : throw new FormatException("A token is 20 digits below 2^66.");

    /// <summary>Reads nine bytes, most significant first; false for another length or where one of the upper six bits is set.</summary>
    /// <remarks>Source: IEC 62055-41, TokenData to TokenCarrier, transposition of the class bits and DecimalTokenData.</remarks>
    public static bool TryReadBytes(ReadOnlySpan<byte> nine, out TokenNumber token)
    {
        bool valid = nine.Length == ByteCount && nine[0] <= 3;
        token = valid ? new TokenNumber(nine[0], System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(nine[1..])) : default;
        return valid;
    }

    /// <summary>Writes nine bytes, most significant first.</summary>
    /// <exception cref="ArgumentException">Fewer than nine bytes of room.</exception>
    /// <remarks>Source: IEC 62055-41, TokenData to TokenCarrier, transposition of the class bits and DecimalTokenData.</remarks>
    public void WriteBytes(Span<byte> nine)
    {
        if (nine.Length < ByteCount) throw new ArgumentException("Nine bytes are needed.", nameof(nine));
        nine[0] = _high;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(nine[1..], _low);
    }

    /// <summary>Writes the twenty digits; false when there is no room for them. Allocates nothing.</summary>
    /// <remarks>Source: IEC 62055-51, numeric token carrier.</remarks>
    public bool TryFormat(Span<char> digits)
    {
        if (digits.Length < DigitCount) return false;
        (UInt128 upper, UInt128 lower) = UInt128.DivRem(Value, TenToTheTenth);
        WriteTenDigits((ulong)upper, digits[..10]);
        WriteTenDigits((ulong)lower, digits[10..DigitCount]);
        return true;
    }

    /// <summary>The twenty digits without spaces.</summary>
    /// <remarks>Source: IEC 62055-51, numeric token carrier.</remarks>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, stackalloc char[32], $"{(ulong)(Value / TenToTheTenth):D10}{(ulong)(Value % TenToTheTenth):D10}");

    /// <summary>The digits in five groups of four: <c>1234 5678 9012 3456 7890</c>.</summary>
    /// <remarks>Source: IEC 62055-51, numeric token carrier.</remarks>
    public string ToGroupedString()
    {
        string digits = ToString();
        return string.Join(' ', digits[..4], digits[4..8], digits[8..12], digits[12..16], digits[16..]);
    }

    private static void WriteTenDigits(ulong value, Span<char> digits)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            digits[i] = (char)('0' + (value % 10));
            value /= 10;
        }
    }
}
