namespace Latchkey.Dlms.Security;

/// <summary>The security control octet: suite and what is done to an APDU.</summary>
/// <param name="Octet">Bits 0 to 3 the suite, 4 authenticated, 5 encrypted, 6 broadcast key, 7 compressed.</param>
/// <remarks>Source: IEC 62056-5-3, security control byte.</remarks>
public readonly record struct SecurityControl(byte Octet)
{
    private const byte AuthenticatedBit = 0x10;
    private const byte EncryptedBit = 0x20;
    private const byte BroadcastBit = 0x40;
    private const byte CompressedBit = 0x80;

    /// <summary>Authenticated and encrypted with the unicast key.</summary>
    public static SecurityControl AuthenticatedAndEncrypted(SecuritySuite suite) => new((byte)(AuthenticatedBit | EncryptedBit | (byte)suite));

    /// <summary>Authenticated only.</summary>
    public static SecurityControl AuthenticatedOnly(SecuritySuite suite) => new((byte)(AuthenticatedBit | (byte)suite));

    /// <summary>Encrypted only.</summary>
    public static SecurityControl EncryptedOnly(SecuritySuite suite) => new((byte)(EncryptedBit | (byte)suite));

    /// <summary>The suite.</summary>
    public SecuritySuite Suite => (SecuritySuite)(Octet & 0x0F);

    /// <summary>Whether a tag follows.</summary>
    public bool IsAuthenticated => (Octet & AuthenticatedBit) != 0;

    /// <summary>Whether the body is ciphered.</summary>
    public bool IsEncrypted => (Octet & EncryptedBit) != 0;

    /// <summary>Whether the broadcast key was used.</summary>
    public bool IsBroadcast => (Octet & BroadcastBit) != 0;

    /// <summary>Whether the body is compressed, which is not supported here.</summary>
    public bool IsCompressed => (Octet & CompressedBit) != 0;

    /// <summary>Whether this control can be carried out: a known suite, no compression, and some protection.</summary>
    public bool IsSupported => Suite <= SecuritySuite.Suite2 && !IsCompressed && (IsAuthenticated || IsEncrypted);
}
