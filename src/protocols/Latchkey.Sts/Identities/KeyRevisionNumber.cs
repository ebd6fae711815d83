using System.Globalization;

namespace Latchkey.Sts;

/// <summary>Which revision of the supply group's vending key a meter's key was made from: one digit, 1 to 9.</summary>
/// <remarks>The default value is revision 1. Source: IEC 62055-41, KeyRevisionNumber (KRN).</remarks>
public readonly record struct KeyRevisionNumber
{
    /// <summary>The highest revision.</summary>
    /// <remarks>Source: IEC 62055-41, KeyRevisionNumber.</remarks>
    public const int MaxValue = 9;

    private readonly byte _aboveFirst;

    private KeyRevisionNumber(int value) => _aboveFirst = (byte)(value - 1);

    /// <summary>The revision, 1 to 9.</summary>
    /// <remarks>Source: IEC 62055-41, KeyRevisionNumber.</remarks>
    public int Value => _aboveFirst + 1;

    /// <summary>From a number 1 to 9; anything else is refused.</summary>
    /// <remarks>Source: IEC 62055-41, KeyRevisionNumber.</remarks>
    public static bool TryFromValue(int value, out KeyRevisionNumber revision)
    {
        bool valid = value is >= 1 and <= MaxValue;
        revision = valid ? new KeyRevisionNumber(value) : default;
        return valid;
    }

    /// <summary>From a number that the program itself chose.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 1 to 9.</exception>
    /// <remarks>Source: IEC 62055-41, KeyRevisionNumber.</remarks>
    public static KeyRevisionNumber FromValue(int value) =>
        TryFromValue(value, out KeyRevisionNumber revision) ? revision : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 9");

    /// <summary>The digit.</summary>
    /// <remarks>Source: IEC 62055-41, KeyRevisionNumber.</remarks>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
