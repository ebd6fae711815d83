namespace Latchkey.Sts;

/// <summary>DES three times with two keys: encrypt, decrypt with the second, encrypt with the first.</summary>
/// <remarks>Source: ANSI X9.52, keying option 2.</remarks>
internal static class TripleDes
{
    internal static ulong Encrypt(ReadOnlySpan<byte> twoKeys, ulong block) => EncryptRest(twoKeys, Des.EncryptOnce(twoKeys[..8], block));

    /// <summary>The second and third step, after the first was done.</summary>
    internal static ulong EncryptRest(ReadOnlySpan<byte> twoKeys, ulong block) =>
        Des.EncryptOnce(twoKeys[..8], Des.DecryptOnce(twoKeys[8..16], block));
}
