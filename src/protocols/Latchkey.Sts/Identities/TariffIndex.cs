using System.Globalization;

namespace Latchkey.Sts;

/// <summary>The tariff a meter is sold under, as far as its key knows: two decimal digits, 00 to 99.</summary>
/// <remarks>Source: IEC 62055-41, TariffIndex (TI).</remarks>
public readonly record struct TariffIndex
{
    /// <summary>The highest index.</summary>
    /// <remarks>Source: IEC 62055-41, TariffIndex.</remarks>
    public const int MaxValue = 99;

    private readonly byte _value;

    private TariffIndex(int value) => _value = (byte)value;

    /// <summary>The index as a number, 0 to 99. Key-change tokens carry it so; key derivation uses its two digits.</summary>
    /// <remarks>Source: IEC 62055-41, TariffIndex.</remarks>
    public int Value => _value;

    /// <summary>Reads exactly two ASCII digits.</summary>
    /// <remarks>Source: IEC 62055-41, TariffIndex.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out TariffIndex index)
    {
        index = default;
        return text.Length == 2
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            && TryFromValue(value, out index);
    }

    /// <summary>From a number 0 to 99; anything else is refused.</summary>
    /// <remarks>Source: IEC 62055-41, TariffIndex.</remarks>
    public static bool TryFromValue(int value, out TariffIndex index)
    {
        bool valid = value is >= 0 and <= MaxValue;
        index = valid ? new TariffIndex(value) : default;
        return valid;
    }

    /// <summary>The same as <see cref="TryParse"/>, for text that the program itself wrote.</summary>
    /// <exception cref="FormatException">The text is not two digits.</exception>
    /// <remarks>Source: IEC 62055-41, TariffIndex.</remarks>
    public static TariffIndex Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out TariffIndex index) ? index : throw new FormatException("A tariff index is two digits.");

    /// <summary>The two digits.</summary>
    /// <remarks>Source: IEC 62055-41, TariffIndex.</remarks>
    public override string ToString() => _value.ToString("D2", CultureInfo.InvariantCulture);
}
