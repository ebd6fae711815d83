using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Latchkey.Dlms.Acse;

namespace Latchkey.Dlms.Security;

/// <summary>One pass of a high level authentication, seen from the party that proves.</summary>
public readonly ref struct HlsPass
{
    /// <summary>The challenge that the verifier sent.</summary>
    public ReadOnlySpan<byte> Challenge { get; init; }

    /// <summary>The challenge that the prover sent.</summary>
    public ReadOnlySpan<byte> OwnChallenge { get; init; }

    /// <summary>The prover's title.</summary>
    public SystemTitle Prover { get; init; }

    /// <summary>The verifier's title.</summary>
    public SystemTitle Verifier { get; init; }
}

/// <summary>Computes a maker's own proof of mechanism 2 into at most <see cref="Hls.MaxProof"/> octets; 0 when it cannot.</summary>
/// <param name="pass">The challenges and titles.</param>
/// <param name="secret">The shared secret.</param>
/// <param name="proof">Room for the proof.</param>
public delegate int ManufacturerProof(HlsPass pass, ReadOnlySpan<byte> secret, Span<byte> proof);

/// <summary>The proofs of the high level authentication mechanisms 2 to 7. In pass 3 the client proves, in pass 4 the server.</summary>
/// <remarks>Mechanism 2 is the maker's own. What most makers mean by it is built in: the challenge under AES-128 with the secret as key, both
/// filled with zeros to whole blocks; others hand in their own <see cref="ManufacturerProof"/>. Source: IEC 62056-5-3, HLS authentication mechanisms.</remarks>
public static class Hls
{
    /// <summary>The shortest challenge allowed.</summary>
    public const int MinChallenge = 8;

    /// <summary>The longest challenge allowed.</summary>
    public const int MaxChallenge = 64;

    /// <summary>Octets of a GMAC proof: security control, counter, tag.</summary>
    public const int GmacProofSize = CipherKey.HeaderSize + CipherKey.TagSize;

    /// <summary>The longest proof of any mechanism: an ECDSA signature on P-384.</summary>
    public const int MaxProof = 96;

    /// <summary>Whether a challenge has an allowed length.</summary>
    public static bool IsChallenge(ReadOnlySpan<byte> challenge) => challenge.Length is >= MinChallenge and <= MaxChallenge;

