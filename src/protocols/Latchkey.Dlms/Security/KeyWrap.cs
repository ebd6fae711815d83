using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Dlms.Security;

/// <summary>Wraps a key under a key encryption key.</summary>
/// <remarks>Source: RFC 3394 (NIST AES key wrap); IEC 62056-5-3, key transport.</remarks>
public static class KeyWrap
{
    /// <summary>Octets that wrapping adds.</summary>
    public const int Overhead = 8;

    private const ulong InitialValue = 0xA6A6A6A6A6A6A6A6;

    /// <summary>Writes the wrapped key: as long as the key and eight octets more. Keys have 16, 24 or 32 octets.</summary>
    public static void Wrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> key, Span<byte> wrapped)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length is 16 or 24 or 32, true);
        using Aes aes = Create(kek);
        Span<byte> block = stackalloc byte[16];
        int count = key.Length / 8;
        ulong integrity = InitialValue;
        key.CopyTo(wrapped[8..]);
        for (int step = 1; step <= 6 * count; step++)
        {
            Span<byte> register = wrapped.Slice(8 + (((step - 1) % count) * 8), 8);
            BinaryPrimitives.WriteUInt64BigEndian(block, integrity);
            register.CopyTo(block[8..]);
            _ = aes.EncryptEcb(block, block, PaddingMode.None);
            integrity = BinaryPrimitives.ReadUInt64BigEndian(block) ^ (ulong)step;
            block[8..].CopyTo(register);
        }

        BinaryPrimitives.WriteUInt64BigEndian(wrapped, integrity);
        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>Unwraps a key; false when it was not wrapped under this key encryption key, and then nothing is handed out.</summary>
    public static bool TryUnwrap(ReadOnlySpan<byte> kek, ReadOnlySpan<byte> wrapped, Span<byte> key, out int size)
    {
        size = 0;
        if (wrapped.Length is not (24 or 32 or 40) || key.Length < wrapped.Length - Overhead) return false;
        using Aes aes = Create(kek);
        Span<byte> block = stackalloc byte[16];
        int count = (wrapped.Length / 8) - 1;
        Span<byte> registers = key[..(8 * count)];
        wrapped[8..].CopyTo(registers);
        ulong integrity = BinaryPrimitives.ReadUInt64BigEndian(wrapped);
        for (int step = 6 * count; step >= 1; step--)
        {
            Span<byte> register = registers.Slice(((step - 1) % count) * 8, 8);
            BinaryPrimitives.WriteUInt64BigEndian(block, integrity ^ (ulong)step);
            register.CopyTo(block[8..]);
            _ = aes.DecryptEcb(block, block, PaddingMode.None);
            integrity = BinaryPrimitives.ReadUInt64BigEndian(block);
            block[8..].CopyTo(register);
        }

        CryptographicOperations.ZeroMemory(block);
        if (integrity != InitialValue)
        {
            CryptographicOperations.ZeroMemory(registers);
            return false;
        }

        size = registers.Length;
        return true;
    }

    private static Aes Create(ReadOnlySpan<byte> kek)
    {
        Aes aes = Aes.Create();
        aes.SetKey(kek);
        return aes;
    }
}
