using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Dlms.Security;

/// <summary>What a derived key is for; it goes into the derivation.</summary>
/// <remarks>Source: IEC 62056-5-3, cryptographic algorithm identifiers.</remarks>
public enum KeyAlgorithm : byte
{
    /// <summary>AES-GCM with a key of 128 bits.</summary>
    AesGcm128 = 0,
    /// <summary>AES-GCM with a key of 256 bits.</summary>
    AesGcm256 = 1,
    /// <summary>AES key wrap with a key of 128 bits.</summary>
    AesWrap128 = 2,
    /// <summary>AES key wrap with a key of 256 bits.</summary>
    AesWrap256 = 3,
}

/// <summary>Agrees on a key from one party's private and the other's public key.</summary>
/// <remarks>Source: IEC 62056-5-3, key agreement; NIST SP 800-56A, C(1e,1s), C(2e,0s), C(0e,2s) and the concatenation KDF.</remarks>
public static class KeyAgreement
{
    /// <summary>Octets of an algorithm identifier.</summary>
    public const int AlgorithmIdSize = 7;

    /// <summary>Writes the identifier 2.16.756.5.8.3.n. Printed examples with arc 6 in place of 5 are misprints.</summary>
    public static void WriteAlgorithmId(KeyAlgorithm algorithm, Span<byte> target)
    {
        ReadOnlySpan<byte> prefix = [0x60, 0x85, 0x74, 0x05, 0x08, 0x03];
        prefix.CopyTo(target);
        target[6] = (byte)algorithm;
    }

    /// <summary>Computes the shared secret Z: 32 or 48 octets; false when the peer's point is not on the curve.</summary>
    public static bool TryAgree(SecuritySuite suite, ECDiffieHellman own, ReadOnlySpan<byte> peerPoint, out byte[] secret)
    {
        secret = [];
        if (suite == SecuritySuite.Suite0 || peerPoint.Length != suite.PointSize()) return false;
        try
        {
            using ECDiffieHellman peer = ECDiffieHellman.Create(Signatures.Point(suite, peerPoint));
            secret = own.DeriveRawSecretAgreement(peer.PublicKey);
            return true;
        }
        catch (CryptographicException)
        {
            // The library says only by throwing that a point is not on its curve.
            return false;
        }
    }

    /// <summary>Derives a key from Z. One round of the hash is enough for every key of these suites.</summary>
    /// <param name="suite">The suite; it names the hash.</param>
    /// <param name="secret">Z.</param>
    /// <param name="algorithmId">What the key is for, as <see cref="WriteAlgorithmId"/> writes it.</param>
    /// <param name="partyU">Title of the initiator, with further party information where the scheme adds it.</param>
    /// <param name="partyV">Title of the responder, likewise.</param>
    /// <param name="key">The key: 16 octets in suite 1, 32 in suite 2.</param>
    public static void Derive(
        SecuritySuite suite, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> algorithmId, ReadOnlySpan<byte> partyU, ReadOnlySpan<byte> partyV, Span<byte> key)
    {
        using var hash = IncrementalHash.CreateHash(Signatures.Hash(suite));
        Span<byte> counter = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(counter, 1);
        hash.AppendData(counter);
        hash.AppendData(secret);
        hash.AppendData(algorithmId);
        hash.AppendData(partyU);
        hash.AppendData(partyV);
        Span<byte> digest = stackalloc byte[48];
        int size = hash.GetHashAndReset(digest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, size);
        digest[..key.Length].CopyTo(key);
        CryptographicOperations.ZeroMemory(digest);
    }

    /// <summary>Derives the key of a slot between two titles; the nonce is empty but in the static scheme.</summary>
    internal static void DeriveBetween(
        SecuritySuite suite, ReadOnlySpan<byte> secret, KeySlot slot, SystemTitle initiator, ReadOnlySpan<byte> nonce, SystemTitle responder, Span<byte> key)
    {
        bool wraps = slot == KeySlot.KeyEncryption;
        KeyAlgorithm algorithm = suite == SecuritySuite.Suite2
            ? wraps ? KeyAlgorithm.AesWrap256 : KeyAlgorithm.AesGcm256
            : wraps ? KeyAlgorithm.AesWrap128 : KeyAlgorithm.AesGcm128;
        Span<byte> algorithmId = stackalloc byte[AlgorithmIdSize];
        WriteAlgorithmId(algorithm, algorithmId);
        Span<byte> partyU = stackalloc byte[SystemTitle.Size + MaxNonce];
        initiator.Write(partyU);
        nonce.CopyTo(partyU[SystemTitle.Size..]);
        Span<byte> partyV = stackalloc byte[SystemTitle.Size];
        responder.Write(partyV);
        Derive(suite, secret, algorithmId, partyU[..(SystemTitle.Size + nonce.Length)], partyV, key);
    }

    internal const int MaxNonce = 64;
}
