namespace Latchkey.Sts;

/// <summary>Class 1: test and display tokens to 64-bit blocks and back. They are not encrypted.</summary>
/// <remarks>Source: IEC 62055-41, class 1.</remarks>
public static class MeterTestTokenCodec
{
    private const int ControlAndManufacturerBits = 44;

    /// <summary>The block, which travels as it is.</summary>
    /// <returns>SubClass:4 | Control:36 or 28 | MfrCode:8 or 16 | CRC:16, most significant bit first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An unknown form, or a field too large for it.</exception>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
    public static ulong Encode(in MeterTestToken token)
    {
        if (!TryEncode(token, out ulong block)) throw new ArgumentOutOfRangeException(nameof(token), token, "A field is out of range.");
        return block;
    }

    /// <summary>As <see cref="Encode"/>, with false instead of an exception.</summary>
    /// <remarks>Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
    public static bool TryEncode(in MeterTestToken token, out ulong block)
    {
        block = 0;
        int manufacturerBits = ControlAndManufacturerBits - token.ControlBits;
        bool valid = token.SubClass is >= MeterTestSubClass.TwoDigitManufacturer and <= MeterTestSubClass.ExtendedRead
            && token.Control >> token.ControlBits == 0
            && token.ManufacturerCode >> manufacturerBits == 0;
        if (!valid) return false;

        ulong body = (token.Control << manufacturerBits) | (uint)token.ManufacturerCode;
        block = BlockFields.WithBody(TokenClass.NonMeterSpecificManagement, (int)token.SubClass, body);
        return true;
    }

    /// <summary>Reads a block and checks its CRC.</summary>
    /// <param name="dataBlock">SubClass:4 | Control:36 or 28 | MfrCode:8 or 16 | CRC:16, most significant bit first.</param>
    /// <param name="token">The fields, or the default when the result is not Accept.</param>
    /// <returns>Accept; CrcError; FunctionError for a sub-class above 2.</returns>
    /// <remarks>Never throws. Source: IEC 62055-41, InitiateMeterTest/Display.</remarks>
    public static TokenResult Decode(ulong dataBlock, out MeterTestToken token)
    {
        token = default;
        if (!BlockFields.HasValidCrc(TokenClass.NonMeterSpecificManagement, dataBlock)) return TokenResult.CrcError;
        var subClass = (MeterTestSubClass)BlockFields.SubClass(dataBlock);
        if (subClass > MeterTestSubClass.ExtendedRead) return TokenResult.FunctionError;

        int manufacturerBits = subClass == MeterTestSubClass.FourDigitManufacturer ? 16 : 8;
        ulong body = BlockFields.Body(dataBlock);
        token = new MeterTestToken(subClass, body >> manufacturerBits, (int)(body & ((1UL << manufacturerBits) - 1)));
        return TokenResult.Accept;
    }
}
