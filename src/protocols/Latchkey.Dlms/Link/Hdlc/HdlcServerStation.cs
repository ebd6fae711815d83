namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>The server's side of one HDLC connection: frames in, frames out, APDUs up and down. It speaks only when it was polled.</summary>
/// <remarks>Source: IEC 62056-46, unbalanced normal response mode, secondary station.</remarks>
public sealed class HdlcServerStation
{
    private readonly HdlcAddress _address;
    private readonly HdlcParameters _own;
    private readonly HdlcTransfer _transfer;
    private HdlcAddress _addressUsed;

    /// <summary>A station at <paramref name="address"/> that takes APDUs up to <paramref name="maxApdu"/> octets.</summary>
    public HdlcServerStation(HdlcAddress address, HdlcParameters own, int maxApdu) =>
        (_address, _own, _transfer) = (address, own, new HdlcTransfer(maxApdu));

    /// <summary>Whether a client is connected (NRM).</summary>
    public bool IsConnected { get; private set; }

    /// <summary>The connected client's address.</summary>
    public HdlcAddress Client { get; private set; }

    /// <summary>What was negotiated, seen from the server.</summary>
    public HdlcParameters Parameters => _transfer.Parameters;

    /// <summary>Octets held of an APDU that is not complete.</summary>
    public int Buffered => _transfer.Buffered;

    /// <summary>Whether octets of an answer wait to be sent or to be confirmed.</summary>
    public bool HasOutgoing => _transfer.HasOutgoing;

    /// <summary>Takes one frame and writes what must be sent at once.</summary>
    /// <param name="frame">A frame whose check sequences are right.</param>
    /// <param name="output">Room for the answer: a window of frames.</param>
    /// <param name="apdu">A complete APDU, valid until the next call; answer it with <see cref="Respond"/>.</param>
    /// <returns>Octets to send; 0 is silence.</returns>
    public int Receive(HdlcFrame frame, Span<byte> output, out ReadOnlySpan<byte> apdu)
    {
        apdu = default;
        if (!frame.Destination.IsSamePlaceAs(_address)) return 0;
        if (frame.HasKnownControl && frame.Control.Command == HdlcCommand.SetNormalResponseMode) return Connect(frame, output);
        if (!IsConnected)
        {
            bool asked = frame.HasKnownControl && frame.Control.Command == HdlcCommand.Disconnect;
            return asked ? Reply(frame.Source, frame.Destination, HdlcCommand.DisconnectMode, default, output) : 0;
        }

        // A second client on the same line has no connection, so it is not heard.
        if (!frame.Source.IsSamePlaceAs(Client)) return 0;
        if (!frame.HasKnownControl) return Reply(Client, _addressUsed, HdlcCommand.FrameReject, default, output);
        switch (frame.Control.Command)
        {
            case HdlcCommand.Disconnect:
                IsConnected = false;
                _transfer.Reset(HdlcParameters.Default);
                return Reply(frame.Source, frame.Destination, HdlcCommand.UnnumberedAcknowledge, default, output);
            case HdlcCommand.Information:
                return ReceiveInformation(frame, output, out apdu);
            case HdlcCommand.ReceiveReady:
                _ = _transfer.TryConfirm(frame.Control.ReceiveNumber);
                return frame.Control.PollFinal ? WriteTurn(output) : 0;
            default:
                return 0;
        }
    }

    /// <summary>Sends the answer to the APDU that <see cref="Receive"/> handed out: the first window of it.</summary>
    public int Respond(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!IsConnected) return 0;
        _transfer.Queue(Llc.Response, apdu);
        return WriteTurn(output);
    }

    /// <summary>Gives the turn back without an answer: the APDU asked for none.</summary>
    public int Idle(Span<byte> output) => IsConnected ? WriteTurn(output) : 0;

    /// <summary>Writes a push as UI frames, outside any turn; each holds a segment of at most the default length.</summary>
    public int Push(HdlcAddress client, ReadOnlySpan<byte> apdu, Span<byte> output) => HdlcPush.Write(client, _address, apdu, output);

    private int Connect(HdlcFrame frame, Span<byte> output)
    {
        if (!HdlcParameters.TryRead(frame.Information, out HdlcParameters proposed)) return 0;
        HdlcParameters agreed = _own.NegotiateWith(proposed);
        (IsConnected, Client, _addressUsed) = (true, frame.Source, frame.Destination);
        _transfer.Reset(agreed);
        Span<byte> information = stackalloc byte[32];
        int size = agreed.Write(information);
        return Reply(frame.Source, frame.Destination, HdlcCommand.UnnumberedAcknowledge, information[..size], output);
    }

    private int ReceiveInformation(HdlcFrame frame, Span<byte> output, out ReadOnlySpan<byte> apdu)
    {
        _ = _transfer.TryConfirm(frame.Control.ReceiveNumber);
        if (frame.Control.SendNumber == _transfer.ReceiveNumber) _transfer.DropOutgoing();
        _transfer.Receive(frame);
        if (frame.Control.PollFinal && _transfer.TryTakeApdu(out apdu)) return 0;
        apdu = default;
        return frame.Control.PollFinal ? WriteTurn(output) : 0;
    }

    private int WriteTurn(Span<byte> output)
    {
        int written = _transfer.WriteWindow(Client, _addressUsed, output);
        if (written > 0) return written;
        var ready = new HdlcFrame
        {
            Destination = Client,
            Source = _addressUsed,
            Control = new HdlcControl(HdlcCommand.ReceiveReady, PollFinal: true, 0, _transfer.ReceiveNumber),
            HasKnownControl = true,
        };
        return ready.Write(output);
    }

    private static int Reply(HdlcAddress client, HdlcAddress server, HdlcCommand command, ReadOnlySpan<byte> information, Span<byte> output)
    {
        var frame = new HdlcFrame
        {
            Destination = client, Source = server, Control = new HdlcControl(command, PollFinal: true), HasKnownControl = true, Information = information,
        };
        return frame.Write(output);
    }
}
