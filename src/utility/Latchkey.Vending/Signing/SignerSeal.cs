using System.Security.Cryptography;

namespace Latchkey.Vending;

/// <summary>The MAC over a key's record.</summary>
internal static class SignerSeal
{
    public static SigningKeyRecord Seal(IKeyCustody custody, SigningKeyRecord key) => key with { Mac = custody.Mac([], key.CanonicalBytes()) };

    public static bool IsIntact(IKeyCustody custody, SigningKeyRecord key) =>
        CryptographicOperations.FixedTimeEquals(key.Mac.Span, custody.Mac([], key.CanonicalBytes()));
}
