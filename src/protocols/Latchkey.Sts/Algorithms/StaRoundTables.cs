namespace Latchkey.Sts;

/// <summary>
/// EA07's tables unrolled so that a round is eight look-ups: for each byte of the block and each choice of boxes for its two nibbles,
/// the substituted bits in the places they move to. 64 KiB for each direction, shared by all keys.
/// </summary>
internal sealed class StaRoundTables
{
    internal const int Bytes = 8;
    internal const int EntriesPerByte = 4 * 256;

    /// <summary>Encryption: substitution, then permutation. Index: byte × 1024 + boxes × 256 + value; bit 0 of boxes is for the lower nibble.</summary>
    internal readonly ulong[] Encryption = new ulong[Bytes * EntriesPerByte];

    /// <summary>Decryption between two rounds: inverse substitution, then the next round's inverse permutation. Indexed likewise; a set bit means the inverse of the first box.</summary>
    internal readonly ulong[] Decryption = new ulong[Bytes * EntriesPerByte];

    /// <summary>Decryption's first step: the inverse permutation alone. Index: byte × 256 + value.</summary>
    internal readonly ulong[] PermuteBack = new ulong[Bytes * 256];

    /// <summary>Decryption's last step: the inverse substitution alone. Index: boxes × 256 + value.</summary>
    internal readonly byte[] SubstituteBack = new byte[EntriesPerByte];

    internal StaRoundTables(byte[] s1, byte[] s2, byte[] p)
    {
        byte[] permutationBack = Inverse(p);
        byte[][] boxes = [s1, s2];
        byte[][] boxesBack = [Inverse(s2), Inverse(s1)];
        for (int choice = 0; choice < 4; choice++)
        {
            for (int value = 0; value < 256; value++) Fill((choice * 256) + value, choice, value, boxes, boxesBack, p, permutationBack);
        }

        for (int i = 0; i < PermuteBack.Length; i++) PermuteBack[i] = Spread(i % 256, i / 256, permutationBack);
    }

    private void Fill(int entry, int choice, int value, byte[][] boxes, byte[][] boxesBack, byte[] p, byte[] permutationBack)
    {
        int substituted = Substitute(value, boxes[choice & 1], boxes[choice >> 1]);
        int substitutedBack = Substitute(value, boxesBack[choice & 1], boxesBack[choice >> 1]);
        SubstituteBack[entry] = (byte)substitutedBack;
        for (int position = 0; position < Bytes; position++)
        {
            Encryption[(position * EntriesPerByte) + entry] = Spread(substituted, position, p);
            Decryption[(position * EntriesPerByte) + entry] = Spread(substitutedBack, position, permutationBack);
        }
    }

    private static int Substitute(int value, byte[] lower, byte[] upper) => lower[value & 0xF] | (upper[value >> 4] << 4);

    private static ulong Spread(int value, int position, byte[] places)
    {
        ulong spread = 0;
        for (int bit = 0; bit < 8; bit++) spread |= (ulong)((value >> bit) & 1) << places[(position * 8) + bit];
        return spread;
    }

    private static byte[] Inverse(byte[] permutation)
    {
        byte[] inverse = new byte[permutation.Length];
        for (int i = 0; i < permutation.Length; i++) inverse[permutation[i]] = (byte)i;
        return inverse;
    }
}
