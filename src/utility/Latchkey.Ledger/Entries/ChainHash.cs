using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Latchkey.Ledger;

/// <summary>32 bytes of SHA-256 that stand for an entry and everything before it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ChainHash
{
    public const int Size = 32;
    private const int LongestOnStack = 1_024;
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    public ChainHash(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>What stands before the first entry: all zeros, the default value.</summary>
    public static ChainHash Genesis => default;

    /// <summary>h(n) = SHA-256(h(n-1) || canonical bytes of entry n).</summary>
    public ChainHash Next(ReadOnlySpan<byte> canonicalEntry)
    {
        // One call over both parts: a hash object for every entry costs more than the copy.
        int length = Size + canonicalEntry.Length;
        Span<byte> input = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        WriteTo(input);
        canonicalEntry.CopyTo(input[Size..]);
        Span<byte> bytes = stackalloc byte[Size];
        SHA256.HashData(input[..length], bytes);
        return new ChainHash(bytes);
    }

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Size];
        WriteTo(bytes);
        return bytes;
    }

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
