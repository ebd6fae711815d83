using System.Security.Cryptography;

namespace Latchkey.Vending;

/// <summary>The MAC over a key's record.</summary>
internal static class SignerSeal
{
    public static SigningKeyRecord Seal(IJournalMac mac, SigningKeyRecord key) => key with { Mac = mac.Mac([], key.CanonicalBytes()) };

    public static bool IsIntact(IJournalMac mac, SigningKeyRecord key) =>
        CryptographicOperations.FixedTimeEquals(key.Mac.Span, mac.Mac([], key.CanonicalBytes()));
}
