using System.Numerics;
using System.Security.Cryptography;

namespace Latchkey.Sts;

/// <summary>How strictly the parity bits of a DES vending key are taken.</summary>
/// <remarks>Whether DKGA02's last step uses the raw key or one forced to odd parity is not settled by official vectors; with odd parity both agree. Source: IEC 62055-41, DKGA02; FIPS PUB 46-3.</remarks>
public enum VendingKeyParity
{
    /// <summary>Every byte must have an odd number of ones, as DES keys do.</summary>
    RequireOdd = 0,

    /// <summary>Bytes are used as they are. Only for keys known to have been used so.</summary>
    Raw = 1,
}

/// <summary>The key of a supply group, from which the keys of its meters are made: 8, 16 or 20 bytes. Never printed, cleared on disposal.</summary>
/// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
public sealed class VendingKey : IDisposable
{
    /// <summary>A DES key for DKGA02 (and DKGA01).</summary>
    /// <remarks>Source: IEC 62055-41, DKGA02.</remarks>
    public const int SingleDesLength = 8;

    /// <summary>Two DES keys for DKGA03.</summary>
    /// <remarks>Source: IEC 62055-41, DKGA03.</remarks>
    public const int DoubleDesLength = 16;

    /// <summary>An HMAC key for DKGA04: 160 bits.</summary>
    /// <remarks>Source: IEC 62055-41:2018, DKGA04.</remarks>
    public const int HmacLength = 20;

    private const int CheckValueLength = 3;

    private readonly byte[] _bytes;
    private readonly uint[] _macPads;
    private bool _disposed;

    private VendingKey(ReadOnlySpan<byte> bytes)
    {
        _bytes = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(_bytes);
        _macPads = GC.AllocateArray<uint>(bytes.Length == HmacLength ? HmacSha256.PadsLength : 0, pinned: true);
        if (bytes.Length == HmacLength) HmacSha256.ExpandKey(bytes, _macPads);
        CheckValue = ComputeCheckValue(bytes);
    }

    /// <summary>8, 16 or 20 bytes.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public int Length => _bytes.Length;

    /// <summary>Three bytes in hexadecimal that tell keys apart without showing them: of DES(0) for DES keys, of SHA-256(01 ‖ key) for HMAC keys.</summary>
    /// <remarks>Taken from a published program, not from the standard's text. Source: key check values of STS key-load files.</remarks>
    public string CheckValue { get; }

    internal ReadOnlySpan<byte> Bytes => _disposed ? throw new ObjectDisposedException(nameof(VendingKey)) : _bytes;

    internal ReadOnlySpan<uint> MacPads => _disposed ? throw new ObjectDisposedException(nameof(VendingKey)) : _macPads;

    /// <summary>Takes 8, 16 or 20 bytes, most significant first; false for another length, and for DES keys with a byte of even parity unless raw bytes are asked for.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out VendingKey? key, VendingKeyParity parity = VendingKeyParity.RequireOdd)
    {
        bool valid = bytes.Length is SingleDesLength or DoubleDesLength or HmacLength
            && (bytes.Length == HmacLength || parity == VendingKeyParity.Raw || HasOddParity(bytes));
        key = valid ? new VendingKey(bytes) : null;
        return valid;
    }

    /// <summary>Whether every byte has an odd number of ones.</summary>
    /// <remarks>Source: FIPS PUB 46-3, parity of DES keys.</remarks>
    public static bool HasOddParity(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if ((BitOperations.PopCount(b) & 1) == 0) return false;
        }

        return true;
    }

    /// <summary>Clears the key.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_macPads.AsSpan()));
        _disposed = true;
    }

    /// <summary>The length and the check value; never the bytes.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey.</remarks>
    public override string ToString() => $"VendingKey({Length * 8} bits, check value {CheckValue})";

    private static string ComputeCheckValue(ReadOnlySpan<byte> key)
    {
        Span<byte> value = stackalloc byte[SHA256.HashSizeInBytes];
        if (key.Length == HmacLength)
        {
            Span<byte> input = [0x01, .. key];
            SHA256.HashData(input, value);
            CryptographicOperations.ZeroMemory(input);
        }
        else
        {
            ulong block = Des.EncryptOnce(key[..SingleDesLength], 0);
            if (key.Length == DoubleDesLength) block = TripleDes.EncryptRest(key, block);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(value, block);
        }

        return Convert.ToHexString(value[..CheckValueLength]);
    }
}
