namespace Latchkey.Sts;

/// <summary>Class 0: credit tokens to plain 64-bit blocks and back. Encryption is apart, in <see cref="TokenCipher"/>.</summary>
/// <remarks>Source: IEC 62055-41, TransferCredit.</remarks>
public static class CreditTokenCodec
{
    private const int RandomShift = 16;

    /// <summary>Whether a decrypted block has the check value that its sub-class must have: CRC_C for 4 to 7, CRC for every other.</summary>
    /// <param name="dataBlock">A decrypted class 0 block.</param>
    /// <remarks>
    /// Asked before the sub-class is believed: under a wrong key half of all blocks show a reserved sub-class. Source: IEC 62055-41:2018, CRC and CRC_C.
    /// </remarks>
    public static bool HasValidCheckValue(ulong dataBlock) =>
        (CreditSubClass)BlockFields.SubClass(dataBlock) is >= CreditSubClass.ElectricityCurrency and <= CreditSubClass.TimeCurrency
            ? BlockFields.HasValidCurrencyCrc(dataBlock)
            : BlockFields.HasValidCrc(TokenClass.CreditTransfer, dataBlock);

    /// <summary>The plain block of a token in units.</summary>
    /// <returns>SubClass:4 | RND:4 | TID:24 | Amount:16 | CRC:16, most significant bit first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class other than 0 to 3, or more than four random bits.</exception>
    /// <remarks>Source: IEC 62055-41, TransferCredit, sub-classes 0 to 3.</remarks>
    public static ulong Encode(in CreditToken token)
    {
        if (token.SubClass is < CreditSubClass.Electricity or > CreditSubClass.Time)
            throw new ArgumentOutOfRangeException(nameof(token), token.SubClass, "Sub-class 0 to 3");
        BlockFields.RequireRandom(token.Random);
        return BlockFields.Close(
            TokenClass.CreditTransfer,
            BlockFields.Timed((int)token.SubClass, token.Random, token.Tid, token.Amount.Field));
    }

    /// <summary>The plain block of a token in money.</summary>
    /// <returns>SubClass:4 | S,E4..E2:4 | TID:24 | E1,E0,M:16 | CRC_C:16, most significant bit first.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class other than 4 to 7.</exception>
    /// <remarks>Source: IEC 62055-41:2018, TransferCredit, sub-classes 4 to 7.</remarks>
    public static ulong Encode(in CurrencyCreditToken token)
    {
        if (token.SubClass is < CreditSubClass.ElectricityCurrency or > CreditSubClass.TimeCurrency)
            throw new ArgumentOutOfRangeException(nameof(token), token.SubClass, "Sub-class 4 to 7");
        return BlockFields.CloseCurrency(BlockFields.Timed(
            (int)token.SubClass,
            (int)(token.Amount.Field >> RandomShift),
            token.Tid,
            (ushort)(token.Amount.Field & ushort.MaxValue)));
    }

    /// <summary>Reads a decrypted block as a token in units and checks its CRC.</summary>
    /// <param name="dataBlock">SubClass:4 | RND:4 | TID:24 | Amount:16 | CRC:16, most significant bit first.</param>
    /// <param name="token">The fields, or the default when the result is not Accept.</param>
    /// <returns>Accept; FunctionError for a sub-class other than 0 to 3, because currency tokens carry another check value; CrcError.</returns>
    /// <remarks>Never throws: a token is untrusted input. Source: IEC 62055-41, TransferCredit.</remarks>
    public static TokenResult Decode(ulong dataBlock, out CreditToken token)
    {
        token = default;
        var subClass = (CreditSubClass)BlockFields.SubClass(dataBlock);
        if (subClass > CreditSubClass.Time) return TokenResult.FunctionError;
        if (!BlockFields.HasValidCrc(TokenClass.CreditTransfer, dataBlock)) return TokenResult.CrcError;

        token = new CreditToken(subClass, BlockFields.Random(dataBlock), BlockFields.Tid(dataBlock), new TransferAmount(BlockFields.Value(dataBlock)));
        return TokenResult.Accept;
    }

    /// <summary>Reads a decrypted block as a token in money and checks its CRC_C.</summary>
    /// <param name="dataBlock">SubClass:4 | S,E4..E2:4 | TID:24 | E1,E0,M:16 | CRC_C:16, most significant bit first.</param>
    /// <param name="token">The fields, or the default when the result is not Accept.</param>
    /// <returns>Accept; FunctionError for a sub-class other than 4 to 7; CrcError.</returns>
    /// <remarks>Never throws. Source: IEC 62055-41:2018, TransferCredit, sub-classes 4 to 7.</remarks>
    public static TokenResult Decode(ulong dataBlock, out CurrencyCreditToken token)
    {
        token = default;
        var subClass = (CreditSubClass)BlockFields.SubClass(dataBlock);
        if (subClass is < CreditSubClass.ElectricityCurrency or > CreditSubClass.TimeCurrency) return TokenResult.FunctionError;
        if (!BlockFields.HasValidCurrencyCrc(dataBlock)) return TokenResult.CrcError;

        uint field = ((uint)BlockFields.Random(dataBlock) << RandomShift) | BlockFields.Value(dataBlock);
        _ = CurrencyAmount.TryFromField(field, out CurrencyAmount amount);
        token = new CurrencyCreditToken(subClass, BlockFields.Tid(dataBlock), amount);
        return TokenResult.Accept;
    }
}
