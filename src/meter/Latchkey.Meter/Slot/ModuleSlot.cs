using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Scheduling;
using Latchkey.ModuleLink.Frames;

namespace Latchkey.Meter.Slot;

/// <summary>How far the module in the slot has got.</summary>
public enum SlotState : byte
{
    Empty = 0,

    /// <summary>Present, the contacts settle.</summary>
    Inserted = 1,

    /// <summary>Powered and asked who it is.</summary>
    Identifying = 2,
    Ready = 3,

    /// <summary>Cut off after drawing too much; tried again later.</summary>
    CutOff = 4,
}

/// <summary>
/// The meter's side of the communication slot: any module, at any time. Everything the module says is untrusted; nothing it does or
/// fails to do reaches metering, credit or the keypad.
/// </summary>
internal sealed class ModuleSlot(MeterContext context, IModulePort port, SlotLimits limits, WorkMeter work, Action<ReadOnlyMemory<byte>> onMessage)
{
    public const int QueueLimit = 64;
    private const int SettleMs = 200;
    private const int AnswerMs = 3_000;
    private const int RegistersEveryMs = 1_000;
    private const int SendAttempts = 3;
    private const int HashBlock = 64;

    /// <summary>An HMAC hashes two blocks more for the key inside, and two for the outside.</summary>
    private const int HashOverhead = 4;
    private const int MaxCurrentMa = 800;
    private const int OverCurrentMs = 100;
    private static readonly int[] RetryMs = [10_000, 60_000, 600_000];

    private readonly FrameAssembler _assembler = new();
    private readonly LinkedList<byte[]> _outgoing = new();
    private readonly byte[] _buffer = new byte[512];
    private long _sinceMs;
    private long _sentMs;
    private long _registersMs = -RegistersEveryMs;
    private long _overSinceMs = -1;
    private int _attempts;
    private int _cutOffs;
    private byte _sequence;
    private bool _waiting;
    private int _messagesLeft;

    public SlotState State { get; private set; }

    public CapabilityDescriptor? Descriptor { get; private set; }

    /// <summary>What the module last said of its link: dBm, coverage class, registered.</summary>
    public (int RssiDbm, byte CoverageClass, bool Registered) Link { get; private set; }

    /// <summary>What a module with a field bus is given to show there; set by the core.</summary>
    public Func<byte[]>? Registers { get; set; }

    /// <summary>Messages that wait for the module.</summary>
    public int Waiting => _outgoing.Count;

    /// <summary>Bytes that belonged to no frame, since the start.</summary>
    public long GarbageBytes => _assembler.GarbageBytes;

    /// <summary>Messages dropped because the queue was full.</summary>
    public long Dropped { get; private set; }

    /// <summary>A sealed message for the network; the oldest gives way when nobody takes them.</summary>
    public void Send(byte[] message)
    {
        _outgoing.AddLast(message);
        if (_outgoing.Count <= QueueLimit) return;
        // The first may be under way; the second is the oldest that is not.
        _outgoing.Remove(_waiting ? _outgoing.First!.Next! : _outgoing.First!);
        Dropped++;
    }

    /// <summary>Warns the module that its rail goes away.</summary>
    public void WarnOfPowerLoss()
    {
        if (State == SlotState.Ready) Write(FrameType.PowerWarning, 0, []);
    }

    /// <summary>The rail was down for a moment: what is in the slot is asked anew, as if it had just been plugged in.</summary>
    public void PowerWasLost()
    {
        if (State is SlotState.Empty or SlotState.CutOff) return;
        (Descriptor, _waiting, _overSinceMs) = (null, false, -1);
        Link = default;
        _assembler.Reset();
        Enter(SlotState.Inserted, context.Now.MonotonicMs);
    }

    /// <summary>When a module that draws too much must be cut; nothing else in the slot is pressing.</summary>
    public long CutDeadlineMs => _overSinceMs >= 0 ? _overSinceMs + OverCurrentMs : long.MaxValue;

    /// <summary>When the slot wants to be polled again without bytes arriving, on the monotonic clock.</summary>
    public long NextDeadlineMs => State switch
    {
        SlotState.Empty => long.MaxValue,
        SlotState.Inserted => _sinceMs + SettleMs,
        SlotState.CutOff => _sinceMs + RetryMs[Math.Min(_cutOffs, RetryMs.Length) - 1],
        SlotState.Identifying => _sentMs + AnswerMs,
        _ => _waiting ? _sentMs + AnswerMs : long.MaxValue,
    };

    public void Poll()
    {
        long began = work.Elapsed;
        Look();
        work.EndSlot(began);
    }

    private void Look()
    {
        long now = context.Now.MonotonicMs;
        if (!port.IsPresent)
        {
            if (State != SlotState.Empty) Remove();
            return;
        }

        if (WatchCurrent(now)) return;
        // A good name is no proof: a module that identifies itself and then draws too much waits longer each time.
        if (State == SlotState.Ready && now - _sinceMs >= RetryMs[^1]) _cutOffs = 0;
        switch (State)
        {
            case SlotState.Empty: Enter(SlotState.Inserted, now); break;
            case SlotState.Inserted when now - _sinceMs >= SettleMs: PowerUp(now); break;
            case SlotState.CutOff when now >= NextDeadlineMs: PowerUp(now); break;
            case SlotState.Identifying or SlotState.Ready: Converse(now); break;
        }
    }