    /// <summary>Computes a proof with a shared secret; 0 for another mechanism.</summary>
    [SuppressMessage("Security", "CA5358:Review cipher mode usage with cryptography experts", Justification = "Mechanism 2 is so with most makers; offered for old meters only.")]
    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "Mechanism 4 is defined so; offered for old meters only.")]
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "Mechanism 3 is defined so; offered for old meters only.")]
    public static int ComputeDigest(AuthenticationMechanism mechanism, HlsPass pass, ReadOnlySpan<byte> secret, Span<byte> proof)
    {
        byte[] input = new byte[secret.Length + (2 * SystemTitle.Size) + pass.Challenge.Length + pass.OwnChallenge.Length];
        try
        {
            switch (mechanism)
            {
                case AuthenticationMechanism.Manufacturer:
                    return EncryptChallenge(pass.Challenge, secret, proof);
                case AuthenticationMechanism.Md5:
                    return MD5.HashData(Concatenate(pass.Challenge, secret, input), proof);
                case AuthenticationMechanism.Sha1:
                    return SHA1.HashData(Concatenate(pass.Challenge, secret, input), proof);
                case AuthenticationMechanism.Sha256:
                    secret.CopyTo(input);
                    WriteParties(pass, input.AsSpan(secret.Length));
                    return SHA256.HashData(input, proof);
                default:
                    return 0;
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(input);
        }
    }

    /// <summary>Verifies a proof with a shared secret.</summary>
    public static bool VerifyDigest(AuthenticationMechanism mechanism, HlsPass pass, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[MaxProof];
        int size = ComputeDigest(mechanism, pass, secret, expected);
        return size > 0 && CryptographicOperations.FixedTimeEquals(expected[..size], proof);
    }

    /// <summary>Mechanism 2: verifies a proof by the maker's own function.</summary>
    internal static bool VerifyManufacturer(ManufacturerProof compute, HlsPass pass, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[MaxProof];
        int size = compute(pass, secret, expected);
        return size > 0 && CryptographicOperations.FixedTimeEquals(expected[..size], proof);
    }

    /// <summary>Mechanism 5: writes security control, counter and tag; 0 when the key has no counter left.</summary>
    public static int ComputeGmac(CipherKey key, TransmitCounter counters, HlsPass pass, Span<byte> proof)
    {
        if (!counters.TryTake(out uint counter)) return 0;
        SecurityControl control = SecurityControl.AuthenticatedOnly(key.Suite);
        proof[0] = control.Octet;
        BinaryPrimitives.WriteUInt32BigEndian(proof[1..], counter);
        key.ComputeGmac(control, pass.Prover, counter, pass.Challenge, proof.Slice(CipherKey.HeaderSize, CipherKey.TagSize));
        return GmacProofSize;
    }

    /// <summary>Mechanism 5: verifies a proof and, only if it is right, takes its counter.</summary>
    public static bool VerifyGmac(CipherKey key, ReceiveCounter counters, HlsPass pass, ReadOnlySpan<byte> proof)
    {
        if (proof.Length != GmacProofSize || proof[0] != SecurityControl.AuthenticatedOnly(key.Suite).Octet) return false;
        uint counter = BinaryPrimitives.ReadUInt32BigEndian(proof[1..]);

        // The proof lies inside an APDU that took a later counter, so its own may be below the last one taken; that it is new follows from the challenge.
        Span<byte> expected = stackalloc byte[CipherKey.TagSize];
        key.ComputeGmac(new SecurityControl(proof[0]), pass.Prover, counter, pass.Challenge, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, proof[CipherKey.HeaderSize..])) return false;
        counters.Accept(counter);
        return true;
    }

    /// <summary>Mechanism 7: signs titles and challenges; returns the octets of R and S.</summary>
    public static int ComputeSignature(SecuritySuite suite, ECDsa key, HlsPass pass, Span<byte> proof)
    {
        byte[] input = SignedInput(pass);
        return key.TrySignData(input, proof, Signatures.Hash(suite), DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int size) ? size : 0;
    }

    /// <summary>Mechanism 7: verifies a signature over titles and challenges.</summary>
    public static bool VerifySignature(SecuritySuite suite, ECDsa key, HlsPass pass, ReadOnlySpan<byte> proof) =>
        Signatures.Verify(suite, key, SignedInput(pass), proof);

    private static int EncryptChallenge(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> secret, Span<byte> proof)
    {
        const int Block = 16;
        if (secret.Length > Block) return 0;
        Span<byte> key = stackalloc byte[Block];
        Span<byte> padded = stackalloc byte[MaxChallenge];
        padded.Clear();
        key.Clear();
        secret.CopyTo(key);
        challenge.CopyTo(padded);
        using Aes aes = Aes.Create();
        aes.SetKey(key);
        int size = (challenge.Length + Block - 1) / Block * Block;
        CryptographicOperations.ZeroMemory(key);
        return aes.EncryptEcb(padded[..size], proof, PaddingMode.None);
    }

    private static byte[] SignedInput(HlsPass pass)
    {
        byte[] input = new byte[(2 * SystemTitle.Size) + pass.Challenge.Length + pass.OwnChallenge.Length];
        WriteParties(pass, input);
        return input;
    }

    // Prover's title, verifier's title, the challenge answered, the challenge sent: in pass 4 everything swaps with the roles.
    private static void WriteParties(HlsPass pass, Span<byte> target)
    {
        pass.Prover.Write(target);
        pass.Verifier.Write(target[SystemTitle.Size..]);
        pass.Challenge.CopyTo(target[(2 * SystemTitle.Size)..]);
        pass.OwnChallenge.CopyTo(target[((2 * SystemTitle.Size) + pass.Challenge.Length)..]);
    }

    private static Span<byte> Concatenate(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> target)
    {
        first.CopyTo(target);
        second.CopyTo(target[first.Length..]);
        return target[..(first.Length + second.Length)];
    }
}
