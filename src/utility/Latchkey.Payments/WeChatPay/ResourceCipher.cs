using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Payments.WeChatPay;

/// <summary>AEAD_AES_256_GCM of encrypted resources: base64 of ciphertext and 16-byte tag.</summary>
/// <remarks>
/// Source: WeChat Pay APIv3, decrypting callbacks and certificates. Takes AES keys of 16, 24 or 32 bytes because published test data uses
/// 16; that the merchant's key has 32 is the rule of <see cref="ApiV3Key"/>.
/// </remarks>
public static class ResourceCipher
{
    public const int NonceLength = 12;
    public const int TagLength = 16;

    public static bool TryOpen(
        ReadOnlySpan<byte> key, ReadOnlySpan<char> nonce, ReadOnlySpan<char> associatedData, ReadOnlySpan<char> ciphertext, out byte[] plaintext)
    {
        plaintext = [];
        if (key.Length is not (16 or 24 or 32)) return false;
        if (nonce.Length != NonceLength || !Ascii.IsValid(nonce)) return false;
        if (!Base64.IsValid(ciphertext, out int length) || length < TagLength) return false;

        byte[] sealedBytes = new byte[length];
        if (!Convert.TryFromBase64Chars(ciphertext, sealedBytes, out int written) || written != length) return false;

        byte[] opened = new byte[length - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(
                Encoding.ASCII.GetBytes(nonce.ToArray()),
                sealedBytes.AsSpan(0, opened.Length),
                sealedBytes.AsSpan(opened.Length),
                opened,
                Encoding.UTF8.GetBytes(associatedData.ToArray()));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        plaintext = opened;
        return true;
    }
}
