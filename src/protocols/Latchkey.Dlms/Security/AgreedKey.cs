using System.Security.Cryptography;

namespace Latchkey.Dlms.Security;

/// <summary>One side of a key agreement with an ephemeral key, C(2e,0s): what key_agreement of the security setup carries both ways.</summary>
/// <remarks>The key data are the ephemeral point and its signature; the signature covers the key's number and the point.
/// Source: IEC 62056-5-3, ephemeral unified model; IEC 62056-6-2, Security setup, key_agreement.</remarks>
public sealed class AgreedKey : IDisposable
{
    private readonly SecuritySuite _suite;
    private readonly KeySlot _slot;
    private readonly ECDiffieHellman _own;

    /// <summary>Makes an ephemeral key for one agreement.</summary>
    public AgreedKey(SecuritySuite suite, KeySlot slot)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(suite, SecuritySuite.Suite0);
        (_suite, _slot) = (suite, slot);
        _own = ECDiffieHellman.Create(Signatures.Curve(suite));
    }

    /// <summary>Octets of the key data.</summary>
    public static int DataSize(SecuritySuite suite) => 2 * suite.PointSize();

    /// <summary>Writes point and signature.</summary>
    public bool TryWriteData(ECDsa signing, Span<byte> data)
    {
        Span<byte> signed = stackalloc byte[1 + 96];
        int size = _suite.PointSize();
        signed[0] = (byte)_slot;
        ECPoint point = _own.ExportParameters(includePrivateParameters: false).Q;
        point.X!.CopyTo(signed[1..]);
        point.Y!.CopyTo(signed[(1 + (size / 2))..]);
        signed.Slice(1, size).CopyTo(data);
        return signing.TrySignData(
            signed[..(1 + size)], data[size..], Signatures.Hash(_suite), DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int written) && written == size;
    }

    /// <summary>Verifies the other side's data and derives the key.</summary>
    /// <param name="verifying">The key of the other side's signatures.</param>
    /// <param name="data">The other side's point and signature.</param>
    /// <param name="client">The title of the client, who began.</param>
    /// <param name="server">The title of the server.</param>
    /// <param name="key">The key.</param>
    public bool TryDerive(ECDsa verifying, ReadOnlySpan<byte> data, SystemTitle client, SystemTitle server, Span<byte> key)
    {
        int size = _suite.PointSize();
        if (data.Length != DataSize(_suite)) return false;
        Span<byte> signed = stackalloc byte[1 + 96];
        signed[0] = (byte)_slot;
        data[..size].CopyTo(signed[1..]);
        if (!Signatures.Verify(_suite, verifying, signed[..(1 + size)], data[size..])) return false;
        if (!KeyAgreement.TryAgree(_suite, _own, data[..size], out byte[] secret)) return false;
        KeyAgreement.DeriveBetween(_suite, secret, _slot, client, default, server, key);
        CryptographicOperations.ZeroMemory(secret);
        return true;
    }

    /// <summary>Clears the ephemeral key.</summary>
    public void Dispose() => _own.Dispose();
}
