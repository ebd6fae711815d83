using System.Buffers;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Bench;

/// <summary>A client and a meter joined back to back.</summary>
internal sealed class BenchLine
{
    private const int MaxTurns = 10_000;
    private readonly byte[] _request = new byte[8192];
    private readonly byte[] _answer = new byte[8192];
    private readonly ushort _address;
    private int _answerSize;

    public BenchLine(SampleMeter meter, ushort address, DlmsClientOptions options)
        : this(meter, meter.Server, address, options)
    {
    }

    public BenchLine(SampleMeter meter, DlmsServer server, ushort address, DlmsClientOptions options)
    {
        (Meter, _address) = (meter, address);
        Client = new DlmsClient(options);
        Connection = server.Open();
    }

    public SampleMeter Meter { get; }

    public DlmsClient Client { get; }

    public ServerConnection Connection { get; }

    /// <summary>Round trips of the last exchange.</summary>
    public int Turns { get; private set; }

    /// <summary>The last step that the client took.</summary>
    public ClientStep Step { get; private set; }

    public static BenchLine Management(TimeProvider time, CipherKey key, ushort maxPdu = 4096)
    {
        var line = new BenchLine(
            new SampleMeter(time), 1, SampleMeter.Management(key, new TransmitCounter(), new ReceiveCounter(), maxPdu));
        line.Associate();
        return line;
    }

    public static BenchLine Reading(TimeProvider time, ushort maxPdu = 4096)
    {
        var options = new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = SampleMeter.Password, MaxReceivePdu = maxPdu };
        var line = new BenchLine(new SampleMeter(time), 32, options);
        line.Associate();
        return line;
    }

    public int Associate() => Exchange(Client.Associate(_request));

    public int Read(AttributeDescriptor attribute, SelectiveAccess selection = default) => Exchange(Client.Read(attribute, selection, _request));

    public int Release() => Exchange(Client.Release(_request));

    public int Session()
    {
        int octets = Associate();
        return octets + Release();
    }

    public byte[] LastAnswer(AttributeDescriptor attribute)
    {
        Read(attribute);
        return _answer[.._answerSize];
    }

    /// <summary>Carries requests and answers until the client is done; returns the octets both ways, without any link.</summary>
    public int Exchange(int requestSize)
    {
        int octets = 0;
        Step = ClientStep.Failed;
        Turns = 0;
        for (int turn = 0; requestSize > 0 && turn < MaxTurns; turn++)
        {
            octets += requestSize;
            Step = ClientStep.Ignored;
            int next = Turn(requestSize, ref octets);
            while (Step == ClientStep.Ignored && (requestSize = Client.Continue(_request)) > 0)
            {
                octets += requestSize;
                next = Turn(requestSize, ref octets);
            }

            if (Step != ClientStep.Send) break;
            requestSize = next;
        }

        return octets;
    }

    // Hands one request over and takes every APDU that comes back.
    private int Turn(int requestSize, ref int octets)
    {
        int next = 0;
        Turns++;
        _answerSize = Connection.Process(_address, _request.AsSpan(0, requestSize), _answer);
        for (int size = _answerSize; size > 0; size = Connection.Continue(_address, _answer))
        {
            octets += size;
            Step = Client.Take(_answer.AsSpan(0, size), _request, out int written);
            if (written > 0) next = written;
            if (Step is ClientStep.Done or ClientStep.Failed) break;
        }

        return next;
    }

    public Span<byte> RequestBuffer => _request;
}

/// <summary>Carries an APDU through two HDLC stations at the default frame length and window.</summary>
internal sealed class BenchHdlc
{
    private readonly byte[] _apdu;
    private readonly byte[] _out = new byte[4096];
    private readonly byte[] _back = new byte[4096];
    private readonly HdlcClientStation _client;
    private readonly HdlcServerStation _server;

    public BenchHdlc(byte[] apdu)
    {
        _apdu = apdu;
        HdlcAddress server = HdlcAddress.Server(1, 17);
        _client = new HdlcClientStation(HdlcAddress.Client(1), server, HdlcParameters.Default, 8192);
        _server = new HdlcServerStation(server, HdlcParameters.Default, 8192);
        Run(_client.Connect(_out));
    }

    public int Received { get; private set; }

    public int Carry() => Run(_client.Send("\xC0\x01"u8, _out));

    private int Run(int outgoing)
    {
        int octets = 0;
        while (outgoing > 0)
        {
            int back = 0;
            int position = 0;
            while (HdlcFrame.Read(_out.AsSpan(position, outgoing - position), out HdlcFrame frame, out int used) == OperationStatus.Done)
            {
                position += used;
                int size = _server.Receive(frame, _back.AsSpan(back), out ReadOnlySpan<byte> request);
                back += request.IsEmpty ? size : _server.Respond(_apdu, _back.AsSpan(back));
            }

            octets += outgoing + back;
            outgoing = 0;
            position = 0;
            while (HdlcFrame.Read(_back.AsSpan(position, back - position), out HdlcFrame frame, out int used) == OperationStatus.Done)
            {
                position += used;
                HdlcClientEvent happened = _client.Receive(frame, _out, out outgoing, out ReadOnlySpan<byte> apdu);
                if (happened == HdlcClientEvent.ApduReceived) Received = apdu.Length;
            }
        }

        return octets;
    }
}
