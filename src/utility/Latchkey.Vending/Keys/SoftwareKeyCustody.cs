using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Keys in software: AES-256-GCM under a key-encryption key that lies in a file of its own. For development and demonstration; real vending uses a security module.</summary>
public sealed class SoftwareKeyCustody : IKeyCustody, IDisposable
{
    public const int KeyEncryptionKeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int LongestOnStack = 512;

    private readonly byte[] _wrappingKey;
    private readonly byte[] _macKey;
    private readonly ConcurrentDictionary<string, (byte[] Wrapped, VendingKey Key)> _open = new(StringComparer.Ordinal);

    public SoftwareKeyCustody(ReadOnlySpan<byte> keyEncryptionKey)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(keyEncryptionKey.Length, KeyEncryptionKeyLength);
        _wrappingKey = Derive(keyEncryptionKey, "latchkey wrap vending keys v1"u8);
        _macKey = Derive(keyEncryptionKey, "latchkey signer journal v1"u8);
    }

    public bool IsDevelopment => true;

    public byte[] Wrap(ReadOnlySpan<byte> vendingKey, SigningKeyTerms terms)
    {
        byte[] wrapped = new byte[NonceLength + vendingKey.Length + TagLength];
        Span<byte> nonce = wrapped.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_wrappingKey, TagLength);
        aes.Encrypt(nonce, vendingKey, wrapped.AsSpan(NonceLength, vendingKey.Length), wrapped.AsSpan(NonceLength + vendingKey.Length), Bound(terms));
        return wrapped;
    }

    public VendingKey? Open(SigningKeyRecord record)
    {
        byte[] wrapped = record.Wrapped.ToArray();
        if (_open.TryGetValue(record.KeyId, out (byte[] Wrapped, VendingKey Key) known) && known.Wrapped.AsSpan().SequenceEqual(wrapped)) return known.Key;
        VendingKey? key = Unwrap(wrapped, record.Terms);
        if (key is not null) _open[record.KeyId] = (wrapped, key);
        return key;
    }

    public byte[] Mac(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content)
    {
        int length = previous.Length + content.Length;
        Span<byte> input = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        previous.CopyTo(input);
        content.CopyTo(input[previous.Length..]);
        return HMACSHA256.HashData(_macKey, input[..length]);
    }

    public void Dispose()
    {
        foreach ((byte[] _, VendingKey key) in _open.Values) key.Dispose();
        _open.Clear();
        CryptographicOperations.ZeroMemory(_wrappingKey);
        CryptographicOperations.ZeroMemory(_macKey);
    }

    private static byte[] Derive(ReadOnlySpan<byte> keyEncryptionKey, ReadOnlySpan<byte> purpose)
    {
        byte[] derived = GC.AllocateArray<byte>(KeyEncryptionKeyLength, pinned: true);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, keyEncryptionKey, derived, salt: [], purpose);
        return derived;
    }

    private static byte[] Bound(SigningKeyTerms terms) => Encoding.ASCII.GetBytes(terms.KeyId);

    private VendingKey? Unwrap(byte[] wrapped, SigningKeyTerms terms)
    {
        int length = wrapped.Length - NonceLength - TagLength;
        if (length is not (VendingKey.SingleDesLength or VendingKey.DoubleDesLength or VendingKey.HmacLength)) return null;
        Span<byte> plain = stackalloc byte[length];
        try
        {
            using var aes = new AesGcm(_wrappingKey, TagLength);
            aes.Decrypt(wrapped.AsSpan(0, NonceLength), wrapped.AsSpan(NonceLength, length), wrapped.AsSpan(NonceLength + length), plain, Bound(terms));
            return VendingKey.TryCreate(plain, out VendingKey? key) ? key : null;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
