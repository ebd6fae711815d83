using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.ModuleLink.Envelope;

/// <summary>Which way a message goes. It is part of what is authenticated, so no message can be turned back on its sender.</summary>
public enum MessageDirection : byte
{
    ToMeter = 1,
    FromMeter = 2,
}

/// <summary>Why an envelope was or was not opened, in the order of the checks.</summary>
public enum EnvelopeResult : byte
{
    Opened = 0,
    Malformed = 1,
    UnknownVersion = 2,
    WrongDirection = 3,
    NotAuthentic = 4,
}

/// <summary>The authenticated envelope of a meter message.</summary>
/// <remarks>
/// <c>version:1 | direction:1 | counter:4 (big-endian) | body | tag:8</c>, the tag being the first 8 bytes of HMAC-SHA256 over all that precedes it.
/// The counter counts per key and direction and is never repeated by an honest sender; receivers keep a <see cref="ReplayWindow"/>.
/// A MAC and not AES-GCM: a counter that comes back after a failed memory costs nothing but a replay here, and the key itself there.
/// </remarks>
public static class MessageEnvelope
{
    public const byte Version = 1;
    public const int HeaderLength = 6;
    public const int TagLength = 8;
    public const int Overhead = HeaderLength + TagLength;

    public static byte[] Seal(MessageKey key, MessageDirection direction, uint counter, ReadOnlySpan<byte> body)
    {
        byte[] output = new byte[Overhead + body.Length];
        output[0] = Version;
        output[1] = (byte)direction;
        BinaryPrimitives.WriteUInt32BigEndian(output.AsSpan(2), counter);
        body.CopyTo(output.AsSpan(HeaderLength));
        key.Authenticate(output.AsSpan(0, HeaderLength + body.Length), output.AsSpan(HeaderLength + body.Length));
        return output;
    }

    /// <summary>Checks form, direction and tag; the counter is judged afterwards, by the receiver's <see cref="ReplayWindow"/>.</summary>
    /// <param name="key">The meter's message key.</param>
    /// <param name="direction">The direction in which the caller expects to be addressed.</param>
    /// <param name="input">The envelope, whole.</param>
    /// <param name="counter">The sender's counter, or 0 unless opened.</param>
    /// <param name="body">A view into <paramref name="input"/>, empty unless opened.</param>
    public static EnvelopeResult TryOpen(
        MessageKey key, MessageDirection direction, ReadOnlySpan<byte> input, out uint counter, out ReadOnlySpan<byte> body)
    {
        counter = 0;
        body = default;
        if (input.Length < Overhead) return EnvelopeResult.Malformed;
        if (input[0] != Version) return EnvelopeResult.UnknownVersion;
        if (input[1] != (byte)direction) return EnvelopeResult.WrongDirection;

        Span<byte> expected = stackalloc byte[TagLength];
        key.Authenticate(input[..^TagLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, input[^TagLength..])) return EnvelopeResult.NotAuthentic;

        counter = BinaryPrimitives.ReadUInt32BigEndian(input[2..]);
        body = input[HeaderLength..^TagLength];
        return EnvelopeResult.Opened;
    }
}
