using System.Buffers;
using Latchkey.Dlms.Link.Hdlc;

namespace Latchkey.Dlms.Tests;

/// <summary>Two stations on a line that loses whole frames by a seed; the client polls after every silence. The server echoes each APDU.</summary>
internal sealed class LossyHdlcLine
{
    private readonly HdlcClientStation _client;
    private readonly HdlcServerStation _server;
    private readonly int _lossPercent;
    private readonly byte[] _clientOut = new byte[8192];
    private readonly byte[] _serverOut = new byte[8192];
    private uint _state;
    private byte[]? _received;

    public LossyHdlcLine(byte window, int lossPercent, uint seed)
    {
        var parameters = new HdlcParameters(64, 64, window, window);
        (_lossPercent, _state) = (lossPercent, seed | 1);
        _client = new HdlcClientStation(HdlcAddress.Client(1), HdlcAddress.Server(1, 17), parameters, 4096);
        _server = new HdlcServerStation(HdlcAddress.Server(1, 17), parameters, 4096);
    }

    public int Requests { get; private set; }

    public byte[]? Exchange(byte[] apdu)
    {
        for (int i = 0; i < 200 && !_client.IsConnected; i++) Turn(_client.Connect(_clientOut));
        Turn(_client.Send(apdu, _clientOut));
        for (int i = 0; i < 2000 && _received is null; i++) Turn(_client.Poll(_clientOut));
        return _received;
    }

    private void Turn(int outgoing)
    {
        while (outgoing > 0 && _received is null)
        {
            int back = ToServer(_clientOut.AsSpan(0, outgoing));
            outgoing = ToClient(_serverOut.AsSpan(0, back));
        }
    }

    private int ToServer(ReadOnlySpan<byte> octets)
    {
        int back = 0;
        while (HdlcFrame.Read(octets, out HdlcFrame frame, out int used) == OperationStatus.Done)
        {
            octets = octets[used..];
            if (IsLost()) continue;
            back += _server.Receive(frame, _serverOut.AsSpan(back), out ReadOnlySpan<byte> request);
            if (request.IsEmpty) continue;
            Requests++;
            back += _server.Respond(request.ToArray(), _serverOut.AsSpan(back));
        }

        return back;
    }

    private int ToClient(ReadOnlySpan<byte> octets)
    {
        int outgoing = 0;
        while (HdlcFrame.Read(octets, out HdlcFrame frame, out int used) == OperationStatus.Done)
        {
            octets = octets[used..];
            if (IsLost()) continue;
            if (_client.Receive(frame, _clientOut, out int written, out ReadOnlySpan<byte> apdu) == HdlcClientEvent.ApduReceived) _received = apdu.ToArray();
            outgoing = Math.Max(outgoing, written);
        }

        return outgoing;
    }

    private bool IsLost()
    {
        _state = unchecked((_state * 1_664_525) + 1_013_904_223);
        return (_state >> 8) % 100 < (uint)_lossPercent;
    }
}
