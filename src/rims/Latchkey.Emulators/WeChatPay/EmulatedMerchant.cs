using System.Security.Cryptography;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>A merchant made up for one run: what an operator would get from the merchant platform. Secret like the real one, and as short-lived as the process.</summary>
public sealed class EmulatedMerchant : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    public EmulatedMerchant(string merchantId, string appId)
    {
        MerchantId = merchantId;
        AppId = appId;
        CertificateSerial = RandomNumberGenerator.GetHexString(40);
        ApiV3KeyText = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 32);
    }

    public string MerchantId { get; }

    public string AppId { get; }

    public string CertificateSerial { get; }

    /// <summary>The 32 characters of the APIv3 key.</summary>
    public string ApiV3KeyText { get; }

    /// <summary>PKCS#8, for the side that plays the merchant.</summary>
    public string ExportPrivateKeyPem() => _key.ExportPkcs8PrivateKeyPem();

    public void Dispose() => _key.Dispose();

    public override string ToString() => $"emulated merchant {MerchantId}";

    internal bool Verifies(byte[] text, byte[] signature)
    {
        lock (_key) return _key.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }
}
