using System.Buffers;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Server;

namespace Latchkey.Dlms.Bench.Torture;

/// <summary>One kind of link over a relay, with the meter's server at its other end.</summary>
internal abstract class TortureLink(DlmsServer server, VirtualTime time, TortureRelay relay)
{
    public const int Lost = -1;
    protected const ushort Client = 1;
    private readonly byte[] _answer = new byte[8_192];

    protected VirtualTime Time { get; } = time;

    protected TortureRelay Relay { get; } = relay;

    public ServerConnection Server { get; protected set; } = server.Open();

    /// <summary>Opens what lies below the association; false when that does not succeed in time.</summary>
    public abstract bool Open();

    public abstract void Send(ReadOnlySpan<byte> apdu);

    /// <summary>The next APDU; 0 after a silence, <see cref="Lost"/> when the connection is gone.</summary>
    public abstract int Receive(Span<byte> apdu, long silenceMs);

    protected ServerConnection NewConnection() => server.Open();

    /// <summary>Serves an APDU and hands every APDU of the answer on.</summary>
    protected void Serve(ReadOnlySpan<byte> apdu, Action<ReadOnlySpan<byte>> reply)
    {
        for (int size = Server.Process(Client, apdu, _answer); size > 0; size = Server.Continue(Client, _answer)) reply(_answer.AsSpan(0, size));
    }
}

/// <summary>The wrapper in datagrams that are lost, doubled, late and damaged.</summary>
internal sealed class DatagramTorture(DlmsServer server, VirtualTime time, TortureRelay relay) : TortureLink(server, time, relay)
{
    public override bool Open() => true;

    public override void Send(ReadOnlySpan<byte> apdu) => Wrap(toServer: true, apdu);

    public override int Receive(Span<byte> apdu, long silenceMs)
    {
        long until = Time.NowMs + silenceMs;
        while (Relay.TryArrive(until, out TortureRelay.Packet packet))
        {
            if (!WrapperFrame.TryReadDatagram(packet.Octets, ushort.MaxValue, out WrapperFrame frame)) continue;
            if (packet.ToServer)
            {
                if (frame.SourcePort == Client && frame.DestinationPort == 1) Serve(frame.Apdu, answer => Wrap(toServer: false, answer));
                continue;
            }

            if (frame.DestinationPort == Client && frame.Apdu.TryCopyTo(apdu)) return frame.Apdu.Length;
        }

        return 0;
    }

    private void Wrap(bool toServer, ReadOnlySpan<byte> apdu)
    {
        byte[] datagram = new byte[apdu.Length + WrapperFrame.HeaderSize];
        new WrapperFrame { SourcePort = toServer ? Client : (ushort)1, DestinationPort = toServer ? (ushort)1 : Client, Apdu = apdu }.Write(datagram);
        Relay.Send(toServer, datagram);
    }
}

/// <summary>The wrapper over a connection that is cut at any packet.</summary>
internal sealed class StreamTorture(DlmsServer server, VirtualTime time, TortureRelay relay) : TortureLink(server, time, relay)
{
    private bool _open;

    public override bool Open()
    {
        Cut();
        Server = NewConnection();
        return _open = true;
    }

    public override void Send(ReadOnlySpan<byte> apdu)
    {
        if (_open) Relay.Send(toServer: true, apdu);
    }

    public override int Receive(Span<byte> apdu, long silenceMs)
    {
        long until = Time.NowMs + silenceMs;
        while (_open && Relay.TryArrive(until, out TortureRelay.Packet packet))
        {
            if (packet.IsCut)
            {
                Cut();
                return Lost;
            }

            if (packet.ToServer) Serve(packet.Octets, answer => Relay.Send(toServer: false, answer));
            else if (packet.Octets.AsSpan().TryCopyTo(apdu)) return packet.Octets.Length;
        }

        return _open ? 0 : Lost;
    }

    private void Cut()
    {
        _open = false;
        Relay.Drop();
        Server.Close();
    }
}

