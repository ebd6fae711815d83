using System.Buffers;
using System.Buffers.Binary;

namespace Latchkey.Vending.Apart;

/// <summary>One message on the line: length:4 | version:1 | kind:1 | number:4 | payload, most significant byte first. The length counts what follows it.</summary>
public readonly ref struct SignerFrame
{
    public const byte Version = 3;
    public const int HeaderLength = 10;
    public const int MaxPayload = 1 << 20;
    private const int LengthField = 4;

    public byte Kind { get; private init; }

    /// <summary>The answer carries its request's.</summary>
    public uint Number { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public static byte[] Write(byte kind, uint number, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayload);
        byte[] bytes = new byte[HeaderLength + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, HeaderLength - LengthField + payload.Length);
        bytes[4] = Version;
        bytes[5] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(6), number);
        payload.CopyTo(bytes.AsSpan(HeaderLength));
        return bytes;
    }

    /// <summary>Reads the first frame of the input. The length is judged before the rest is awaited: nobody makes us hold a buffer for it.</summary>
    public static OperationStatus Read(ReadOnlySpan<byte> input, out SignerFrame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (input.Length < HeaderLength) return BeginsWrong(input) ? OperationStatus.InvalidData : OperationStatus.NeedMoreData;
        if (BeginsWrong(input)) return OperationStatus.InvalidData;
        int length = LengthField + BinaryPrimitives.ReadInt32BigEndian(input);
        if (input.Length < length) return OperationStatus.NeedMoreData;
        frame = new SignerFrame { Kind = input[5], Number = BinaryPrimitives.ReadUInt32BigEndian(input[6..]), Payload = input[HeaderLength..length] };
        consumed = length;
        return OperationStatus.Done;
    }

    /// <summary>The length of the whole frame that begins with these bytes, which <see cref="Read"/> has not refused; null while it is not known.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> input) => input.Length < LengthField ? null : LengthField + BinaryPrimitives.ReadInt32BigEndian(input);

    private static bool BeginsWrong(ReadOnlySpan<byte> input) =>
        (input.Length >= LengthField && BinaryPrimitives.ReadInt32BigEndian(input) is < HeaderLength - LengthField or > HeaderLength - LengthField + MaxPayload)
        || (input.Length > LengthField && input[LengthField] != Version);
}
