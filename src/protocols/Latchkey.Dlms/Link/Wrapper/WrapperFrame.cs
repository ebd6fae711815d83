using System.Buffers;
using System.Buffers.Binary;

namespace Latchkey.Dlms.Link.Wrapper;

/// <summary>One APDU on TCP or UDP port 4059: version, two ports, length, APDU.</summary>
/// <remarks>Source: IEC 62056-47, wrapper.</remarks>
public readonly ref struct WrapperFrame
{
    /// <summary>Octets in front of the APDU.</summary>
    public const int HeaderSize = 8;

    /// <summary>The only version there is.</summary>
    public const ushort Version = 1;

    /// <summary>The largest APDU taken before an association has said otherwise.</summary>
    public const int MaxApduBeforeAssociation = 2048;

    /// <summary>wPort of the sender: the client's address in a request.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>wPort of the receiver: the logical device in a request.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The APDU.</summary>
    public ReadOnlySpan<byte> Apdu { get; init; }

    /// <summary>Reads one frame from the start of a stream. <see cref="OperationStatus.InvalidData"/> means that the connection must be closed.</summary>
    /// <param name="input">What has arrived and was not consumed.</param>
    /// <param name="maxApdu">The largest APDU that the receiver takes now.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="consumed">Octets of the frame; 0 unless it is whole.</param>
    public static OperationStatus Read(ReadOnlySpan<byte> input, int maxApdu, out WrapperFrame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (input.Length >= sizeof(ushort) && BinaryPrimitives.ReadUInt16BigEndian(input) != Version) return OperationStatus.InvalidData;
        if (input.Length < HeaderSize) return OperationStatus.NeedMoreData;

        // Judge the length before waiting for the body: a peer must not make us hold a buffer for it.
        int length = BinaryPrimitives.ReadUInt16BigEndian(input[6..]);
        if (length == 0 || length > maxApdu) return OperationStatus.InvalidData;
        if (input.Length - HeaderSize < length) return OperationStatus.NeedMoreData;

        frame = new WrapperFrame
        {
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(input[2..]),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(input[4..]),
            Apdu = input.Slice(HeaderSize, length),
        };
        consumed = HeaderSize + length;
        return OperationStatus.Done;
    }

    /// <summary>Reads the one frame of a datagram; what follows it, or a datagram cut short, makes it invalid.</summary>
    public static bool TryReadDatagram(ReadOnlySpan<byte> datagram, int maxApdu, out WrapperFrame frame) =>
        Read(datagram, maxApdu, out frame, out int consumed) == OperationStatus.Done && consumed == datagram.Length;

    /// <summary>Writes header and APDU; 0 when it does not fit or the APDU is empty or longer than 65535.</summary>
    public int Write(Span<byte> output)
    {
        if (Apdu.Length is 0 or > ushort.MaxValue || output.Length < HeaderSize + Apdu.Length) return 0;
        Apdu.CopyTo(output[HeaderSize..]);
        WriteHeader(output, SourcePort, DestinationPort, Apdu.Length);
        return HeaderSize + Apdu.Length;
    }

    /// <summary>Writes the header alone, in front of an APDU that was written in place.</summary>
    public static void WriteHeader(Span<byte> output, ushort sourcePort, ushort destinationPort, int apduLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output, Version);
        BinaryPrimitives.WriteUInt16BigEndian(output[2..], sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(output[4..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(output[6..], (ushort)apduLength);
    }
}
