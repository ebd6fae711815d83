using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>The platform's half of AEAD_AES_256_GCM: what notifications and certificates are wrapped in.</summary>
internal static class SealedResource
{
    public static JsonObject Seal(string apiV3Key, string nonce, string associatedData, byte[] plaintext)
    {
        byte[] sealedBytes = new byte[plaintext.Length + 16];
        using var cipher = new AesGcm(Encoding.ASCII.GetBytes(apiV3Key), 16);
        cipher.Encrypt(
            Encoding.ASCII.GetBytes(nonce),
            plaintext,
            sealedBytes.AsSpan(0, plaintext.Length),
            sealedBytes.AsSpan(plaintext.Length),
            Encoding.UTF8.GetBytes(associatedData));
        return new JsonObject
        {
            ["algorithm"] = "AEAD_AES_256_GCM",
            ["ciphertext"] = Convert.ToBase64String(sealedBytes),
            ["associated_data"] = associatedData,
            ["nonce"] = nonce,
        };
    }
}