    private void Converse(long now)
    {
        Receive();
        if (State == SlotState.Identifying && now - _sentMs >= AnswerMs) Ask(now);
        if (State != SlotState.Ready) return;
        Transmit(now);
        if (Descriptor is not { Kind: ModuleKind.Rs485 } || Registers is null || now - _registersMs < RegistersEveryMs) return;
        _registersMs = now;
        Write(FrameType.Registers, 0, Registers());
    }

    private void PowerUp(long now)
    {
        port.Powered = true;
        // A short shows at once; whoever waited a second to look would not cut it within 100 ms.
        if (port.CurrentMa > MaxCurrentMa) _overSinceMs = now;
        Enter(SlotState.Identifying, now);
        Ask(now);
    }

    private void Ask(long now)
    {
        _sentMs = now;
        Write(FrameType.Identify, _sequence = unchecked((byte)(_sequence + 1)), []);
    }

    private void Transmit(long now)
    {
        if (_waiting && now - _sentMs < AnswerMs) return;
        if (_waiting && ++_attempts >= SendAttempts)
        {
            // A module that takes nothing gets the next message, so that one that it chokes on does not block the rest.
            Forget();
        }

        if (_outgoing.First is not { } first) return;
        if (!_waiting) (_attempts, _sequence) = (0, (byte)((_sequence + 1) & 0xFF));
        _waiting = true;
        _sentMs = now;
        Write(FrameType.FromMeter, _sequence, first.Value);
    }

    private void Receive()
    {
        int bytes = limits.Bytes;
        int frames = limits.Frames;
        long checkedBefore = _assembler.CheckedBytes;
        long mark = checkedBefore + limits.CheckedBytes;
        _messagesLeft = limits.Messages;
        while (true)
        {
            while (frames > 0 && _messagesLeft > 0 && _assembler.TryTake(mark, out ModuleFrame frame))
            {
                frames--;
                Take(frame);
            }

            bool spent = frames <= 0 || _messagesLeft <= 0 || bytes <= 0 || _assembler.CheckedBytes >= mark;
            int count = spent ? 0 : port.Read(_buffer.AsSpan(0, Math.Min(_buffer.Length, Math.Min(bytes, _assembler.Free))));
            if (count == 0) break;
            bytes -= count;
            work.Charge(WorkKind.ModuleByte, count);
            _assembler.Push(_buffer.AsSpan(0, count));
        }

        work.Charge(WorkKind.CheckedByte, _assembler.CheckedBytes - checkedBefore);
    }

    private void Take(in ModuleFrame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Descriptor when State == SlotState.Identifying && CapabilityDescriptor.TryDecode(frame.Payload, out CapabilityDescriptor? descriptor):
                Descriptor = descriptor;
                Enter(SlotState.Ready, context.Now.MonotonicMs);
                context.Log(EventCode.ModuleInserted, (long)descriptor!.Kind);
                break;
            case FrameType.ToMeter when State == SlotState.Ready:
                Write(FrameType.Taken, frame.Sequence, []);
                _messagesLeft--;
                work.Charge(WorkKind.HashedBlock, HashOverhead + (frame.Payload.Length / HashBlock));
                onMessage(frame.Payload.ToArray());
                break;
            case FrameType.Taken when _waiting && frame.Sequence == _sequence: Forget(); break;
            case FrameType.Refused when _waiting && frame.Sequence == _sequence: _attempts = 0; break;
            case FrameType.Ping: Write(FrameType.Taken, frame.Sequence, []); break;
            case FrameType.LinkState when frame.Payload.Length == 3:
                Link = (unchecked((sbyte)frame.Payload[0]), frame.Payload[1], frame.Payload[2] == 1);
                break;
        }
    }

    private void Forget()
    {
        _waiting = false;
        if (_outgoing.Count > 0) _outgoing.RemoveFirst();
    }

    /// <summary>True while the rail is or becomes cut: more than 0.8 A for 100 ms.</summary>
    private bool WatchCurrent(long now)
    {
        if (!port.Powered || port.CurrentMa <= MaxCurrentMa)
        {
            _overSinceMs = -1;
            return false;
        }

        if (_overSinceMs < 0) _overSinceMs = now;
        if (now - _overSinceMs < OverCurrentMs) return false;
        context.Log(EventCode.ModuleFault, port.CurrentMa);
        port.Powered = false;
        _cutOffs++;
        Enter(SlotState.CutOff, now);
        return true;
    }

    private void Remove()
    {
        if (State == SlotState.Ready) context.Log(EventCode.ModuleRemoved, (long)(Descriptor?.Kind ?? default));
        port.Powered = false;
        (Descriptor, _waiting, _cutOffs, _overSinceMs) = (null, false, 0, -1);
        Link = default;
        _assembler.Reset();
        Enter(SlotState.Empty, context.Now.MonotonicMs);
    }

    private void Enter(SlotState state, long now) => (State, _sinceMs) = (state, now);

    private void Write(FrameType type, byte sequence, ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[FrameCodec.MaxLength];
        int length = FrameCodec.Write(type, sequence, payload, frame);
        work.Charge(WorkKind.FrameSent);
        port.Write(frame[..length]);
    }
}
