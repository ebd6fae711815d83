namespace Latchkey.Sts;

/// <summary>The forms of a class 1 token.</summary>
/// <remarks>Source: IEC 62055-41, SubClass of class 1; STS 202-5.</remarks>
public enum MeterTestSubClass
{
    /// <summary>InitiateMeterTest/Display1: 36 control bits, manufacturer code of 8 bits.</summary>
    TwoDigitManufacturer = 0,

    /// <summary>InitiateMeterTest/Display2: 28 control bits, manufacturer code of 16 bits.</summary>
    FourDigitManufacturer = 1,

    /// <summary>Extended read: laid out as the first form, the upper six control bits being an index.</summary>
    ExtendedRead = 2,
}

/// <summary>A token that any meter takes: it runs tests or shows values.</summary>
/// <param name="SubClass">The form, which settles how many bits the other two have.</param>
/// <param name="Control">One bit a test, bit 0 for the first; all ones for every test. 36 or 28 bits.</param>
/// <param name="ManufacturerCode">The manufacturer whose meters answer, 0 for all. 8 or 16 bits.</param>
/// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
public readonly record struct MeterTestToken(MeterTestSubClass SubClass, ulong Control, int ManufacturerCode)
{
    private const int ExtendedBits = 30;
    private const int MaxExtendedIndex = 63;

    /// <summary>How many control bits the form has: 36 or 28.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
    public int ControlBits => SubClass == MeterTestSubClass.FourDigitManufacturer ? 28 : 36;

    /// <summary>Whether the token asks for every test.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display, test 0.</remarks>
    public bool IsEveryTest => SubClass != MeterTestSubClass.ExtendedRead && Control == AllTests(SubClass);

    /// <summary>The index of an extended read, 0 to 63: the upper six control bits.</summary>
    /// <remarks>Source: STS 202-5, extended token read.</remarks>
    public int ExtendedIndex => (int)(Control >> ExtendedBits) & MaxExtendedIndex;

    /// <summary>An extended read; false for an index above 63 or more than 30 bits.</summary>
    /// <param name="index">0 to 63; 63 addresses flags.</param>
    /// <param name="bits">30 bits.</param>
    /// <param name="token">The token, or the default.</param>
    /// <remarks>Source: STS 202-5, extended token read.</remarks>
    public static bool TryExtendedRead(int index, uint bits, out MeterTestToken token)
    {
        bool valid = index is >= 0 and <= MaxExtendedIndex && bits >> ExtendedBits == 0;
        token = valid ? new MeterTestToken(MeterTestSubClass.ExtendedRead, ((ulong)index << ExtendedBits) | bits, ManufacturerCode: 0) : default;
        return valid;
    }

    /// <summary>The control field that asks for every test.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display, test 0.</remarks>
    public static ulong AllTests(MeterTestSubClass subClass) =>
        (1UL << (subClass == MeterTestSubClass.FourDigitManufacturer ? 28 : 36)) - 1;
}
