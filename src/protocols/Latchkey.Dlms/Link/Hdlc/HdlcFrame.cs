using System.Buffers;
using System.Buffers.Binary;

namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>One HDLC frame of format type 3. There is no stuffing: the length in the frame drives the reader.</summary>
/// <remarks>Source: IEC 62056-46, 6.4; ISO/IEC 13239, frame format type 3.</remarks>
public readonly ref struct HdlcFrame
{
    /// <summary>The octet before and after every frame; one may serve two frames.</summary>
    public const byte Flag = 0x7E;

    /// <summary>The longest information field that can be negotiated.</summary>
    public const int MaxInformation = 2030;

    private const int MaxLength = 0x7FF;
    private const ushort FormatType = 0xA000;
    private const ushort SegmentBit = 0x0800;

    /// <summary>Whether more segments of the same APDU follow.</summary>
    public bool Segmented { get; init; }

    /// <summary>To whom.</summary>
    public HdlcAddress Destination { get; init; }

    /// <summary>From whom.</summary>
    public HdlcAddress Source { get; init; }

    /// <summary>What for; default where the octet is not known (see <see cref="HasKnownControl"/>).</summary>
    public HdlcControl Control { get; init; }

    /// <summary>Whether the control octet is one of this profile; if not, a connected server answers FRMR.</summary>
    public bool HasKnownControl { get; init; }

    /// <summary>The information field; empty where there is none.</summary>
    public ReadOnlySpan<byte> Information { get; init; }

    /// <summary>Reads the next frame of a stream. Noise and frames with a wrong check sequence are stepped over silently, as the standard asks.</summary>
    /// <param name="input">What has arrived and was not consumed.</param>
    /// <param name="frame">The frame, when the result is <see cref="OperationStatus.Done"/>.</param>
    /// <param name="consumed">Octets to drop from the input before the next call, with any result.</param>
    /// <returns><see cref="OperationStatus.Done"/> or <see cref="OperationStatus.NeedMoreData"/>; at most 2 KiB is ever waited for.</returns>
    public static OperationStatus Read(ReadOnlySpan<byte> input, out HdlcFrame frame, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            ReadOnlySpan<byte> rest = input[consumed..];
            int flag = rest.IndexOf(Flag);
            consumed = flag < 0 ? input.Length : consumed + flag;
            rest = input[consumed..];
            if (rest.Length < 3)
            {
                frame = default;
                return OperationStatus.NeedMoreData;
            }

            ushort format = BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            int length = format & MaxLength;
            if ((format & 0xF000) != FormatType || length < 7)
            {
                consumed++;
                continue;
            }

            if (rest.Length < length + 2)
            {
                frame = default;
                return OperationStatus.NeedMoreData;
            }

            if (rest[length + 1] != Flag || !TryReadBody(rest.Slice(1, length), out frame))
            {
                consumed++;
                continue;
            }

            // The closing flag stays: it may open the next frame.
            consumed += length + 1;
            return OperationStatus.Done;
        }
    }

    /// <summary>Reads what stands between two flags and fills <paramref name="body"/> exactly.</summary>
    public static bool TryReadBody(ReadOnlySpan<byte> body, out HdlcFrame frame)
    {
        frame = default;
        if (body.Length < 7 || body.Length > MaxLength) return false;
        ushort format = BinaryPrimitives.ReadUInt16BigEndian(body);
        if ((format & 0xF000) != FormatType || (format & MaxLength) != body.Length) return false;
        if (!HdlcChecksum.Matches(body[..^2], body[^2..])) return false;
        if (!HdlcAddress.TryRead(body[2..^2], out HdlcAddress destination)) return false;
        int position = 2 + destination.Size;
        if (!HdlcAddress.TryRead(body[position..^2], out HdlcAddress source)) return false;
        position += source.Size;
        if (position >= body.Length - 2) return false;
        bool known = HdlcControl.TryRead(body[position++], out HdlcControl control);

        ReadOnlySpan<byte> rest = body[position..^2];
        if (!rest.IsEmpty && (rest.Length < 2 || !HdlcChecksum.Matches(body[..position], rest))) return false;
        frame = new HdlcFrame
        {
            Segmented = (format & SegmentBit) != 0,
            Destination = destination,
            Source = source,
            Control = control,
            HasKnownControl = known,
            Information = rest.IsEmpty ? default : rest[2..],
        };
        return true;
    }

    /// <summary>Writes the frame with both flags; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        int header = 2 + Destination.Size + Source.Size + 1;
        int length = header + 2 + (Information.IsEmpty ? 0 : 2 + Information.Length);
        if (length > MaxLength || output.Length < length + 2) return 0;

        Span<byte> body = output.Slice(1, length);
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)(FormatType | (Segmented ? SegmentBit : 0) | length));
        Destination.Write(body[2..]);
        Source.Write(body[(2 + Destination.Size)..]);
        body[header - 1] = Control.Octet;
        if (!Information.IsEmpty)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(body[header..], HdlcChecksum.Compute(body[..header]));
            Information.CopyTo(body[(header + 2)..]);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(body[^2..], HdlcChecksum.Compute(body[..^2]));
        output[0] = Flag;
        output[length + 1] = Flag;
        return length + 2;
    }
}
