using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Runtime.InteropServices;

namespace Latchkey.Sts;

/// <summary>
/// HMAC-SHA-256 of one short message under a key whose two pads are hashed beforehand: two compressions and no allocation for each meter's key,
/// about half of what the platform's one-shot costs. Tests hold it to the platform's.
/// </summary>
/// <remarks>Source: FIPS PUB 198-1; FIPS PUB 180-4.</remarks>
internal static class HmacSha256
{
    /// <summary>Two chaining values of eight words.</summary>
    internal const int PadsLength = 2 * StateLength;

    /// <summary>The longest message, in bytes: it must fit one block with its padding.</summary>
    internal const int MaxMessageLength = BlockLength - 9;

    private const int StateLength = 8;
    private const int BlockLength = 64;
    private const byte InnerPad = 0x36;
    private const byte OuterPad = 0x5C;

    private static readonly uint[] InitialState =
        [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    private static readonly uint[] RoundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
        0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
        0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
        0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Hashes the pads of a key of at most 64 bytes.</summary>
    internal static void ExpandKey(ReadOnlySpan<byte> key, Span<uint> pads)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        for (int half = 0; half < 2; half++)
        {
            block.Fill(half == 0 ? InnerPad : OuterPad);
            for (int i = 0; i < key.Length; i++) block[i] ^= key[i];
            Span<uint> state = pads.Slice(half * StateLength, StateLength);
            InitialState.CopyTo(state);
            Compress(state, block);
        }

        CryptographicOperations.ZeroMemory(block);
    }

    /// <summary>The 32-byte code of a message of at most 55 bytes.</summary>
    internal static void Compute(ReadOnlySpan<uint> pads, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        Span<byte> block = stackalloc byte[BlockLength];
        Span<uint> state = stackalloc uint[StateLength];
        pads[..StateLength].CopyTo(state);
        Pad(message, block);
        Compress(state, block);

        Span<byte> inner = stackalloc byte[SHA256.HashSizeInBytes];
        WriteState(state, inner);
        pads.Slice(StateLength, StateLength).CopyTo(state);
        Pad(inner, block);
        Compress(state, block);
        WriteState(state, mac);

        CryptographicOperations.ZeroMemory(inner);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
    }

    // The pad's own block was hashed before, so the length counts it too.
    private static void Pad(ReadOnlySpan<byte> message, Span<byte> block)
    {
        block.Clear();
        message.CopyTo(block[..MaxMessageLength]);
        block[message.Length] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockLength - 8)..], (ulong)(BlockLength + message.Length) * 8);
    }

    private static void WriteState(ReadOnlySpan<uint> state, Span<byte> destination)
    {
        for (int i = 0; i < StateLength; i++) BinaryPrimitives.WriteUInt32BigEndian(destination[(4 * i)..], state[i]);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[64];
            for (int i = 0; i < 16; i++) w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
            for (int i = 16; i < w.Length; i++)
            {
                uint near = w[i - 2];
                uint far = w[i - 15];
                uint s0 = BitOperations.RotateRight(far, 7) ^ BitOperations.RotateRight(far, 18) ^ (far >> 3);
                uint s1 = BitOperations.RotateRight(near, 17) ^ BitOperations.RotateRight(near, 19) ^ (near >> 10);
                w[i] = w[i - 16] + s0 + w[i - 7] + s1;
            }

            (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
            (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
            ReadOnlySpan<uint> constants = RoundConstants;
            for (int i = 0; i < w.Length; i++)
            {
                uint s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
                uint t1 = h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i];
                uint s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
                uint t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
            }

            state[0] += a;
            state[1] += b;
            state[2] += c;
            state[3] += d;
            state[4] += e;
            state[5] += f;
            state[6] += g;
            state[7] += h;
            w.Clear();
        }
    }
}
