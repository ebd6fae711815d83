using System.Security.Cryptography;

namespace Latchkey.Vending;

/// <summary>A key that the seller published, by which anybody checks receipts without asking the seller.</summary>
public sealed class ReceiptKey
{
    private readonly byte[] _subjectPublicKey;

    private ReceiptKey(byte[] subjectPublicKey)
    {
        _subjectPublicKey = subjectPublicKey;
        Id = Convert.ToHexStringLower(SHA256.HashData(subjectPublicKey).AsSpan(0, 4));
    }

    /// <summary>The first four octets of the SHA-256 of the key's SubjectPublicKeyInfo, in hexadecimal.</summary>
    public string Id { get; }

    /// <summary>The key as PEM, as it is published.</summary>
    public string Pem => PemEncoding.WriteString("PUBLIC KEY", _subjectPublicKey);

    /// <summary>Reads a published key: PEM, ECDSA over P-256.</summary>
    public static bool TryParse(string pem, out ReceiptKey? key)
    {
        key = null;
        try
        {
            using ECDsa ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            if (ecdsa.KeySize == 256) key = Of(ecdsa);
            return key is not null;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    internal static ReceiptKey Of(ECDsa ecdsa) => new(ecdsa.ExportSubjectPublicKeyInfo());

    internal bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> seal)
    {
        using ECDsa ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(_subjectPublicKey, out _);
        return ecdsa.VerifyData(text, seal, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
