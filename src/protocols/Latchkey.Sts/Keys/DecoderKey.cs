using System.Security.Cryptography;

namespace Latchkey.Sts;

/// <summary>One meter's key: 8 bytes for EA07 and EA09, 16 for EA11. Kept in memory that does not move, cleared on disposal, never printed.</summary>
/// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
public sealed class DecoderKey : IDisposable
{
    /// <summary>The length for EA07 and EA09, in bytes.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public const int ShortLength = 8;

    /// <summary>The length for EA11, in bytes.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public const int LongLength = 16;

    private readonly byte[] _bytes = GC.AllocateArray<byte>(LongLength, pinned: true);
    private int _length;

    /// <summary>An empty key to derive into; see <see cref="DecoderKeyGeneration.DeriveInto"/>.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public DecoderKey()
    {
    }

    /// <summary>8 or 16 bytes; 0 while empty and after disposal.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public int Length => _length;

    internal ReadOnlySpan<byte> Bytes => _length > 0 ? _bytes.AsSpan(0, _length) : throw new ObjectDisposedException(nameof(DecoderKey), "The key is empty or cleared.");

    /// <summary>Takes 8 or 16 bytes, most significant first; false for another length. The span is copied.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DecoderKey? key)
    {
        key = null;
        if (bytes.Length is not (ShortLength or LongLength)) return false;
        key = new DecoderKey();
        bytes.CopyTo(key.Refill(bytes.Length));
        return true;
    }

    /// <summary>The length of the keys an algorithm takes, in bytes.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public static int LengthFor(EncryptionAlgorithm algorithm) => algorithm == EncryptionAlgorithm.Ea11 ? LongLength : ShortLength;

    /// <summary>Copies the key out, for a meter's non-volatile memory or a test. The caller protects and clears the copy.</summary>
    /// <returns>The count of bytes written.</returns>
    /// <exception cref="ArgumentException">There is no room for the key.</exception>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public int CopySecretTo(Span<byte> destination)
    {
        Bytes.CopyTo(destination);
        return _length;
    }

    /// <summary>Whether two keys are the same, in a time that does not depend on where they differ.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public bool HasSameBytesAs(DecoderKey other) => CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    /// <summary>Clears the key.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _length = 0;
    }

    /// <summary>How long the key is; never its bytes.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKey.</remarks>
    public override string ToString() => $"DecoderKey({_length * 8} bits)";

    internal Span<byte> Refill(int length)
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _length = length;
        return _bytes.AsSpan(0, length);
    }
}
