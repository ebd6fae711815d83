using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.Payments.WeChatPay;

/// <summary>The merchant's API certificate and private key: signs requests and phone invocations. Never shows the key.</summary>
public sealed class MerchantCredential : IDisposable
{
    public const string Scheme = "WECHATPAY2-SHA256-RSA2048";

    private readonly Lock _gate = new();
    private readonly RSA _key;

    private MerchantCredential(string merchantId, string certificateSerial, RSA key)
    {
        MerchantId = merchantId;
        CertificateSerial = certificateSerial;
        _key = key;
    }

    public string MerchantId { get; }

    /// <summary>The serial number of the merchant's certificate, hexadecimal.</summary>
    public string CertificateSerial { get; }

    /// <summary>Reads a PKCS#8 or PKCS#1 PEM.</summary>
    /// <exception cref="ArgumentException">The text is no private key. The message never repeats it.</exception>
    public static MerchantCredential FromPem(string merchantId, string certificateSerial, ReadOnlySpan<char> privateKeyPem)
    {
        RSA key = RSA.Create();
        try
        {
            key.ImportFromPem(privateKeyPem);
            if (key.KeySize < 2048) throw new CryptographicException("too short");
            return new MerchantCredential(merchantId, certificateSerial, key);
        }
        catch (Exception fault) when (fault is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ArgumentException("The merchant key is not an RSA private key of 2048 bits or more in PEM form.", nameof(privateKeyPem), fault);
        }
    }

    /// <summary>SHA-256 with RSA (PKCS#1 v1.5), base64.</summary>
    public string Sign(ReadOnlySpan<byte> text)
    {
        // An RSA object may not be used by two threads at once.
        lock (_gate) return Convert.ToBase64String(_key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    /// <summary>The value of the Authorization field for one request.</summary>
    public string Authorization(string method, string pathAndQuery, long timestamp, string nonce, ReadOnlySpan<byte> body)
    {
        string signature = Sign(SignedText.OfRequest(method, pathAndQuery, timestamp, nonce, body));
        string time = timestamp.ToString(CultureInfo.InvariantCulture);
        return $"{Scheme} mchid=\"{MerchantId}\",nonce_str=\"{nonce}\",timestamp=\"{time}\",serial_no=\"{CertificateSerial}\",signature=\"{signature}\"";
    }

    public void Dispose() => _key.Dispose();

    public override string ToString() => $"merchant {MerchantId}, certificate {CertificateSerial}";
}
