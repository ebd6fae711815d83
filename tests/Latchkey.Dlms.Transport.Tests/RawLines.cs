using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Transport.Tests;

/// <summary>A peer that can say anything over TCP.</summary>
internal sealed class RawTcp : IDisposable
{
    private const int WaitMs = 10_000;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = WaitMs };

    public RawTcp(IPEndPoint at) => _socket.Connect(at);

    public byte[] AssociateRequest()
    {
        byte[] buffer = new byte[256];
        var client = new DlmsClient(new DlmsClientOptions { Mechanism = Acse.AuthenticationMechanism.Low, Secret = SampleMeter.Password });
        return buffer[..client.Associate(buffer)];
    }

    public bool Associate()
    {
        Send(Wrap(32, AssociateRequest()));
        byte[] answer = Receive();
        return answer.Length > 0 && answer[0] == 0x61;
    }

    public byte[] Wrap(ushort client, ReadOnlySpan<byte> apdu)
    {
        byte[] frame = new byte[WrapperFrame.HeaderSize + apdu.Length];
        apdu.CopyTo(frame.AsSpan(WrapperFrame.HeaderSize));
        WrapperFrame.WriteHeader(frame, client, 1, apdu.Length);
        return frame;
    }

    public byte[] Exchange(ushort client, string hex)
    {
        Send(Wrap(client, Convert.FromHexString(hex)));
        return Receive();
    }

    public void Send(ReadOnlySpan<byte> octets) => _socket.Send(octets);

    public void TrySend(ReadOnlySpan<byte> octets)
    {
        try
        {
            _socket.Send(octets);
        }
        catch (SocketException)
        {
            // The other side closed while we were still talking.
        }
    }

    public byte[] Receive()
    {
        byte[] header = Exactly(WrapperFrame.HeaderSize);
        return header.Length == 0 ? [] : Exactly(BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(6)));
    }

    public bool IsClosed(int waitMs = WaitMs)
    {
        _socket.ReceiveTimeout = waitMs;
        try
        {
            return _socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is not (SocketError.TimedOut or SocketError.WouldBlock);
        }
        finally
        {
            _socket.ReceiveTimeout = WaitMs;
        }
    }

    public void Dispose() => _socket.Dispose();

    private byte[] Exactly(int count)
    {
        byte[] octets = new byte[count];
        int filled = 0;
        while (filled < count)
        {
            int size = _socket.Receive(octets.AsSpan(filled));
            if (size == 0) return [];
            filled += size;
        }

        return octets;
    }
}

/// <summary>A peer that can say anything over UDP.</summary>
internal sealed class RawUdp : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 10_000 };

    public RawUdp(IPEndPoint at) => _socket.Connect(at);

    public byte[] AssociateRequest()
    {
        byte[] buffer = new byte[256];
        var client = new DlmsClient(new DlmsClientOptions { Mechanism = Acse.AuthenticationMechanism.Low, Secret = SampleMeter.Password });
        return buffer[..client.Associate(buffer)];
    }

    public byte[] Exchange(ushort client, ReadOnlySpan<byte> apdu)
    {
        byte[] frame = new byte[WrapperFrame.HeaderSize + apdu.Length];
        apdu.CopyTo(frame.AsSpan(WrapperFrame.HeaderSize));
        WrapperFrame.WriteHeader(frame, client, 1, apdu.Length);
        _socket.Send(frame);
        byte[] answer = new byte[4096];
        return answer[WrapperFrame.HeaderSize.._socket.Receive(answer)];
    }

    public void Dispose() => _socket.Dispose();
}

/// <summary>The client's station on a stream.</summary>
internal sealed class RawHdlc(Stream stream)
{
    private readonly HdlcClientStation _station = new(HdlcAddress.Client(32), HdlcAddress.Server(1), new HdlcParameters(512, 512, 1, 1), 8192);
    private readonly byte[] _out = new byte[8192];
    private readonly List<byte> _pending = [];

    public bool Connect()
    {
        stream.ReadTimeout = 10_000;
        Send(_station.Connect(_out));
        while (!_station.IsConnected) Pump(out _);
        return true;
    }

    public ClientStep Exchange(DlmsClient client, byte[] request, int size)
    {
        ClientStep step = ClientStep.Send;
        while (step == ClientStep.Send)
        {
            Send(_station.Send(request.AsSpan(0, size), _out));
            byte[]? apdu;
            do Pump(out apdu);
            while (apdu is null);
            step = client.Take(apdu, request, out size);
        }

        return step;
    }

    private void Pump(out byte[]? apdu)
    {
        apdu = null;
        byte[] buffer = new byte[1024];
        int size = stream.Read(buffer);
        if (size == 0) throw new EndOfStreamException();
        _pending.AddRange(buffer.AsSpan(0, size));
        byte[] all = [.. _pending];
        int used = 0;
        while (HdlcFrame.Read(all.AsSpan(used), out HdlcFrame frame, out int consumed) == OperationStatus.Done)
        {
            used += consumed;
            if (_station.Receive(frame, _out, out int written, out ReadOnlySpan<byte> whole) == HdlcClientEvent.ApduReceived) apdu = whole.ToArray();
            if (written > 0) Send(written);
        }

        _pending.RemoveRange(0, used);
    }

    private void Send(int size) => stream.Write(_out.AsSpan(0, size));
}
