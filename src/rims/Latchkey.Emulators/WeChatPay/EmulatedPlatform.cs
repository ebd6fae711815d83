using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>With which of its two keys the platform signs.</summary>
public enum PlatformSigning
{
    Certificate = 1,
    PublicKey = 2,
}

/// <summary>The platform's keys, made at start: a certificate and, beside it, the newer bare public key. And a forger's key, which is neither.</summary>
internal sealed class EmulatedPlatform : IDisposable
{
    private readonly RSA _certificateKey = RSA.Create(2048);
    private readonly Lazy<RSA> _publicKey = new(() => RSA.Create(2048));
    private readonly Lazy<RSA> _forger = new(() => RSA.Create(2048));

    public EmulatedPlatform(DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=Emulated platform, O=Latchkey", _certificateKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        NotBefore = now.AddDays(-1);
        NotAfter = now.AddYears(5);
        using X509Certificate2 certificate = request.CreateSelfSigned(NotBefore, NotAfter);
        CertificateSerial = certificate.SerialNumber.TrimStart('0');
        CertificatePem = certificate.ExportCertificatePem();
        PublicKeyId = "PUB_KEY_ID_" + RandomNumberGenerator.GetHexString(32);
    }

    public string CertificateSerial { get; }

    public string CertificatePem { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public string PublicKeyId { get; }

    public string PublicKeyPem
    {
        get
        {
            lock (_publicKey.Value) return _publicKey.Value.ExportSubjectPublicKeyInfoPem();
        }
    }

    public string SerialOf(PlatformSigning signing) => signing == PlatformSigning.PublicKey ? PublicKeyId : CertificateSerial;

    public string Sign(PlatformSigning signing, string timestamp, string nonce, byte[] body) =>
        Sign(signing == PlatformSigning.PublicKey ? _publicKey.Value : _certificateKey, timestamp, nonce, body);

    public string Forge(string timestamp, string nonce, byte[] body) => Sign(_forger.Value, timestamp, nonce, body);

    public void Dispose()
    {
        _certificateKey.Dispose();
        if (_publicKey.IsValueCreated) _publicKey.Value.Dispose();
        if (_forger.IsValueCreated) _forger.Value.Dispose();
    }

    private static string Sign(RSA key, string timestamp, string nonce, byte[] body)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes($"{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];
        lock (key) return Convert.ToBase64String(key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
