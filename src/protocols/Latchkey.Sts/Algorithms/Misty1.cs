namespace Latchkey.Sts;

/// <summary>MISTY1 with eight rounds: a 128-bit key on 64-bit blocks, most significant byte first.</summary>
/// <remarks>Source: RFC 2994; IEC 62055-41:2018, EA11.</remarks>
internal static class Misty1
{
    /// <summary>The expanded key: eight words of key, their eight FI images, and those images' lower nine and upper seven bits.</summary>
    internal const int ScheduleLength = 32;

    private const int KeyWords = 8;
    private const int NineBits = 0x1FF;
    private const int SevenBits = 0x7F;

    private static ReadOnlySpan<byte> S7 =>
    [
        27, 50, 51, 90, 59, 16, 23, 84, 91, 26, 114, 115, 107, 44, 102, 73, 31, 36, 19, 108, 55, 46, 63, 74, 93, 15, 64, 86, 37, 81, 28, 4,
        11, 70, 32, 13, 123, 53, 68, 66, 43, 30, 65, 20, 75, 121, 21, 111, 14, 85, 9, 54, 116, 12, 103, 83, 40, 10, 126, 56, 2, 7, 96, 41,
        25, 18, 101, 47, 48, 57, 8, 104, 95, 120, 42, 76, 100, 69, 117, 61, 89, 72, 3, 87, 124, 79, 98, 60, 29, 33, 94, 39, 106, 112, 77, 58,
        1, 109, 110, 99, 24, 119, 35, 5, 38, 118, 0, 49, 45, 122, 127, 97, 80, 34, 17, 6, 71, 22, 82, 78, 113, 62, 105, 67, 52, 92, 88, 125,
    ];

    // An array: a span over constants wider than a byte costs an allocation in builds without optimisation.
    private static readonly ushort[] S9 =
    [
        451, 203, 339, 415, 483, 233, 251, 53, 385, 185, 279, 491, 307, 9, 45, 211, 199, 330, 55, 126, 235, 356, 403, 472, 163, 286, 85, 44, 29, 418, 355, 280,
        331, 338, 466, 15, 43, 48, 314, 229, 273, 312, 398, 99, 227, 200, 500, 27, 1, 157, 248, 416, 365, 499, 28, 326, 125, 209, 130, 490, 387, 301, 244, 414,
        467, 221, 482, 296, 480, 236, 89, 145, 17, 303, 38, 220, 176, 396, 271, 503, 231, 364, 182, 249, 216, 337, 257, 332, 259, 184, 340, 299, 430, 23, 113, 12,
        71, 88, 127, 420, 308, 297, 132, 349, 413, 434, 419, 72, 124, 81, 458, 35, 317, 423, 357, 59, 66, 218, 402, 206, 193, 107, 159, 497, 300, 388, 250, 406,
        481, 361, 381, 49, 384, 266, 148, 474, 390, 318, 284, 96, 373, 463, 103, 281, 101, 104, 153, 336, 8, 7, 380, 183, 36, 25, 222, 295, 219, 228, 425, 82,
        265, 144, 412, 449, 40, 435, 309, 362, 374, 223, 485, 392, 197, 366, 478, 433, 195, 479, 54, 238, 494, 240, 147, 73, 154, 438, 105, 129, 293, 11, 94, 180,
        329, 455, 372, 62, 315, 439, 142, 454, 174, 16, 149, 495, 78, 242, 509, 133, 253, 246, 160, 367, 131, 138, 342, 155, 316, 263, 359, 152, 464, 489, 3, 510,
        189, 290, 137, 210, 399, 18, 51, 106, 322, 237, 368, 283, 226, 335, 344, 305, 327, 93, 275, 461, 121, 353, 421, 377, 158, 436, 204, 34, 306, 26, 232, 4,
        391, 493, 407, 57, 447, 471, 39, 395, 198, 156, 208, 334, 108, 52, 498, 110, 202, 37, 186, 401, 254, 19, 262, 47, 429, 370, 475, 192, 267, 470, 245, 492,
        269, 118, 276, 427, 117, 268, 484, 345, 84, 287, 75, 196, 446, 247, 41, 164, 14, 496, 119, 77, 378, 134, 139, 179, 369, 191, 270, 260, 151, 347, 352, 360,
        215, 187, 102, 462, 252, 146, 453, 111, 22, 74, 161, 313, 175, 241, 400, 10, 426, 323, 379, 86, 397, 358, 212, 507, 333, 404, 410, 135, 504, 291, 167, 440,
        321, 60, 505, 320, 42, 341, 282, 417, 408, 213, 294, 431, 97, 302, 343, 476, 114, 394, 170, 150, 277, 239, 69, 123, 141, 325, 83, 95, 376, 178, 46, 32,
        469, 63, 457, 487, 428, 68, 56, 20, 177, 363, 171, 181, 90, 386, 456, 468, 24, 375, 100, 207, 109, 256, 409, 304, 346, 5, 288, 443, 445, 224, 79, 214,
        319, 452, 298, 21, 6, 255, 411, 166, 67, 136, 80, 351, 488, 289, 115, 382, 188, 194, 201, 371, 393, 501, 116, 460, 486, 424, 405, 31, 65, 13, 442, 50,
        61, 465, 128, 168, 87, 441, 354, 328, 217, 261, 98, 122, 33, 511, 274, 264, 448, 169, 285, 432, 422, 205, 243, 92, 258, 91, 473, 324, 502, 173, 165, 58,
        459, 310, 383, 70, 225, 30, 477, 230, 311, 506, 389, 140, 143, 64, 437, 190, 120, 0, 172, 272, 350, 292, 2, 444, 162, 234, 112, 508, 278, 348, 76, 450,
    ];

