using System.Collections.Immutable;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Tests;

/// <summary>The least of a meter that a head-end can talk to: opens envelopes, remembers tokens, answers.</summary>
internal sealed class FakeMeter(int number)
{
    private readonly HashSet<TokenFingerprint> _known = [];
    private ReplayWindow _window;
    private uint _counter;

    public MeterPan Pan { get; } = TestMeters.Pan(number);

    /// <summary>How often each token raised the credit: more than once is the one thing that must never happen.</summary>
    public Dictionary<TokenFingerprint, int> Credited { get; } = [];

    public TokenStatus? Refuses { get; set; }

    public CommandStatus CommandAnswer { get; set; }

    public RelayReport Relay { get; set; } = RelayReport.Connected;

    public long BalanceMilli { get; set; }

    public List<MeterMessage> Heard { get; } = [];

    /// <summary>What the meter answers; null when it stays silent.</summary>
    public byte[]? Hear(ReadOnlyMemory<byte> datagram)
    {
        using var key = new MessageKey(TestMeters.MessageKey(number));
        if (MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, datagram.Span, out uint counter, out ReadOnlySpan<byte> body) != EnvelopeResult.Opened) return null;
        if (!_window.TryAccept(counter, out ReplayWindow next) || !MeterMessageCodec.TryDecode(body, out MeterMessage? message)) return null;
        _window = next;
        Heard.Add(message!);
        return message switch
        {
            MeterMessage.TokenPush m => Say(Enter(m.Sequence, m.Token)),
            MeterMessage.KeyChangeSetPush m => Say(new MeterMessage.KeyChangeSetResult(m.Sequence, [.. m.Tokens.Select(_ => Refuses ?? TokenStatus.Accepted)])),
            MeterMessage.RelayCommand m => Say(Switch(m)),
            MeterMessage.ParameterSet m => Say(new MeterMessage.CommandResult(m.Sequence, CommandAnswer, Relay)),
            _ => null,
        };
    }

    /// <summary>A token typed at the keypad; the meter reports it by itself.</summary>
    public byte[] Type(TokenNumber token) => Say(Enter(0, Bytes(token)));

    public byte[] Say(MeterMessage message)
    {
        using var key = new MessageKey(TestMeters.MessageKey(number));
        return MessageEnvelope.Seal(key, MessageDirection.FromMeter, ++_counter, MeterMessageCodec.Encode(message));
    }

    public static MeterMessage.Reading ReadingAt(DateTimeOffset at, long energyWh = 1_000, long balanceMilli = 5_000, RelayReport relay = RelayReport.Connected) => new()
    {
        Timestamp = at.ToUnixTimeSeconds(), EnergyWh = energyWh, BalanceMilli = balanceMilli, Relay = relay, PowerW = 500, VoltageDeciV = 2_300, CurrentMa = 2_200,
    };

    public static MeterMessage.EventReport EventAt(DateTimeOffset at, uint code) =>
        new(ImmutableArray.Create(new EventEntry(code, at.ToUnixTimeSeconds(), 7)));

    public static TokenBytes Bytes(TokenNumber token)
    {
        byte[] nine = new byte[TokenBytes.Length];
        token.WriteBytes(nine);
        return TokenBytes.TryRead(nine, out TokenBytes bytes) ? bytes : throw new InvalidOperationException();
    }

    private MeterMessage.TokenResult Enter(uint sequence, TokenBytes token)
    {
        TokenFingerprint name = token.Fingerprint();
        if (Refuses is { } refused) return new MeterMessage.TokenResult(sequence, refused, BalanceMilli, name);
        if (!_known.Add(name)) return new MeterMessage.TokenResult(sequence, TokenStatus.UsedError, BalanceMilli, name);
        Credited[name] = Credited.GetValueOrDefault(name) + 1;
        BalanceMilli += 10_000;
        return new MeterMessage.TokenResult(sequence, TokenStatus.Accepted, BalanceMilli, name);
    }

    private MeterMessage.CommandResult Switch(MeterMessage.RelayCommand command)
    {
        if (CommandAnswer == CommandStatus.Done) Relay = command.Action == RelayAction.Reconnect ? RelayReport.Connected : RelayReport.Disconnected;
        return new MeterMessage.CommandResult(command.Sequence, CommandAnswer, Relay);
    }
}
