using System.Globalization;
using System.Numerics;

namespace Latchkey.Sts;

/// <summary>Decimal numbers as text, exact at any size up to a written limit.</summary>
internal static class DecimalText
{
    private const int MaxLength = 96;

    /// <summary>Reads an optional minus, digits and an optional fraction; gives the value times 10^scale, rounded toward plus infinity.</summary>
    internal static bool TryParseCeiling(ReadOnlySpan<char> text, int scale, out BigInteger scaled)
    {
        scaled = default;
        if (text.Length > MaxLength) return false;
        bool negative = text.StartsWith('-');
        if (negative) text = text[1..];

        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : text[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty)) return false;
        if (whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9')) return false;

        string kept = string.Concat(whole, fraction[..Math.Min(scale, fraction.Length)]).PadRight(whole.Length + scale, '0');
        BigInteger magnitude = BigInteger.Parse(kept, NumberStyles.None, CultureInfo.InvariantCulture);
        bool hasRest = fraction.Length > scale && fraction[scale..].ContainsAnyExcept('0');
        scaled = negative ? -magnitude : magnitude + (hasRest ? 1 : 0);
        return true;
    }

    internal static string Format(BigInteger scaled, int scale)
    {
        string digits = BigInteger.Abs(scaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return string.Concat(scaled.Sign < 0 ? "-" : "", digits.AsSpan(0, digits.Length - scale), ".", digits.AsSpan(digits.Length - scale));
    }
}
