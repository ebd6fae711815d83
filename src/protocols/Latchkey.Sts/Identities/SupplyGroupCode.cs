using System.Globalization;

namespace Latchkey.Sts;

/// <summary>Names the group of payment meters that share one vending key: six decimal digits.</summary>
/// <remarks>The default value is the code 000000. Source: IEC 62055-41, SupplyGroupCode (SGC).</remarks>
public readonly record struct SupplyGroupCode
{
    /// <summary>The length in decimal digits.</summary>
    /// <remarks>Source: IEC 62055-41, SupplyGroupCode.</remarks>
    public const int DigitCount = 6;

    private const int MaxValue = 999_999;

    private SupplyGroupCode(int value) => Value = value;

    /// <summary>The code as a number, 0 to 999 999, as key-change tokens carry it.</summary>
    /// <remarks>Source: IEC 62055-41, SupplyGroupCode.</remarks>
    public int Value { get; }

    /// <summary>Reads exactly six ASCII digits; anything else, spaces and signs included, is refused.</summary>
    /// <remarks>Source: IEC 62055-41, SupplyGroupCode.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out SupplyGroupCode code)
    {
        code = default;
        return text.Length == DigitCount
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && TryFromValue(value, out code);
    }

    /// <summary>From a number 0 to 999 999; anything else is refused.</summary>
    /// <remarks>Source: IEC 62055-41, SupplyGroupCode.</remarks>
    public static bool TryFromValue(int value, out SupplyGroupCode code)
    {
        bool valid = value is >= 0 and <= MaxValue;
        code = valid ? new SupplyGroupCode(value) : default;
        return valid;
    }

    /// <summary>The same as <see cref="TryParse"/>, for text that the program itself wrote.</summary>
    /// <exception cref="FormatException">The text is not six digits.</exception>
    /// <remarks>Source: IEC 62055-41, SupplyGroupCode.</remarks>
    public static SupplyGroupCode Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out SupplyGroupCode code) ? code : throw new FormatException("A supply group code is six digits.");

    /// <summary>The six digits.</summary>
    /// <remarks>Source: IEC 62055-41, SupplyGroupCode.</remarks>
    public override string ToString() => Value.ToString("D6", CultureInfo.InvariantCulture);
}