/// <summary>HDLC on a serial line that loses and damages frames.</summary>
internal sealed class HdlcTorture : TortureLink
{
    private const long ResponseMs = 1_500;
    private static readonly HdlcAddress Address = HdlcAddress.Server(1, 17);
    private static readonly HdlcParameters Usual = new(128, 128, 3, 3);
    private readonly HdlcClientStation _client = new(HdlcAddress.Client((byte)Client), Address, Usual, 8_192);
    private readonly HdlcServerStation _server = new(Address, Usual, 8_192);
    private readonly byte[] _clientOut = new byte[16_384];
    private readonly byte[] _serverOut = new byte[16_384];
    private bool _hasTurn;

    public HdlcTorture(DlmsServer server, VirtualTime time, TortureRelay relay)
        : base(server, time, relay)
    {
    }

    public override bool Open()
    {
        for (int attempt = 0; attempt < 20; attempt++)
        {
            Send(toServer: true, _clientOut.AsSpan(0, _client.Connect(_clientOut)));
            if (Pump(default, ResponseMs, out _) == HdlcClientEvent.Connected) return true;
        }

        return false;
    }

    public override void Send(ReadOnlySpan<byte> apdu)
    {
        _hasTurn = false;
        Send(toServer: true, _clientOut.AsSpan(0, _client.Send(apdu, _clientOut)));
    }

    public override int Receive(Span<byte> apdu, long silenceMs)
    {
        long until = Time.NowMs + silenceMs;
        while (Time.NowMs < until)
        {
            if (_hasTurn) Send(toServer: true, _clientOut.AsSpan(0, _client.Poll(_clientOut)));
            _hasTurn = true;
            HdlcClientEvent happened = Pump(apdu, ResponseMs, out int size);
            if (happened == HdlcClientEvent.ApduReceived) return size;
            if (happened is HdlcClientEvent.Disconnected or HdlcClientEvent.Rejected) return Lost;
        }

        return 0;
    }

    private HdlcClientEvent Pump(Span<byte> apdu, long silenceMs, out int size)
    {
        size = 0;
        long until = Time.NowMs + silenceMs;
        while (Relay.TryArrive(until, out TortureRelay.Packet packet))
        {
            if (HdlcFrame.Read(packet.Octets, out HdlcFrame frame, out _) != OperationStatus.Done) continue;
            if (packet.ToServer)
            {
                ServeFrame(frame);
                continue;
            }

            HdlcClientEvent happened = _client.Receive(frame, _clientOut, out int written, out ReadOnlySpan<byte> whole);
            if (written > 0) Send(toServer: true, _clientOut.AsSpan(0, written));
            if (happened == HdlcClientEvent.ApduReceived && whole.TryCopyTo(apdu)) size = whole.Length;
            if (happened is not (HdlcClientEvent.None or HdlcClientEvent.Send)) return happened;
            until = Time.NowMs + silenceMs;
        }

        return HdlcClientEvent.None;
    }

    private void ServeFrame(HdlcFrame frame)
    {
        bool starts = frame.HasKnownControl && frame.Control.Command == HdlcCommand.SetNormalResponseMode;
        int written = _server.Receive(frame, _serverOut, out ReadOnlySpan<byte> apdu);
        if (starts) Server.Close();
        if (!apdu.IsEmpty)
        {
            int answered = 0;
            Serve(apdu, answer => answered = _server.Respond(answer, _serverOut));
            written = answered;
        }

        Send(toServer: false, _serverOut.AsSpan(0, written));
    }

    // Frames travel one by one, as each has its own fate.
    private void Send(bool toServer, ReadOnlySpan<byte> frames)
    {
        while (HdlcFrame.Read(frames, out _, out int consumed) == OperationStatus.Done)
        {
            Relay.Send(toServer, frames[..(consumed + 1)]);
            frames = frames[consumed..];
        }
    }
}
