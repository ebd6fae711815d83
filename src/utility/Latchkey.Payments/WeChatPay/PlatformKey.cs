using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Payments.WeChatPay;

/// <summary>A key with which WeChat Pay signs: of a platform certificate (by serial number) or a public key (by its PUB_KEY_ID_ name).</summary>
public sealed class PlatformKey
{
    public const string PublicKeyPrefix = "PUB_KEY_ID_";
    private readonly byte[] _subjectPublicKeyInfo;

    private PlatformKey(string id, byte[] subjectPublicKeyInfo, DateTimeOffset? notBefore, DateTimeOffset? notAfter)
    {
        Id = id;
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        NotBefore = notBefore;
        NotAfter = notAfter;
    }

    /// <summary>What the Wechatpay-Serial field says.</summary>
    public string Id { get; }

    public DateTimeOffset? NotBefore { get; }

    public DateTimeOffset? NotAfter { get; }

    public bool IsPublicKey => Id.StartsWith(PublicKeyPrefix, StringComparison.Ordinal);

    /// <summary>A public key from the merchant platform, named <c>PUB_KEY_ID_...</c>.</summary>
    public static bool TryFromPublicKeyPem(string id, ReadOnlySpan<char> pem, out PlatformKey? key)
    {
        key = null;
        if (!id.StartsWith(PublicKeyPrefix, StringComparison.Ordinal)) return false;
        using RSA rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            key = new PlatformKey(id, rsa.ExportSubjectPublicKeyInfo(), null, null);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>A platform certificate; its serial number becomes the id.</summary>
    public static bool TryFromCertificatePem(ReadOnlySpan<char> pem, out PlatformKey? key)
    {
        key = null;
        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
            using RSA? rsa = certificate.GetRSAPublicKey();
            if (rsa is null) return false;
            key = new PlatformKey(
                certificate.SerialNumber.TrimStart('0'),
                rsa.ExportSubjectPublicKeyInfo(),
                new DateTimeOffset(certificate.NotBefore.ToUniversalTime()),
                new DateTimeOffset(certificate.NotAfter.ToUniversalTime()));
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    public bool IsValidAt(DateTimeOffset time) => !(time < NotBefore) && !(time > NotAfter);

    /// <summary>True when <paramref name="signature"/> is this key's signature of <paramref name="text"/>. Never throws on input.</summary>
    public bool Verifies(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        return rsa.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public override string ToString() => Id;
}
