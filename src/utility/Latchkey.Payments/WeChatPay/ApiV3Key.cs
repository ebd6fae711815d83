using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Payments.WeChatPay;

/// <summary>The 32-byte key that the merchant sets for APIv3: it opens encrypted resources. Never shown.</summary>
public sealed class ApiV3Key : IDisposable
{
    public const int Length = 32;
    private readonly byte[] _key;

    private ApiV3Key(byte[] key) => _key = key;

    /// <summary>Takes exactly 32 ASCII characters.</summary>
    /// <exception cref="ArgumentException">Another length or another character. The message never repeats it.</exception>
    public static ApiV3Key FromText(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || !Ascii.IsValid(text)) throw new ArgumentException("An APIv3 key has exactly 32 ASCII characters.", nameof(text));
        byte[] key = new byte[Length];
        Encoding.ASCII.GetBytes(text, key);
        return new ApiV3Key(key);
    }

    /// <summary>Opens a resource, or says that it cannot be opened. Never throws on input.</summary>
    public bool TryOpen(ReadOnlySpan<char> nonce, ReadOnlySpan<char> associatedData, ReadOnlySpan<char> ciphertext, out byte[] plaintext) =>
        ResourceCipher.TryOpen(_key, nonce, associatedData, ciphertext, out plaintext);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    public override string ToString() => "APIv3 key (not shown)";
}
