using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Slot;
using Latchkey.Meter.State;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.Meter.Messages;

/// <summary>Opens what the network sends, does what it asks, and answers under the meter's own key.</summary>
internal sealed class MessageDesk(MeterContext context, MessageKey key, TokenDesk tokens, SupplyControl supply)
{
    /// <summary>Counters are reserved in the memory this many at a time; a start of the meter skips what is left of them.</summary>
    private const uint CounterBlock = 64;
    private uint _counter;
    private ReplayWindow _window;

    /// <summary>Envelopes that were not authentic, replayed or not understood, since the start.</summary>
    public long Refused { get; private set; }

    /// <summary>Where answers go; set by the core, which owns both.</summary>
    public ModuleSlot? Slot { get; set; }

    public void Start()
    {
        _counter = context.State.ReservedCounter;
        _window = context.State.Incoming;
    }

    public void Receive(ReadOnlySpan<byte> envelope)
    {
        bool authentic = MessageEnvelope.TryOpen(key, MessageDirection.ToMeter, envelope, out uint counter, out ReadOnlySpan<byte> body) == EnvelopeResult.Opened;
        if (!authentic || !_window.TryAccept(counter, out ReplayWindow window) || !MeterMessageCodec.TryDecode(body, out MeterMessage? message))
        {
            Refused++;
            return;
        }

        _window = window;
        MeterMessage? answer = message switch
        {
            MeterMessage.TokenPush push => Enter(push),
            MeterMessage.KeyChangeSetPush push => Enter(push),
            MeterMessage.RelayCommand command => new MeterMessage.CommandResult(command.Sequence, supply.Remote(command.Action, window), Relay()),
            MeterMessage.ParameterSet set => new MeterMessage.CommandResult(set.Sequence, Set(set, window), Relay()),
            MeterMessage.ReadingRequest => Reading(),
            _ => null,
        };
        if (answer is null) Refused++;
        else Send(answer);
    }

    /// <summary>Seals and queues a message; false when no counter can be made durable.</summary>
    public bool Send(MeterMessage message)
    {
        if (_counter >= context.State.ReservedCounter
            && !context.Journal.TryCommit(new MeterTransaction.CounterReserved(context.State.ReservedCounter + CounterBlock))) return false;
        _counter++;
        Slot!.Send(MessageEnvelope.Seal(key, MessageDirection.FromMeter, _counter, MeterMessageCodec.Encode(message)));
        return true;
    }

    public MeterMessage.Reading Reading()
    {
        Metrology.MetrologyRegisters r = context.Shown;
        return new MeterMessage.Reading
        {
            Timestamp = context.Now.ClockSeconds,
            EnergyWh = r.ActiveImport / 1_000_000,
            BalanceMilli = context.Totals.BalanceMilli,
            Relay = Relay(),
            PowerW = (int)(r.ActiveMilliwatts / 1_000),
            VoltageDeciV = (int)(r.VoltageMillivolts / 100),
            CurrentMa = (int)TotalMilliamps(),
            GrantedMilli = context.Totals.GrantedMilli,
            ConsumedMilli = context.Totals.ConsumedMilli,
            OffReasons = (uint)supply.Decision.AllReasons,
            TamperBits = (uint)context.State.Tamper,
            FrequencyMilliHz = (int)r.FrequencyMillihertz,
            PowerFactorMilli = r.PowerFactorTenThousandths / 10,
        };
    }

    /// <summary>The meter's word on a token that was typed.</summary>
    public static MeterMessage.TokenResult Result(uint sequence, TokenReport report) =>
        new(sequence, report.Status, report.Balance.WattHours, report.Fingerprint);

    private MeterMessage.TokenResult Enter(MeterMessage.TokenPush push) => Result(push.Sequence, Enter(push.Token));

    private MeterMessage.KeyChangeSetResult Enter(MeterMessage.KeyChangeSetPush push) =>
        new(push.Sequence, [.. push.Tokens.Select(t => Enter(t).Status)]);

    private TokenReport Enter(TokenBytes bytes)
    {
        Span<byte> nine = stackalloc byte[TokenBytes.Length];
        bytes.WriteTo(nine);
        return TokenNumber.TryReadBytes(nine, out TokenNumber token)
            ? tokens.Enter(token, TokenSource.Remote)
            : new TokenReport(TokenStatus.FormatError, AcceptedEffect.None, default, context.Totals.Balance, TokenSource.Remote, bytes.Fingerprint(), context.Now.MonotonicMs);
    }

    private CommandStatus Set(MeterMessage.ParameterSet set, ReplayWindow window)
    {
        if (!ParameterRules.IsKnown(set.Parameter)) return CommandStatus.UnknownParameter;
        if (ParameterRules.Apply(context.State, set.Parameter, set.Value) is null) return CommandStatus.OutOfRange;
        if (!context.Journal.TryCommit(new MeterTransaction.ParameterChanged(set.Parameter, set.Value, window))) return CommandStatus.StorageFailure;
        context.Log(EventCode.ParameterSet, (long)set.Parameter);
        return CommandStatus.Done;
    }

    private long TotalMilliamps()
    {
        long sum = 0;
        foreach (ref readonly Metrology.MetrologyRegisters phase in context.ShownPhases) sum += phase.CurrentMilliamps;
        return sum;
    }

    private RelayReport Relay() => (RelayReport)supply.Decision.State;
}
