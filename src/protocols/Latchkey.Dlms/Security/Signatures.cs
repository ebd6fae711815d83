using System.Security.Cryptography;

namespace Latchkey.Dlms.Security;

/// <summary>ECDSA as suites 1 and 2 use it: points and signatures as plain coordinates.</summary>
/// <remarks>Source: IEC 62056-5-3, digital signature; FIPS 186-4.</remarks>
public static class Signatures
{
    /// <summary>The hash of a suite.</summary>
    public static HashAlgorithmName Hash(SecuritySuite suite) => suite == SecuritySuite.Suite2 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    /// <summary>The curve of a suite.</summary>
    public static ECCurve Curve(SecuritySuite suite) => suite == SecuritySuite.Suite2 ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256;

    internal static int KeyBits(SecuritySuite suite) => suite == SecuritySuite.Suite2 ? 384 : 256;

    /// <summary>Takes a public key from x and y; false when it is not a point of the curve.</summary>
    public static bool TryImport(SecuritySuite suite, ReadOnlySpan<byte> point, out ECDsa? key)
    {
        key = null;
        if (suite == SecuritySuite.Suite0 || point.Length != suite.PointSize()) return false;
        try
        {
            key = ECDsa.Create(Point(suite, point));
            return true;
        }
        catch (CryptographicException)
        {
            // The library says only by throwing that a point is not on its curve.
            return false;
        }
    }

    /// <summary>Verifies R and S over the data.</summary>
    public static bool Verify(SecuritySuite suite, ECDsa key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        signature.Length == suite.PointSize()
        && key.VerifyData(data, signature, Hash(suite), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    internal static ECParameters Point(SecuritySuite suite, ReadOnlySpan<byte> point) => new()
    {
        Curve = Curve(suite),
        Q = new ECPoint { X = point[..(point.Length / 2)].ToArray(), Y = point[(point.Length / 2)..].ToArray() },
    };
}
