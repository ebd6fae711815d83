namespace Latchkey.Sts;

/// <summary>Where the fields of a 64-bit block lie: SubClass:4 | 44 bits | CRC:16, and for most tokens SubClass:4 | RND:4 | TID:24 | value:16 | CRC:16.</summary>
internal static class BlockFields
{
    internal const byte MaxRandom = 0xF;

    private const int CrcBits = 16;
    private const int BodyBits = 44;
    private const ulong BodyMask = (1UL << BodyBits) - 1;

    internal static int SubClass(ulong block) => (int)(block >> (BodyBits + CrcBits));

    internal static ulong Content(ulong block) => block >> CrcBits;

    internal static ulong Body(ulong block) => (block >> CrcBits) & BodyMask;

    internal static byte Random(ulong block) => (byte)((block >> 56) & MaxRandom);

    internal static TokenIdentifier Tid(ulong block) => TokenIdentifier.FromMinutes((uint)(block >> 32) & TokenIdentifier.MaxMinutes);

    internal static ushort Value(ulong block) => (ushort)((block >> CrcBits) & ushort.MaxValue);

    internal static bool HasValidCrc(TokenClass tokenClass, ulong block) =>
        (ushort)(block & ushort.MaxValue) == TokenCrc.Compute(tokenClass, Content(block));

    internal static bool HasValidCurrencyCrc(ulong block) =>
        (ushort)(block & ushort.MaxValue) == TokenCrc.ComputeCurrency(TokenClass.CreditTransfer, Content(block));

    internal static ulong WithBody(TokenClass tokenClass, int subClass, ulong body)
    {
        ulong content = ((ulong)subClass << BodyBits) | (body & BodyMask);
        return (content << CrcBits) | TokenCrc.Compute(tokenClass, content);
    }

    internal static ulong Timed(int subClass, int random, TokenIdentifier tid, ushort value) =>
        ((ulong)subClass << BodyBits) | ((ulong)random << 40) | ((ulong)tid.Minutes << 16) | value;

    internal static ulong Close(TokenClass tokenClass, ulong content) => (content << CrcBits) | TokenCrc.Compute(tokenClass, content);

    internal static ulong CloseCurrency(ulong content) => (content << CrcBits) | TokenCrc.ComputeCurrency(TokenClass.CreditTransfer, content);

    internal static void RequireRandom(byte random)
    {
        if (random > MaxRandom) throw new ArgumentOutOfRangeException(nameof(random), random, "Four bits, 0 to 15");
    }
}
