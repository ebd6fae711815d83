namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>What a client station made of a frame.</summary>
public enum HdlcClientEvent
{
    /// <summary>The frame was not for us or changed nothing: keep waiting.</summary>
    None = 0,
    /// <summary>Send what was written and wait on.</summary>
    Send = 1,
    /// <summary>The connection stands.</summary>
    Connected = 2,
    /// <summary>The connection has ended or was refused.</summary>
    Disconnected = 3,
    /// <summary>A whole APDU has arrived.</summary>
    ApduReceived = 4,
    /// <summary>The server rejected a frame: connect again.</summary>
    Rejected = 5,
}

/// <summary>The client's side of one HDLC connection: frames in, frames out, APDUs up and down.</summary>
/// <remarks>Source: IEC 62056-46, unbalanced normal response mode, primary station.</remarks>
public sealed class HdlcClientStation
{
    private readonly HdlcAddress _client;
    private readonly HdlcAddress _server;
    private readonly HdlcParameters _own;
    private readonly HdlcTransfer _transfer;
    private bool _connecting;

    /// <summary>A station that talks to one server and takes APDUs up to <paramref name="maxApdu"/> octets.</summary>
    public HdlcClientStation(HdlcAddress client, HdlcAddress server, HdlcParameters own, int maxApdu) =>
        (_client, _server, _own, _transfer) = (client, server, own, new HdlcTransfer(maxApdu));

    /// <summary>Whether the connection stands.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>What was negotiated, seen from the client.</summary>
    public HdlcParameters Parameters => _transfer.Parameters;

    /// <summary>Writes SNRM with this side's parameters.</summary>
    public int Connect(Span<byte> output)
    {
        Span<byte> information = stackalloc byte[32];
        int size = _own.Write(information);
        _connecting = true;
        IsConnected = false;
        return WriteCommand(HdlcCommand.SetNormalResponseMode, information[..size], output);
    }

    /// <summary>Writes DISC.</summary>
    public int Disconnect(Span<byte> output) => WriteCommand(HdlcCommand.Disconnect, default, output);

    /// <summary>Takes an APDU to send and writes its first window.</summary>
    public int Send(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!IsConnected) return 0;
        _transfer.Queue(Llc.Command, apdu);
        return _transfer.WriteWindow(_server, _client, output);
    }

    /// <summary>After a silence: asks the server where it stands. What it has not confirmed is then sent again with fresh numbers.</summary>
    public int Poll(Span<byte> output) => IsConnected ? WriteReady(output) : 0;

    /// <summary>Takes one frame and writes what must be sent at once.</summary>
    /// <param name="frame">A frame whose check sequences are right.</param>
    /// <param name="output">Room for a window of frames.</param>
    /// <param name="written">Octets to send.</param>
    /// <param name="apdu">The APDU with <see cref="HdlcClientEvent.ApduReceived"/>, valid until the next call.</param>
    public HdlcClientEvent Receive(HdlcFrame frame, Span<byte> output, out int written, out ReadOnlySpan<byte> apdu)
    {
        written = 0;
        apdu = default;
        bool ours = frame.HasKnownControl && frame.Destination.IsSamePlaceAs(_client) && frame.Source.IsSamePlaceAs(_server);
        if (!ours) return HdlcClientEvent.None;
        return frame.Control.Command switch
        {
            HdlcCommand.UnnumberedAcknowledge => Acknowledged(frame),
            HdlcCommand.DisconnectMode => Ended(HdlcClientEvent.Disconnected),
            HdlcCommand.FrameReject => Ended(HdlcClientEvent.Rejected),
            HdlcCommand.Information when IsConnected => Information(frame, output, ref written, ref apdu),
            HdlcCommand.ReceiveReady when IsConnected => Ready(frame, output, ref written),
            _ => HdlcClientEvent.None,
        };
    }

    private HdlcClientEvent Acknowledged(HdlcFrame frame)
    {
        if (!_connecting) return Ended(HdlcClientEvent.Disconnected);
        if (!HdlcParameters.TryRead(frame.Information, out HdlcParameters settled)) return HdlcClientEvent.None;
        (_connecting, IsConnected) = (false, true);
        _transfer.Reset(_own.NegotiateWith(settled));
        return HdlcClientEvent.Connected;
    }

    private HdlcClientEvent Ended(HdlcClientEvent how)
    {
        IsConnected = false;
        _transfer.Reset(HdlcParameters.Default);
        return how;
    }

    private HdlcClientEvent Information(HdlcFrame frame, Span<byte> output, ref int written, ref ReadOnlySpan<byte> apdu)
    {
        _ = _transfer.TryConfirm(frame.Control.ReceiveNumber);
        _transfer.Receive(frame);
        if (!frame.Control.PollFinal) return HdlcClientEvent.None;
        if (_transfer.TryTakeApdu(out apdu)) return HdlcClientEvent.ApduReceived;
        written = WriteReady(output);
        return HdlcClientEvent.Send;
    }

    private HdlcClientEvent Ready(HdlcFrame frame, Span<byte> output, ref int written)
    {
        if (!_transfer.TryConfirm(frame.Control.ReceiveNumber) || !frame.Control.PollFinal) return HdlcClientEvent.None;
        written = _transfer.HasOutgoing ? _transfer.WriteWindow(_server, _client, output) : WriteReady(output);
        return HdlcClientEvent.Send;
    }

    private int WriteReady(Span<byte> output)
    {
        var ready = new HdlcFrame
        {
            Destination = _server,
            Source = _client,
            Control = new HdlcControl(HdlcCommand.ReceiveReady, PollFinal: true, 0, _transfer.ReceiveNumber),
            HasKnownControl = true,
        };
        return ready.Write(output);
    }

    private int WriteCommand(HdlcCommand command, ReadOnlySpan<byte> information, Span<byte> output)
    {
        var frame = new HdlcFrame
        {
            Destination = _server, Source = _client, Control = new HdlcControl(command, PollFinal: true), HasKnownControl = true, Information = information,
        };
        return frame.Write(output);
    }
}
