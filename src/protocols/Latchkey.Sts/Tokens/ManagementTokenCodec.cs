namespace Latchkey.Sts;

/// <summary>Class 2 apart from key changes: management tokens to plain 64-bit blocks and back.</summary>
/// <remarks>Source: IEC 62055-41, class 2.</remarks>
public static class ManagementTokenCodec
{
    private const ulong MaxBody = (1UL << 44) - 1;

    /// <summary>Whether tokens of the sub-class carry an identifier and a 16-bit value.</summary>
    /// <remarks>Source: IEC 62055-41, class 2.</remarks>
    public static bool CarriesTid(ManagementSubClass subClass) => subClass is
        ManagementSubClass.SetMaximumPowerLimit or ManagementSubClass.ClearCredit or ManagementSubClass.SetTariffRate
        or ManagementSubClass.ClearTamperCondition or ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit
        or ManagementSubClass.SetWaterMeterFactor or ManagementSubClass.ExtendedSet;

    /// <summary>The plain block.</summary>
    /// <returns>SubClass:4 | RND:4 | TID:24 | Value:16 | CRC:16, most significant bit first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class of another layout, or more than four random bits.</exception>
    /// <remarks>Source: IEC 62055-41, class 2.</remarks>
    public static ulong Encode(in ManagementToken token)
    {
        if (!CarriesTid(token.SubClass)) throw new ArgumentOutOfRangeException(nameof(token), token.SubClass, "Sub-class 0 to 2, 5 to 7 or 10");
        BlockFields.RequireRandom(token.Random);
        return BlockFields.Close(
            TokenClass.MeterSpecificManagement,
            BlockFields.Timed((int)token.SubClass, token.Random, token.Tid, token.Value));
    }

    /// <summary>The plain block of a maker's own token.</summary>
    /// <returns>SubClass:4 | Body:44 | CRC:16, most significant bit first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class other than 11 to 15, or more than 44 bits.</exception>
    /// <remarks>Source: IEC 62055-41, class 2, proprietary sub-classes.</remarks>
    public static ulong Encode(in ProprietaryToken token)
    {
        if (!IsProprietary(token.SubClass)) throw new ArgumentOutOfRangeException(nameof(token), token.SubClass, "Sub-class 11 to 15");
        if (token.Body > MaxBody) throw new ArgumentOutOfRangeException(nameof(token), token.Body, "44 bits");
        return BlockFields.WithBody(TokenClass.MeterSpecificManagement, (int)token.SubClass, token.Body);
    }

    /// <summary>Reads a decrypted block and checks its CRC.</summary>
    /// <param name="dataBlock">SubClass:4 | RND:4 | TID:24 | Value:16 | CRC:16, most significant bit first.</param>
    /// <param name="token">The fields, or the default when the result is not Accept.</param>
    /// <returns>Accept; CrcError; FunctionError for a key change or a maker's own token, which have other layouts.</returns>
    /// <remarks>Never throws. Source: IEC 62055-41, class 2.</remarks>
    public static TokenResult Decode(ulong dataBlock, out ManagementToken token)
    {
        token = default;
        if (!BlockFields.HasValidCrc(TokenClass.MeterSpecificManagement, dataBlock)) return TokenResult.CrcError;
        var subClass = (ManagementSubClass)BlockFields.SubClass(dataBlock);
        if (!CarriesTid(subClass)) return TokenResult.FunctionError;

        token = new ManagementToken(subClass, BlockFields.Random(dataBlock), BlockFields.Tid(dataBlock), BlockFields.Value(dataBlock));
        return TokenResult.Accept;
    }

    /// <summary>Reads a decrypted block as a maker's own token and checks its CRC.</summary>
    /// <param name="dataBlock">SubClass:4 | Body:44 | CRC:16, most significant bit first.</param>
    /// <param name="token">The fields, or the default when the result is not Accept.</param>
    /// <returns>Accept; CrcError; FunctionError for a sub-class other than 11 to 15.</returns>
    /// <remarks>Never throws. Source: IEC 62055-41, class 2, proprietary sub-classes.</remarks>
    public static TokenResult Decode(ulong dataBlock, out ProprietaryToken token)
    {
        token = default;
        if (!BlockFields.HasValidCrc(TokenClass.MeterSpecificManagement, dataBlock)) return TokenResult.CrcError;
        var subClass = (ManagementSubClass)BlockFields.SubClass(dataBlock);
        if (!IsProprietary(subClass)) return TokenResult.FunctionError;

        token = new ProprietaryToken(subClass, BlockFields.Body(dataBlock));
        return TokenResult.Accept;
    }

    private static bool IsProprietary(ManagementSubClass subClass) =>
        subClass is >= ManagementSubClass.Proprietary11 and <= ManagementSubClass.Proprietary15;
}
