namespace Latchkey.Sts;

/// <summary>EA07's tables unrolled so that a round is sixteen look-ups: each nibble's substitution and the places of its four bits in one entry.</summary>
internal sealed class StaRoundTables
{
    internal const int Nibbles = 16;
    internal const int Boxes = 2;
    internal const int EntriesPerNibble = 16 * Boxes;

    /// <summary>Encryption: substitution, then permutation. Index: nibble × 32 + key bit × 16 + value.</summary>
    internal readonly ulong[] SubstituteThenPermute = new ulong[Nibbles * EntriesPerNibble];

    /// <summary>Decryption between two rounds: inverse substitution, then the next round's inverse permutation. Indexed likewise; key bit 1 means the inverse of the first box.</summary>
    internal readonly ulong[] SubstituteBackThenPermuteBack = new ulong[Nibbles * EntriesPerNibble];

    /// <summary>Decryption's first step: the inverse permutation alone. Index: nibble × 16 + value.</summary>
    internal readonly ulong[] PermuteBack = new ulong[Nibbles * 16];

    /// <summary>Decryption's last step: the inverse substitution alone. Index: key bit × 16 + value.</summary>
    internal readonly byte[] SubstituteBack = new byte[EntriesPerNibble];

    internal StaRoundTables(byte[] s1, byte[] s2, byte[] p)
    {
        byte[] permutationBack = Inverse(p);
        Inverse(s2).CopyTo(SubstituteBack, 0);
        Inverse(s1).CopyTo(SubstituteBack, 16);

        for (int nibble = 0; nibble < Nibbles; nibble++)
        {
            for (int value = 0; value < 16; value++)
            {
                int at = (nibble * EntriesPerNibble) + value;
                SubstituteThenPermute[at] = Spread(s1[value], nibble, p);
                SubstituteThenPermute[at + 16] = Spread(s2[value], nibble, p);
                SubstituteBackThenPermuteBack[at] = Spread(SubstituteBack[value], nibble, permutationBack);
                SubstituteBackThenPermuteBack[at + 16] = Spread(SubstituteBack[value + 16], nibble, permutationBack);
                PermuteBack[(nibble * 16) + value] = Spread(value, nibble, permutationBack);
            }
        }
    }

    private static ulong Spread(int value, int nibble, byte[] places)
    {
        ulong spread = 0;
        for (int bit = 0; bit < 4; bit++) spread |= (ulong)((value >> bit) & 1) << places[(nibble * 4) + bit];
        return spread;
    }

    private static byte[] Inverse(byte[] permutation)
    {
        byte[] inverse = new byte[permutation.Length];
        for (int i = 0; i < permutation.Length; i++) inverse[permutation[i]] = (byte)i;
        return inverse;
    }
}
