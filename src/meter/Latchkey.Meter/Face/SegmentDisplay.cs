namespace Latchkey.Meter.Face;

/// <summary>The large digits as the segments of the glass: what a display driver is given.</summary>
/// <remarks>Bit 0 is segment a at the top, clockwise to f, bit 6 is g in the middle, bit 7 the point to the right.</remarks>
public static class SegmentDisplay
{
    public const int Digits = 8;
    private const byte Point = 0x80;
    private const byte Minus = 0x40;
    private static readonly byte[] Ciphers = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F];

    /// <summary>Eight positions, right-aligned; what is no cipher, point or minus stays dark.</summary>
    public static byte[] Of(string digits)
    {
        byte[] glass = new byte[Digits];
        int at = Digits;
        bool point = false;
        for (int i = digits.Length - 1; i >= 0 && (at > 0 || digits[i] == '.'); i--)
        {
            if (digits[i] == '.')
            {
                point = true;
                continue;
            }

            glass[--at] = (byte)(SegmentsOf(digits[i]) | (point ? Point : 0));
            point = false;
        }

        return glass;
    }

    private static int SegmentsOf(char c) => char.IsAsciiDigit(c) ? Ciphers[c - '0'] : c == '-' ? Minus : 0;
}

/// <summary>One stretch of a sound.</summary>
/// <param name="Hertz">The tone; 0 is silence.</param>
/// <param name="Milliseconds">How long.</param>
public readonly record struct BuzzerTone(int Hertz, int Milliseconds);

/// <summary>What each sound of the buzzer is, so that the ear tells them apart without the eye.</summary>
public static class BuzzerPatterns
{
    private const int High = 3_200, Low = 1_600;

    public static IReadOnlyList<BuzzerTone> Of(Buzzer sound) => sound switch
    {
        Buzzer.KeyClick => [new(High, 30)],
        Buzzer.Accepted => [new(Low, 100), new(0, 50), new(High, 300)],
        Buzzer.Rejected => [new(Low, 150), new(0, 100), new(Low, 150), new(0, 100), new(Low, 150)],
        Buzzer.LowCredit => [new(High, 500)],
        _ => [],
    };
}
