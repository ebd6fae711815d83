using System.Security.Cryptography;

namespace Latchkey.ModuleLink.Envelope;

/// <summary>The secret that one meter and its head-end share for their messages. It has nothing to do with the STS decoder key.</summary>
public sealed class MessageKey : IDisposable
{
    public const int MinLength = 16;
    public const int MaxLength = 64;
    private readonly byte[] _bytes;

    /// <summary>Copies the key; 16 to 64 bytes.</summary>
    public MessageKey(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes.Length, MinLength, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength, nameof(bytes));
        _bytes = bytes.ToArray();
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);

    /// <summary>Never the key.</summary>
    public override string ToString() => nameof(MessageKey);

    internal void Authenticate(ReadOnlySpan<byte> covered, Span<byte> tag)
    {
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_bytes, covered, mac);
        mac[..tag.Length].CopyTo(tag);
    }
}
