using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Messaging.WeChat;

/// <summary>Why a callback is believed or not; the order is the order of the checks.</summary>
public enum CallbackVerdict
{
    Genuine = 0,
    SignatureInvalid = 1,
    Undecipherable = 2,
    OtherApp = 3,
    Malformed = 4,
}

/// <summary>Safe mode: signature, and AES-256-CBC with PKCS#7 padding to 32 bytes over random16, length, message, appid.</summary>
/// <remarks>Source: WeChat open platform, message encryption and decryption (WXBizMsgCrypt). Total on any input.</remarks>
public sealed class MessageCrypt
{
    private const int Block = 32;
    private const int RandomLength = 16;
    private const int HeadLength = RandomLength + sizeof(int);
    private const int MaxMessageBytes = 64 * 1024;

    private readonly string _token;
    private readonly byte[] _key;
    private readonly byte[] _appId;

    /// <param name="token">The token set beside the callback address.</param>
    /// <param name="encodingAesKey">43 characters: base64 without its last sign.</param>
    /// <param name="appId">The account that callbacks must name.</param>
    /// <exception cref="ArgumentException">The key is no such text. The message never repeats it.</exception>
    public MessageCrypt(string token, string encodingAesKey, string appId)
    {
        _token = token;
        _appId = Encoding.UTF8.GetBytes(appId);
        _key = new byte[32];
        bool valid = encodingAesKey.Length == 43 && Convert.TryFromBase64String(encodingAesKey + "=", _key, out int length) && length == 32;
        if (!valid) throw new ArgumentException("An EncodingAESKey has 43 base64 characters.", nameof(encodingAesKey));
    }

    /// <summary>SHA-1 over the sorted parts, lower-case hexadecimal: the protocol's own choice of hash.</summary>
    public static string Signature(params IEnumerable<string> parts)
    {
        string joined = string.Concat(parts.Order(StringComparer.Ordinal));
#pragma warning disable CA5350 // the protocol says SHA-1
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(joined)));
#pragma warning restore CA5350
    }

    /// <summary>True when the signature of the address check (or of a plain callback) is ours.</summary>
    public bool IsSigned(string signature, string timestamp, string nonce) => Same(signature, Signature(_token, timestamp, nonce));

    /// <summary>Checks the signature over the ciphertext, opens it, and compares the appid.</summary>
    public CallbackVerdict TryOpen(string messageSignature, string timestamp, string nonce, string encrypted, out string message)
    {
        message = string.Empty;
        return Same(messageSignature, Signature(_token, timestamp, nonce, encrypted))
            ? Decrypt(encrypted, out message)
            : CallbackVerdict.SignatureInvalid;
    }

    /// <summary>Encrypts a message.</summary>
    /// <param name="random16">16 bytes that are new each time.</param>
    /// <param name="message">The text.</param>
    public string Encrypt(ReadOnlySpan<byte> random16, string message)
    {
        if (random16.Length != RandomLength) throw new ArgumentException("Sixteen bytes.", nameof(random16));
        byte[] text = Encoding.UTF8.GetBytes(message);
        int length = HeadLength + text.Length + _appId.Length;
        int padding = Block - (length % Block);
        byte[] plain = new byte[length + padding];
        random16.CopyTo(plain);
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(RandomLength), text.Length);
        text.CopyTo(plain, HeadLength);
        _appId.CopyTo(plain, HeadLength + text.Length);
        plain.AsSpan(length).Fill((byte)padding);

        using Aes aes = NewAes();
        return Convert.ToBase64String(aes.EncryptCbc(plain, _key.AsSpan(0, 16), PaddingMode.None));
    }

    /// <summary>The signature that goes with an encrypted reply.</summary>
    public string Sign(string timestamp, string nonce, string encrypted) => Signature(_token, timestamp, nonce, encrypted);

    public override string ToString() => "message crypt (keys not shown)";

    private CallbackVerdict Decrypt(string encrypted, out string message)
    {
        message = string.Empty;
        if (encrypted.Length > MaxMessageBytes * 2 || !Base64.IsValid(encrypted.AsSpan())) return CallbackVerdict.Undecipherable;
        byte[] cipher = Convert.FromBase64String(encrypted);
        if (cipher.Length == 0 || cipher.Length % 16 != 0) return CallbackVerdict.Undecipherable;

        using Aes aes = NewAes();
        byte[] plain = aes.DecryptCbc(cipher, _key.AsSpan(0, 16), PaddingMode.None);
        int padding = plain[^1];
        if (padding is < 1 or > Block || plain.Length - padding < HeadLength) return CallbackVerdict.Undecipherable;

        ReadOnlySpan<byte> content = plain.AsSpan(0, plain.Length - padding);
        int length = BinaryPrimitives.ReadInt32BigEndian(content[RandomLength..]);
        if (length < 0 || length > content.Length - HeadLength) return CallbackVerdict.Undecipherable;
        if (!content[(HeadLength + length)..].SequenceEqual(_appId)) return CallbackVerdict.OtherApp;
        message = Encoding.UTF8.GetString(content.Slice(HeadLength, length));
        return CallbackVerdict.Genuine;
    }

    private Aes NewAes()
    {
        Aes aes = Aes.Create();
        aes.Key = _key;
        return aes;
    }

    private static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
