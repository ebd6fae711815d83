namespace Latchkey.Sts;

/// <summary>The two 64-bit blocks that the DES-based derivations start from, decimal digits standing as hexadecimal nibbles.</summary>
/// <remarks>Source: IEC 62055-41, PANBlock and CONTROLBlock.</remarks>
public static class KeyBlocks
{
    private const int PanDigits = 16;
    private const int IndividualDigits = 11;
    private const ulong IndividualMask = (1UL << (IndividualDigits * 4)) - 1;
    private const ulong LongIndividualMask = (1UL << (13 * 4)) - 1;
    private const ulong ControlPadding = 0xFF_FFFF;

    /// <summary>The rightmost sixteen of the first seventeen digits of a MeterPAN; for common keys the reference number's place is zero.</summary>
    /// <remarks>Source: IEC 62055-41, PANBlock.</remarks>
    public static ulong PanBlock(MeterPan pan, KeyType keyType) => PanBlock(pan.Value, keyType);

    /// <summary>KT (1) SGC (6) TI (2) KRN (1) and six nibbles F.</summary>
    /// <remarks>Source: IEC 62055-41, CONTROLBlock.</remarks>
    public static ulong ControlBlock(KeyType keyType, SupplyGroupCode supplyGroup, TariffIndex tariffIndex, KeyRevisionNumber keyRevision)
    {
        ulong digits = ((ulong)keyType << 36) | (AsNibbles((ulong)supplyGroup.Value, 6) << 12) | (AsNibbles((ulong)tariffIndex.Value, 2) << 4) | (uint)keyRevision.Value;
        return (digits << 24) | ControlPadding;
    }

    internal static ulong Mixed(in DecoderKeyAttributes a) =>
        PanBlock(a.Pan, a.KeyType) ^ ControlBlock(a.KeyType, a.SupplyGroup, a.TariffIndex, a.KeyRevision);

    internal static ulong PanBlock(ulong eighteenDigits, KeyType keyType)
    {
        ulong block = AsNibbles(eighteenDigits / 10, PanDigits);
        if (keyType != KeyType.Common) return block;
        bool isLong = eighteenDigits / 100_000_000_000_000 == 0;
        return block & ~(isLong ? LongIndividualMask : IndividualMask);
    }

    private static ulong AsNibbles(ulong value, int digits)
    {
        ulong nibbles = 0;
        for (int i = 0; i < digits; i++)
        {
            nibbles |= (value % 10) << (4 * i);
            value /= 10;
        }

        return nibbles;
    }
}
