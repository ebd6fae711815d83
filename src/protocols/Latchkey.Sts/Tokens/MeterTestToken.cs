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
    /// <summary>How many control bits the form has: 36 or 28.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
    public int ControlBits => SubClass == MeterTestSubClass.FourDigitManufacturer ? 28 : 36;

    /// <summary>Whether the token asks for every test.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display, test 0.</remarks>
    public bool IsEveryTest => SubClass != MeterTestSubClass.ExtendedRead && Control == AllTests(SubClass);

    /// <summary>The control field that asks for every test.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display, test 0.</remarks>
    public static ulong AllTests(MeterTestSubClass subClass) =>
        (1UL << (subClass == MeterTestSubClass.FourDigitManufacturer ? 28 : 36)) - 1;
}
