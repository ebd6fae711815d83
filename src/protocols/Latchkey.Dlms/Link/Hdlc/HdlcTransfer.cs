namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>The numbered part of a connection, the same on both sides: sequence numbers, segments out in windows, segments in to a bounded buffer.</summary>
/// <remarks>Frames are built when they are sent, never kept: a frame repeated with an old N(R) would confirm what was not received.
/// Source: IEC 62056-46, 6.4.4 (MA-DATA, segmentation, windows).</remarks>
internal sealed class HdlcTransfer
{
    private readonly byte[] _incoming;
    private byte[] _outgoing = [];
    private int _outgoingLength;
    private int _confirmed;
    private int _incomingLength;
    private byte _sendNumber;
    private byte _receiveNumber;
    private bool _incomingComplete;
    private bool _overflowed;

    public HdlcTransfer(int maxApdu) => _incoming = new byte[maxApdu + Llc.Size];

    public HdlcParameters Parameters { get; private set; } = HdlcParameters.Default;

    public byte ReceiveNumber => _receiveNumber;

    public int Buffered => _incomingLength;

    /// <summary>Whether octets wait to be sent or to be confirmed.</summary>
    public bool HasOutgoing => _confirmed < _outgoingLength;

    public void Reset(HdlcParameters parameters)
    {
        Parameters = parameters;
        (_sendNumber, _receiveNumber) = (0, 0);
        DropOutgoing();
        DropIncoming();
    }

    /// <summary>Takes an APDU to send, with its LLC header.</summary>
    public void Queue(ReadOnlySpan<byte> llc, ReadOnlySpan<byte> apdu)
    {
        int size = llc.Length + apdu.Length;
        if (_outgoing.Length < size) _outgoing = new byte[size];
        llc.CopyTo(_outgoing);
        apdu.CopyTo(_outgoing.AsSpan(llc.Length));
        (_outgoingLength, _confirmed) = (size, 0);
    }

    /// <summary>Writes the next window of I frames, the last of it with P or F; 0 when nothing waits or the output cannot hold one frame.</summary>
    public int WriteWindow(HdlcAddress destination, HdlcAddress source, Span<byte> output)
    {
        int written = 0;
        int offset = _confirmed;
        byte number = _sendNumber;
        for (int sent = 0; sent < Parameters.WindowTransmit && offset < _outgoingLength; sent++)
        {
            int size = Math.Min(Parameters.MaxInformationTransmit, _outgoingLength - offset);
            bool last = offset + size == _outgoingLength;
            var frame = new HdlcFrame
            {
                Segmented = !last,
                Destination = destination,
                Source = source,
                Control = new HdlcControl(HdlcCommand.Information, last || sent == Parameters.WindowTransmit - 1, number, _receiveNumber),
                HasKnownControl = true,
                Information = _outgoing.AsSpan(offset, size),
            };
            int frameSize = frame.Write(output[written..]);
            if (frameSize == 0) return 0;
            written += frameSize;
            offset += size;
            number = (byte)((number + 1) & 7);
        }

        return written;
    }

    /// <summary>Takes the peer's N(R): everything before it arrived. A number outside the window is a protocol error and changes nothing.</summary>
    public bool TryConfirm(byte receiveNumber)
    {
        int frames = (receiveNumber - _sendNumber) & 7;
        int inFlight = Math.Min(Parameters.WindowTransmit, Pieces(_outgoingLength - _confirmed));
        if (frames > inFlight) return false;
        _confirmed = Math.Min(_outgoingLength, _confirmed + (frames * Parameters.MaxInformationTransmit));
        _sendNumber = receiveNumber;
        return true;
    }

    /// <summary>Takes an I frame in order; one out of order is dropped, and the unchanged N(R) asks for it again.</summary>
    public void Receive(HdlcFrame frame)
    {
        if (frame.Control.SendNumber != _receiveNumber) return;
        if (_incomingComplete) DropIncoming();
        _receiveNumber = (byte)((_receiveNumber + 1) & 7);
        if (_incomingLength + frame.Information.Length > _incoming.Length) _overflowed = true;
        if (!_overflowed)
        {
            frame.Information.CopyTo(_incoming.AsSpan(_incomingLength));
            _incomingLength += frame.Information.Length;
        }

        _incomingComplete = !frame.Segmented;
    }

    /// <summary>Hands out a complete APDU once; one that was too long or has no LLC header is dropped.</summary>
    public bool TryTakeApdu(out ReadOnlySpan<byte> apdu)
    {
        apdu = default;
        if (!_incomingComplete) return false;
        bool whole = !_overflowed && Llc.TryStrip(_incoming.AsSpan(0, _incomingLength), out apdu);
        DropIncoming();
        return whole;
    }

    public void DropOutgoing() => (_outgoingLength, _confirmed) = (0, 0);

    private void DropIncoming() => (_incomingLength, _incomingComplete, _overflowed) = (0, false, false);

    private int Pieces(int octets) => (octets + Parameters.MaxInformationTransmit - 1) / Parameters.MaxInformationTransmit;
}