    /// <summary>Expands sixteen bytes of key.</summary>
    internal static void Expand(ReadOnlySpan<byte> key, Span<ushort> schedule)
    {
        for (int i = 0; i < KeyWords; i++) schedule[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(key[(2 * i)..]);
        for (int i = 0; i < KeyWords; i++)
        {
            int image = Fi(schedule[i], schedule[(i + 1) % KeyWords]);
            schedule[i + 8] = (ushort)image;
            schedule[i + 16] = (ushort)(image & NineBits);
            schedule[i + 24] = (ushort)(image >> 9);
        }
    }

    internal static ulong Encrypt(ReadOnlySpan<ushort> key, ulong block)
    {
        key = key[..ScheduleLength];
        uint left = (uint)(block >> 32);
        uint right = unchecked((uint)block);
        for (int round = 0; round < 8; round += 2)
        {
            left = Fl(key, left, round);
            right = Fl(key, right, round + 1);
            right ^= Fo(key, left, round);
            left ^= Fo(key, right, round + 1);
        }

        left = Fl(key, left, 8);
        right = Fl(key, right, 9);
        return ((ulong)right << 32) | left;
    }

    internal static ulong Decrypt(ReadOnlySpan<ushort> key, ulong block)
    {
        key = key[..ScheduleLength];
        uint right = (uint)(block >> 32);
        uint left = unchecked((uint)block);
        left = FlBack(key, left, 8);
        right = FlBack(key, right, 9);
        for (int round = 6; round >= 0; round -= 2)
        {
            left ^= Fo(key, right, round + 1);
            right ^= Fo(key, left, round);
            left = FlBack(key, left, round);
            right = FlBack(key, right, round + 1);
        }

        return ((ulong)left << 32) | right;
    }

    private static uint Fo(ReadOnlySpan<ushort> key, uint input, int k)
    {
        unchecked
        {
            int t0 = (int)(input >> 16);
            int t1 = (int)(input & 0xFFFF);
            t0 = Fi(t0 ^ key[k], key[((k + 5) & 7) + 8]) ^ t1;
            t1 = Fi(t1 ^ key[(k + 2) & 7], key[((k + 1) & 7) + 8]) ^ t0;
            t0 = Fi(t0 ^ key[(k + 7) & 7], key[((k + 3) & 7) + 8]) ^ t1;
            t1 ^= key[(k + 4) & 7];
            return ((uint)t1 << 16) | (uint)t0;
        }
    }

    private static int Fi(int input, int key)
    {
        int nine = S9[input >> 7] ^ (input & SevenBits);
        int seven = (S7[input & SevenBits] ^ nine) & SevenBits;
        seven ^= key >> 9;
        nine ^= key & NineBits;
        return (seven << 9) | (S9[nine] ^ seven);
    }

    private static uint Fl(ReadOnlySpan<ushort> key, uint input, int k)
    {
        (ushort and, ushort or) = FlKeys(key, k);
        uint upper = input >> 16;
        uint lower = input & 0xFFFF;
        lower ^= upper & and;
        upper ^= lower | or;
        return (upper << 16) | lower;
    }

    private static uint FlBack(ReadOnlySpan<ushort> key, uint input, int k)
    {
        (ushort and, ushort or) = FlKeys(key, k);
        uint upper = input >> 16;
        uint lower = input & 0xFFFF;
        upper ^= lower | or;
        lower ^= upper & and;
        return (upper << 16) | lower;
    }

    private static (ushort And, ushort Or) FlKeys(ReadOnlySpan<ushort> key, int k)
    {
        unchecked
        {
            int half = k >> 1;
            return (k & 1) == 0
                ? (key[half], key[((half + 6) & 7) + 8])
                : (key[((half + 2) & 7) + 8], key[(half + 4) & 7]);
        }
    }
}
