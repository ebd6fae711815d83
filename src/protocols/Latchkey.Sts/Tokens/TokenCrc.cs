namespace Latchkey.Sts;

/// <summary>The check value at the end of a 64-bit block: CRC-16, polynomial x^16 + x^15 + x^2 + 1, reflected, initial FFFF, stored low byte first.</summary>
/// <remarks>It covers seven bytes: six zero bits, the class (2), the sub-class (4) and 44 bits of content. Source: IEC 62055-41, CRC and CRC_C.</remarks>
public static class TokenCrc
{
    private const int CoveredBytes = 7;
    private const int ContentBits = 48;
    private const ulong ContentMask = (1UL << ContentBits) - 1;
    private const byte CurrencyMark = 0x01;

    private static readonly ushort[] Table = BuildTable();

    /// <summary>The CRC field of a block.</summary>
    /// <param name="tokenClass">The class, which is covered although it travels outside the block.</param>
    /// <param name="content">The block's upper 48 bits: sub-class (4) and content (44).</param>
    /// <remarks>Source: IEC 62055-41, CRC.</remarks>
    public static ushort Compute(TokenClass tokenClass, ulong content) => Swap(OverContent(tokenClass, content));

    /// <summary>The CRC_C field of a currency credit block: as <see cref="Compute"/>, with one more byte 01 at the end.</summary>
    /// <param name="tokenClass">The class.</param>
    /// <param name="content">The block's upper 48 bits.</param>
    /// <remarks>Source: IEC 62055-41:2018, CRC_C.</remarks>
    public static ushort ComputeCurrency(TokenClass tokenClass, ulong content) => Swap(Next(OverContent(tokenClass, content), CurrencyMark));

    internal static ushort OverBytes(ReadOnlySpan<byte> bytes)
    {
        ushort crc = ushort.MaxValue;
        foreach (byte b in bytes) crc = Next(crc, b);
        return Swap(crc);
    }

    private static ushort OverContent(TokenClass tokenClass, ulong content)
    {
        unchecked
        {
            ulong covered = ((ulong)tokenClass << ContentBits) | (content & ContentMask);
            ushort crc = ushort.MaxValue;
            for (int shift = (CoveredBytes - 1) * 8; shift >= 0; shift -= 8) crc = Next(crc, (byte)(covered >> shift));
            return crc;
        }
    }

    private static ushort Next(ushort crc, byte b) => unchecked((ushort)((crc >> 8) ^ Table[(byte)(crc ^ b)]));

    private static ushort Swap(ushort crc) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(crc);

    private static ushort[] BuildTable()
    {
        const ushort Reflected = 0xA001;
        ushort[] table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ Reflected : value >> 1;
            table[i] = (ushort)value;
        }

        return table;
    }
}
