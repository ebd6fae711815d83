using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Bench.Torture;

/// <summary>Which link is mistreated.</summary>
internal enum TortureKind
{
    /// <summary>Wrapper over UDP.</summary>
    Datagrams = 0,
    /// <summary>Wrapper over TCP.</summary>
    Stream = 1,
    /// <summary>HDLC.</summary>
    Hdlc = 2,
}

/// <summary>How operations over a bad line ended.</summary>
/// <param name="Right">With the right value, or with the token entered.</param>
/// <param name="Clear">With an error that says so.</param>
/// <param name="Wrong">With a wrong value, or said to be done when it was not.</param>
/// <param name="Replayed">Tokens that reached the meter more often than the client sent them.</param>
/// <param name="CreditedTwice">Credits beyond one for each token.</param>
/// <param name="Hung">Not within an hour of virtual time.</param>
internal readonly record struct TortureResult(int Right, int Clear, int Wrong, int Replayed, int CreditedTwice, int Hung);

/// <summary>Profile reads and token entries, ciphered, over a line that loses, doubles, reorders, delays, damages and cuts, in virtual time.</summary>
internal sealed class LinkTorture
{
    private const long SilenceMs = 4_000;
    private const int Attempts = 6;
    private const long HungMs = 3_600_000;
    private static readonly AttributeDescriptor Profile = new(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2);
    private static readonly MethodDescriptor Enter = new(InterfaceClass.TokenGateway, SampleMeter.Gateway, 1);
    private readonly VirtualTime _time = new();
    private readonly SampleMeter _meter;
    private readonly TortureLink _link;
    private readonly TransmitCounter _transmit = new();
    private readonly ReceiveCounter _receive = new();
    private readonly CipherKey _key;
    private readonly byte[] _right;
    private readonly byte[] _request = new byte[8_192];
    private readonly byte[] _answer = new byte[8_192];
    private DlmsClient _client;
    private bool _associated;
    private int _sent;

    private LinkTorture(TortureKind kind, uint seed, CipherKey key)
    {
        _key = key;
        _meter = new SampleMeter(_time);
        BenchLine plain = BenchLine.Reading(_time);
        plain.Read(Profile);
        _right = plain.Client.Value.Encoded.ToArray();
        _link = kind switch
        {
            TortureKind.Datagrams => new DatagramTorture(_meter.Server, _time, new TortureRelay(_time, seed, new LineFaults(12, 6, 2, 4, 0))),
            TortureKind.Stream => new StreamTorture(_meter.Server, _time, new TortureRelay(_time, seed, new LineFaults(0, 0, 0, 0, 6))),
            _ => new HdlcTorture(_meter.Server, _time, new TortureRelay(_time, seed, new LineFaults(4, 1, 4, 0, 0))),
        };
        _client = NewClient();
    }

    /// <summary>Runs operations, half of them profile reads; the same seed gives the same end.</summary>
    public static TortureResult Run(TortureKind kind, int operations, uint seed)
    {
        using var key = new CipherKey(SecuritySuite.Suite0, SampleMeter.Encryption, SampleMeter.Authentication);
        return new LinkTorture(kind, seed == 0 ? 1 : seed, key).Run(operations);
    }

    private TortureResult Run(int operations)
    {
        (int right, int clear, int wrong, int replayed, int hung) = (0, 0, 0, 0, 0);
        int tokens = 0;
        for (int i = 0; i < operations; i++)
        {
            long start = _time.NowMs;
            bool token = (i & 1) == 0;
            (int entered, _sent) = (_meter.Entered, 0);
            ClientFailure end = Operate(token, tokens);
            if (token) tokens++;
            bool holds = token ? _meter.HasEntered(Digits(tokens - 1)) : _client.Value.Encoded.SequenceEqual(_right);
            if (end.Kind != ClientFailureKind.None) clear++;
            else if (holds) right++;
            else wrong++;
            if (_meter.Entered - entered > _sent) replayed++;
            if (_time.NowMs - start > HungMs) hung++;
            _ = _link.Server.Expire();
        }

        return new TortureResult(right, clear, wrong, replayed, Math.Max(0, _meter.Credits - tokens), hung);
    }

    // What a head-end does: associate where needed, ask, and begin anew where the association was lost.
    private ClientFailure Operate(bool token, int number)
    {
        ClientFailure last = default;
        for (int attempt = 0; attempt < 4; attempt++)
        {
            last = Associate();
            if (last.Kind != ClientFailureKind.None) continue;
            last = Exchange(token ? AskToken(number) : _client.Read(Profile, default, _request));
            if (last.Kind == ClientFailureKind.None) return last;
            _associated = false;
        }

        return last;
    }

    private int AskToken(int number)
    {
        var writer = new AxdrWriter(stackalloc byte[16]);
        Span<byte> bcd = stackalloc byte[10];
        _ = TokenCoding.TryEncodeBcd(Digits(number), bcd);
        writer.OctetString(bcd);
        _ = DataView.TryReadWhole(writer.Written, out DataView parameter);
        return _client.Invoke(Enter, parameter, _request);
    }

    private ClientFailure Associate()
    {
        if (_associated) return default;
        if (!_link.Open()) return new ClientFailure(ClientFailureKind.NoAnswer);
        _client = NewClient();
        ClientFailure end = Exchange(_client.Associate(_request));
        _associated = end.Kind == ClientFailureKind.None;

        // Damaged proofs look like guesses; the meter locks for a while, and the head-end comes back later.
        if (!_associated) _time.AdvanceTo(_time.NowMs + 61_000);
        return end;
    }

    private ClientFailure Exchange(int size)
    {
        int attempt = 1;
        for (int turn = 0; turn < 10_000 && size > 0; turn++)
        {
            for (; size > 0; size = _client.Continue(_request)) Send(size);
            ClientStep step = Answer(out size, out bool lost);
            if (step == ClientStep.Done) return default;
            if (step == ClientStep.Failed) return _client.Failure;
            if (lost) return new ClientFailure(ClientFailureKind.NoAnswer);
            if (step == ClientStep.Send) attempt = 1;
            else size = attempt++ < Attempts ? _client.Repeat(_request) : 0;
        }

        return new ClientFailure(ClientFailureKind.NoAnswer);
    }

    private void Send(int size)
    {
        _sent++;
        _link.Send(_request.AsSpan(0, size));
    }

    private ClientStep Answer(out int size, out bool lost)
    {
        (size, lost) = (0, false);
        while (true)
        {
            int received = _link.Receive(_answer, SilenceMs);
            lost = received == TortureLink.Lost;
            if (received <= 0) return ClientStep.Ignored;
            ClientStep step = _client.Take(_answer.AsSpan(0, received), _request, out size);
            if (step != ClientStep.Ignored) return step;
        }
    }

    private DlmsClient NewClient() => new(SampleMeter.Management(_key, _transmit, _receive, maxPdu: 1_024));

    private static string Digits(int number) => (10_000_000_000_000_000_000UL + (ulong)number).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
