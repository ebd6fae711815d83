using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Latchkey.ModuleLink.Messages;

/// <summary>A token as it travels: nine bytes, the 66 bits right-aligned, most significant byte first.</summary>
/// <remarks>Only carried here. Whether it is a token at all is judged by the meter; a value beyond 66 bits is a format error there.</remarks>
public readonly record struct TokenBytes
{
    public const int Length = 9;
    private readonly byte _high;
    private readonly ulong _low;

    private TokenBytes(byte high, ulong low) => (_high, _low) = (high, low);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out TokenBytes token)
    {
        bool whole = bytes.Length == Length;
        token = whole ? new TokenBytes(bytes[0], BinaryPrimitives.ReadUInt64BigEndian(bytes[1..])) : default;
        return whole;
    }

    /// <summary>Writes the nine bytes.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination[0] = _high;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], _low);
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>The name of this token in an answer: it ties a result to a token without repeating the token.</summary>
    public TokenFingerprint Fingerprint()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        WriteTo(bytes);
        SHA256.HashData(bytes, hash);
        return new TokenFingerprint(BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    /// <summary>Never the token itself: text reaches logs.</summary>
    public override string ToString() => Fingerprint().ToString();
}

/// <summary>The first eight bytes of SHA-256 over the nine bytes of a token.</summary>
public readonly record struct TokenFingerprint(ulong Value)
{
    public const int Length = 8;

    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
