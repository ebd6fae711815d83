namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>An APDU that a server sends unasked, in UI frames.</summary>
/// <remarks>Source: IEC 62056-46, UI frames; IEC 62056-6-2, Push setup.</remarks>
public static class HdlcPush
{
    private const int SegmentSize = 128;

    /// <summary>Writes the APDU as UI frames; 0 when they do not fit.</summary>
    public static int Write(HdlcAddress client, HdlcAddress server, ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        int written = 0;
        int offset = -Llc.Size;
        Span<byte> piece = stackalloc byte[SegmentSize];
        while (offset < apdu.Length)
        {
            int head = offset < 0 ? Llc.Size : 0;
            if (head > 0) Llc.Response.CopyTo(piece);
            offset += head;
            int size = Math.Min(SegmentSize - head, apdu.Length - offset);
            apdu.Slice(offset, size).CopyTo(piece[head..]);
            offset += size;
            var frame = new HdlcFrame
            {
                Segmented = offset < apdu.Length,
                Destination = client,
                Source = server,
                Control = new HdlcControl(HdlcCommand.UnnumberedInformation, PollFinal: false),
                HasKnownControl = true,
                Information = piece[..(head + size)],
            };
            int frameSize = frame.Write(output[written..]);
            if (frameSize == 0) return 0;
            written += frameSize;
        }

        return written;
    }
}

/// <summary>Puts the UI frames of a push together again; a piece that is out of place starts over.</summary>
public sealed class HdlcPushReceiver
{
    private readonly byte[] _buffer;
    private int _length;
    private bool _overflowed;

    /// <summary>Takes APDUs up to <paramref name="maxApdu"/> octets.</summary>
    public HdlcPushReceiver(int maxApdu) => _buffer = new byte[maxApdu + Llc.Size];

    /// <summary>Takes a frame; true when it completes an APDU, which is valid until the next call.</summary>
    public bool TryReceive(HdlcFrame frame, out ReadOnlySpan<byte> apdu)
    {
        apdu = default;
        if (!frame.HasKnownControl || frame.Control.Command != HdlcCommand.UnnumberedInformation) return false;
        if (_length + frame.Information.Length > _buffer.Length) _overflowed = true;
        if (!_overflowed)
        {
            frame.Information.CopyTo(_buffer.AsSpan(_length));
            _length += frame.Information.Length;
        }

        if (frame.Segmented) return false;
        bool whole = !_overflowed && Llc.TryStrip(_buffer.AsSpan(0, _length), out apdu);
        (_length, _overflowed) = (0, false);
        return whole;
    }
}
