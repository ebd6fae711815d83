using System.Security.Cryptography;

namespace Latchkey.Meter.Update;

/// <summary>The maker's public key, by which the meter knows its firmware. It can check signatures and make none.</summary>
public sealed class FirmwareKey
{
    /// <summary>The point, x and y as 32 bytes each.</summary>
    public const int PointLength = 64;
    private readonly byte[] _point;

    private FirmwareKey(byte[] point) => _point = point;

    /// <summary>False for bytes that are no point of P-256.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> point, out FirmwareKey? key)
    {
        key = null;
        if (point.Length != PointLength) return false;
        var made = new FirmwareKey(point.ToArray());
        try
        {
            using ECDsa probe = made.Open();
        }
        catch (CryptographicException)
        {
            // Not a point of the curve: the library has no other way to say it.
            return false;
        }

        key = made;
        return true;
    }

    internal bool Verifies(ReadOnlySpan<byte> covered, ReadOnlySpan<byte> signature)
    {
        using ECDsa key = Open();
        return key.VerifyData(covered, signature, HashAlgorithmName.SHA256);
    }

    private ECDsa Open() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = _point[..32], Y = _point[32..] },
    });
}
