using System.Numerics;

namespace Latchkey.Sts;

/// <summary>EA07, the Standard Transfer Algorithm: a 64-bit key, sixteen rounds of keyed substitution and fixed permutation.</summary>
/// <remarks>Source: IEC 62055-41, encryption algorithm STA and decryption algorithm STA.</remarks>
internal static class Sta
{
    /// <summary>An expanded key: for each direction, each round and each byte, where its entries begin in the round table.</summary>
    internal const int ScheduleLength = 2 * DirectionLength;

    private const int Rounds = 16;
    private const int DirectionLength = Rounds * StaRoundTables.Bytes;
    private const int KeyRotation = 12;

    internal static void Expand(ulong key, Span<ushort> schedule)
    {
        // Encrypting, bit 3 of a key nibble chooses the nibble's box; decrypting, bit 0 does, because the key runs backwards from its plain form.
        ulong encrypting = BitOperations.RotateRight(~key, KeyRotation + 3);
        ulong decrypting = key;
        for (int round = 0; round < Rounds; round++)
        {
            int at = round * StaRoundTables.Bytes;
            WriteEntries(schedule.Slice(at, StaRoundTables.Bytes), encrypting);
            WriteEntries(schedule.Slice(DirectionLength + at, StaRoundTables.Bytes), decrypting);
            encrypting = BitOperations.RotateLeft(encrypting, 1);
            decrypting = BitOperations.RotateRight(decrypting, 1);
        }
    }

    internal static ulong Encrypt(StaRoundTables tables, ReadOnlySpan<ushort> schedule, ulong block)
    {
        ReadOnlySpan<ulong> table = tables.Encryption;
        ulong x = block;
        for (int at = 0; at < DirectionLength; at += StaRoundTables.Bytes) x = Round(table, schedule.Slice(at, StaRoundTables.Bytes), x);
        return x;
    }

    internal static ulong Decrypt(StaRoundTables tables, ReadOnlySpan<ushort> schedule, ulong block)
    {
        ulong x = 0;
        for (int position = 0; position < StaRoundTables.Bytes; position++) x |= tables.PermuteBack[(position * 256) + Byte(block, position)];

        ReadOnlySpan<ulong> table = tables.Decryption;
        int last = ScheduleLength - StaRoundTables.Bytes;
        for (int at = DirectionLength; at < last; at += StaRoundTables.Bytes) x = Round(table, schedule.Slice(at, StaRoundTables.Bytes), x);

        ulong plain = 0;
        for (int position = 0; position < StaRoundTables.Bytes; position++)
        {
            int boxes = schedule[last + position] - (position * StaRoundTables.EntriesPerByte);
            plain |= (ulong)tables.SubstituteBack[boxes + Byte(x, position)] << (8 * position);
        }

        return plain;
    }

    // Written out: this is the inner loop of every EA07 token.
    private static ulong Round(ReadOnlySpan<ulong> table, ReadOnlySpan<ushort> entries, ulong x) => unchecked(
        table[entries[0] + (byte)x]
        | table[entries[1] + (byte)(x >> 8)]
        | table[entries[2] + (byte)(x >> 16)]
        | table[entries[3] + (byte)(x >> 24)]
        | table[entries[4] + (byte)(x >> 32)]
        | table[entries[5] + (byte)(x >> 40)]
        | table[entries[6] + (byte)(x >> 48)]
        | table[entries[7] + (byte)(x >> 56)]);

    private static int Byte(ulong x, int position) => unchecked((byte)(x >> (8 * position)));

    // Bits 0 and 4 of each byte choose the boxes of its two nibbles; side by side they number the four pairs of boxes.
    private static void WriteEntries(Span<ushort> entries, ulong choices)
    {
        unchecked
        {
            ulong pairs = (choices & 0x0101_0101_0101_0101) | ((choices >> 3) & 0x0202_0202_0202_0202);
            for (int position = 0; position < entries.Length; position++)
            {
                entries[position] = (ushort)((position * StaRoundTables.EntriesPerByte) + ((int)(pairs & 3) << 8));
                pairs >>= 8;
            }
        }
    }
}
