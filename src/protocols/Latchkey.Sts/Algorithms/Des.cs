using System.Buffers.Binary;

namespace Latchkey.Sts;

/// <summary>DES on single blocks. The platform's own refuses weak keys and is missing from some builds, and an odd vending key must not stop a meter.</summary>
/// <remarks>Source: FIPS PUB 46-3. Parity bits of the key are ignored.</remarks>
internal static class Des
{
    /// <summary>Round keys: sixteen of 48 bits.</summary>
    internal const int ScheduleLength = 16;

    private static ReadOnlySpan<byte> InitialPermutation =>
    [
        58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
        57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
    ];

    private static ReadOnlySpan<byte> FinalPermutation =>
    [
        40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
        36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27, 34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
    ];

    private static ReadOnlySpan<byte> Expansion =>
    [
        32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
        16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
    ];

    private static ReadOnlySpan<byte> RoundPermutation =>
        [16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25];

    private static ReadOnlySpan<byte> KeyChoice1 =>
    [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
        63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    private static ReadOnlySpan<byte> KeyChoice2 =>
    [
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
        41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
    ];

    private static ReadOnlySpan<byte> Boxes =>
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
        4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
        0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
        13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
        10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
        4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
        9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
        1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
        7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ];

    private static readonly uint[] BoxThenPermutation = BuildBoxes();

    internal static void Expand(ReadOnlySpan<byte> key, Span<ulong> schedule)
    {
        ulong chosen = Permute(BinaryPrimitives.ReadUInt64BigEndian(key), 64, KeyChoice1);
        uint c = (uint)(chosen >> 28);
        uint d = (uint)(chosen & 0xFFF_FFFF);
        for (int round = 0; round < ScheduleLength; round++)
        {
            int shift = round is 0 or 1 or 8 or 15 ? 1 : 2;
            c = RotateLeft28(c, shift);
            d = RotateLeft28(d, shift);
            schedule[round] = Permute(((ulong)c << 28) | d, 56, KeyChoice2);
        }
    }

    internal static ulong Encrypt(ReadOnlySpan<ulong> schedule, ulong block) => Crypt(schedule, block, backwards: false);

    internal static ulong Decrypt(ReadOnlySpan<ulong> schedule, ulong block) => Crypt(schedule, block, backwards: true);

    /// <summary>One block under a key that is used once.</summary>
    internal static ulong EncryptOnce(ReadOnlySpan<byte> key, ulong block)
    {
        Span<ulong> schedule = stackalloc ulong[ScheduleLength];
        try
        {
            Expand(key, schedule);
            return Encrypt(schedule, block);
        }
        finally
        {
            schedule.Clear();
        }
    }

    /// <summary>One block back under a key that is used once.</summary>
    internal static ulong DecryptOnce(ReadOnlySpan<byte> key, ulong block)
    {
        Span<ulong> schedule = stackalloc ulong[ScheduleLength];
        try
        {
            Expand(key, schedule);
            return Decrypt(schedule, block);
        }
        finally
        {
            schedule.Clear();
        }
    }

    private static ulong Crypt(ReadOnlySpan<ulong> schedule, ulong block, bool backwards)
    {
        ulong start = Permute(block, 64, InitialPermutation);
        uint left = (uint)(start >> 32);
        uint right = unchecked((uint)start);
        for (int round = 0; round < ScheduleLength; round++)
        {
            uint next = left ^ Round(right, schedule[backwards ? ScheduleLength - 1 - round : round]);
            (left, right) = (right, next);
        }

        return Permute(((ulong)right << 32) | left, 64, FinalPermutation);
    }

    private static uint Round(uint half, ulong roundKey)
    {
        ulong mixed = Permute(half, 32, Expansion) ^ roundKey;
        uint result = 0;
        for (int box = 0; box < 8; box++) result |= BoxThenPermutation[(box * 64) + (int)((mixed >> (42 - (6 * box))) & 0x3F)];
        return result;
    }

    private static uint RotateLeft28(uint value, int shift) => ((value << shift) | (value >> (28 - shift))) & 0xFFF_FFFF;

    // The standard counts bits from 1 at the most significant end.
    private static ulong Permute(ulong value, int width, ReadOnlySpan<byte> places)
    {
        ulong result = 0;
        foreach (byte place in places) result = (result << 1) | ((value >> (width - place)) & 1);
        return result;
    }

    private static uint[] BuildBoxes()
    {
        uint[] table = new uint[8 * 64];
        for (int box = 0; box < 8; box++)
        {
            for (int input = 0; input < 64; input++)
            {
                int row = ((input >> 4) & 2) | (input & 1);
                int column = (input >> 1) & 0xF;
                uint value = (uint)Boxes[(box * 64) + (row * 16) + column] << (28 - (4 * box));
                table[(box * 64) + input] = (uint)Permute(value, 32, RoundPermutation);
            }
        }

        return table;
    }
}
