using System.Numerics;

namespace Latchkey.Sts;

/// <summary>EA07, the Standard Transfer Algorithm: a 64-bit key, sixteen rounds of keyed substitution and fixed permutation.</summary>
/// <remarks>Source: IEC 62055-41, encryption algorithm STA and decryption algorithm STA.</remarks>
internal static class Sta
{
    private const int Rounds = 16;
    private const int KeyRotation = 12;

    internal static ulong Encrypt(StaRoundTables tables, ulong key, ulong block)
    {
        // In a round the key's bit 3 of each nibble chooses the box; moved to bit 4 it is the offset of the second box's entries.
        ulong k = BitOperations.RotateRight(~key, KeyRotation);
        ReadOnlySpan<ulong> table = tables.SubstituteThenPermute;
        ulong x = block;
        for (int round = 0; round < Rounds; round++)
        {
            ulong choices = k >> 3;
            ulong y = 0;
            for (int nibble = 0; nibble < StaRoundTables.Nibbles; nibble++)
            {
                int shift = nibble * 4;
                int entry = (int)((x >> shift) & 0xF) | ((int)((choices >> shift) & 1) << 4);
                y |= table[(nibble * StaRoundTables.EntriesPerNibble) + entry];
            }

            x = y;
            k = BitOperations.RotateLeft(k, 1);
        }

        return x;
    }

    internal static ulong Decrypt(StaRoundTables tables, ulong key, ulong block)
    {
        ulong x = 0;
        for (int nibble = 0; nibble < StaRoundTables.Nibbles; nibble++)
            x |= tables.PermuteBack[(nibble * 16) + (int)((block >> (nibble * 4)) & 0xF)];

        // Bit 0 of each key nibble chooses here, because the key runs backwards from its plain form.
        ulong k = key;
        ReadOnlySpan<ulong> table = tables.SubstituteBackThenPermuteBack;
        for (int round = 1; round < Rounds; round++)
        {
            ulong y = 0;
            for (int nibble = 0; nibble < StaRoundTables.Nibbles; nibble++)
            {
                int shift = nibble * 4;
                int entry = (int)((x >> shift) & 0xF) | ((int)((k >> shift) & 1) << 4);
                y |= table[(nibble * StaRoundTables.EntriesPerNibble) + entry];
            }

            x = y;
            k = BitOperations.RotateRight(k, 1);
        }

        return SubstituteBack(tables, k, x);
    }

    private static ulong SubstituteBack(StaRoundTables tables, ulong k, ulong x)
    {
        ulong y = 0;
        for (int nibble = 0; nibble < StaRoundTables.Nibbles; nibble++)
        {
            int shift = nibble * 4;
            int entry = (int)((x >> shift) & 0xF) | ((int)((k >> shift) & 1) << 4);
            y |= (ulong)tables.SubstituteBack[entry] << shift;
        }

        return y;
    }
}
