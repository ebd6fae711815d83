using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Modules.Modbus;

namespace Latchkey.Modules;

/// <summary>Where a module stands with its network.</summary>
public enum BearerState : byte
{
    Off = 0,

    /// <summary>Looks for a network and asks to be let in.</summary>
    Searching = 1,

    /// <summary>In the network, the bearer closed: the next message opens it first.</summary>
    Idle = 2,
    Connected = 3,
}

/// <summary>The firmware of a plug-in communication module: answers the meter, stores and forwards sealed messages unread.</summary>
/// <remarks>
/// One side is the byte pipe to the meter, the other is the network, both driven by the caller's clock. The module reads no message: it has no key.
/// </remarks>
public sealed class CommunicationModule
{
    private const uint Firmware = 0x010000;
    private readonly ModuleProfile _profile;
    private readonly Random _chance;
    private readonly FrameAssembler _assembler = new();
    private readonly Queue<byte> _toMeter = new();
    private readonly PriorityQueue<byte[], (long AtMs, long Order)> _up = new();
    private readonly PriorityQueue<byte[], (long AtMs, long Order)> _down = new();
    private readonly Queue<byte[]> _held = new();
    private readonly Queue<byte[]> _kept = new();
    private long _spokeMs;
    private long _sendsFromMs;
    private readonly CapabilityDescriptor _descriptor;
    private long _order;
    private long _nowMs;
    private long _registeredAtMs = long.MaxValue;
    private bool _told;
    private byte _sequence;

    /// <param name="profile">Its kind.</param>
    /// <param name="serial">Its serial number.</param>
    /// <param name="seed">Of its link's delays and losses.</param>
    public CommunicationModule(ModuleProfile profile, ulong serial, int seed)
    {
        SleepsBetween = !profile.AlwaysReachable;
        Bus = profile.IsPolled ? new ModbusSlave(unit: 1) : null;
        _profile = profile;
        _chance = new Random(seed);
        _descriptor = new CapabilityDescriptor(
            profile.Kind, serial, Firmware, (ushort)profile.MaxMessageBytes, (ushort)profile.QueueDepth, (ushort)profile.MeanCurrentMa,
            (ushort)profile.PeakCurrentMa, profile.AlwaysReachable);
    }

    public ModuleKind Kind => _profile.Kind;

    /// <summary>Where the module stands in coverage; may change at any time.</summary>
    public CoverageClass Coverage { get; set; }

    /// <summary>False while there is no network: messages wait in the module.</summary>
    public bool HasNetwork { get; set; } = true;

    public bool IsPowered { get; private set; }

    public bool IsRegistered => IsPowered && HasNetwork && _nowMs >= _registeredAtMs;

    /// <summary>What it draws from the meter's rail now, milliampere.</summary>
    public int CurrentMa => IsPowered ? _profile.MeanCurrentMa : 0;

    /// <summary>Messages lost on the link so far, both ways.</summary>
    public long Lost { get; private set; }

    /// <summary>When something will happen by itself next, milliseconds of the caller's clock.</summary>
    public long NextDeadlineMs
    {
        get
        {
            long next = IsPowered && !_told ? _registeredAtMs : long.MaxValue;
            if (_up.TryPeek(out _, out (long AtMs, long Order) up)) next = Math.Min(next, up.AtMs);
            if (_down.TryPeek(out _, out (long AtMs, long Order) down)) next = Math.Min(next, down.AtMs);
            return next;
        }
    }

    /// <summary>True while bytes wait for the meter.</summary>
    public bool HasBytesForMeter => _toMeter.Count > 0;

    /// <summary>Where the module stands with its network.</summary>
    public BearerState Bearer => !IsPowered ? BearerState.Off
        : !IsRegistered ? BearerState.Searching
        : _profile.IdleAfterMs > 0 && _nowMs - _spokeMs > _profile.IdleAfterMs ? BearerState.Idle : BearerState.Connected;

    /// <summary>True where the network reaches the module only shortly after it has spoken, as it is set up: to save power, or by its class.</summary>
    public bool SleepsBetween { get; set; }

    /// <summary>The longest message that the link carries here.</summary>
    public int MaxMessageBytes => Link.MaxBytes > 0 ? Math.Min(Link.MaxBytes, _profile.MaxMessageBytes) : _profile.MaxMessageBytes;

    /// <summary>The field bus of an RS-485 module; null for the others.</summary>
    public ModbusSlave? Bus { get; }

    /// <summary>When the meter last warned that the rail goes away, on the caller's clock; null while it did not.</summary>
    public long? WarnedAtMs { get; private set; }

    /// <summary>When the rail last went away.</summary>
    public long? LostPowerAtMs { get; private set; }

    private LinkQuality Link => _profile.Links[(int)Coverage];

    /// <summary>The meter switches the rail. Without power everything that the module held is gone.</summary>
    public void SetPower(bool on, long nowMs)
    {
        _nowMs = nowMs;
        if (on == IsPowered) return;
        IsPowered = on;
        _registeredAtMs = on ? nowMs + _profile.RegistrationMs : long.MaxValue;
        _told = false;
        (_spokeMs, _sendsFromMs) = (nowMs, nowMs);
        if (on) return;
        LostPowerAtMs = nowMs;
        _toMeter.Clear();
        _up.Clear();
        _down.Clear();
        _held.Clear();
        _kept.Clear();
        _assembler.Reset();
    }

    /// <summary>Lets time pass up to the caller's clock.</summary>
    public void Advance(long nowMs)
    {
        _nowMs = nowMs;
        if (!IsPowered) return;
        if (!_told && IsRegistered)
        {
            _told = true;
            Write(FrameType.LinkState, [unchecked((byte)(sbyte)Link.RssiDbm), (byte)Coverage, 1]);
        }

        while (IsRegistered && _held.TryDequeue(out byte[]? held)) Launch(_up, held);
        while (_down.TryPeek(out _, out (long AtMs, long Order) due) && due.AtMs <= nowMs) Write(FrameType.ToMeter, _down.Dequeue());
    }

    /// <summary>Bytes from the meter.</summary>
    public void FromMeter(ReadOnlySpan<byte> bytes)
    {
        if (!IsPowered) return;
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_assembler.Push(bytes)..];
            while (_assembler.TryTake(out ModuleFrame frame)) Take(frame);
        }
    }

    /// <summary>Bytes for the meter, as many as there are and fit.</summary>
    public int ToMeter(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _toMeter.Count);
        for (int i = 0; i < count; i++) destination[i] = _toMeter.Dequeue();
        return count;
    }

    /// <summary>A message from the network's end for the meter; it arrives after the link's delay, or not at all.</summary>
    /// <returns>False when the module is not in the network or its queue is full: nobody will hear of this message.</returns>
    public bool Deliver(ReadOnlySpan<byte> message, long nowMs)
    {
        Advance(nowMs);
        if (!IsRegistered || message.Length > MaxMessageBytes || _down.Count + _kept.Count >= _profile.QueueDepth) return false;
        // What sleeps is told when it next speaks; until then its network keeps the message.
        if (SleepsBetween && nowMs - _spokeMs > _profile.ListensMs) _kept.Enqueue(message.ToArray());
        else Launch(_down, message.ToArray());
        return true;
    }

    /// <summary>A frame of the bus's master; the answer, empty for silence. Messages that wait for the master go with it.</summary>
    public byte[] Poll(ReadOnlySpan<byte> request, long nowMs)
    {
        Advance(nowMs);
        if (Bus is null || !IsPowered) return [];
        byte[] answer = Bus.Answer(request, nowMs);
        if (answer.Length > 0) _spokeMs = nowMs;
        return answer;
    }

    /// <summary>The next message that has reached the network's end, if one has.</summary>
    public bool TryTakeUplink(long nowMs, out byte[] message)
    {
        message = [];
        if (!_up.TryPeek(out _, out (long AtMs, long Order) due) || due.AtMs > nowMs) return false;
        message = _up.Dequeue();
        return true;
    }

    private void Take(in ModuleFrame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Identify: Write(FrameType.Descriptor, _descriptor.Encode()); break;
            case FrameType.Ping: Answer(FrameType.Taken, frame.Sequence); break;
            case FrameType.FromMeter: Forward(frame); break;
            case FrameType.PowerWarning: WarnedAtMs = _nowMs; break;
            case FrameType.Registers when Bus is not null && RegisterImage.TryDecode(frame.Payload, out ushort[] registers): Bus.Update(registers, _nowMs); break;
        }
    }

    private void Forward(in ModuleFrame frame)
    {
        // What the link can never carry is taken and dropped, or the meter would offer it for ever; what it cannot carry now is refused.
        bool fits = frame.Payload.Length <= MaxMessageBytes;
        if (fits && _held.Count + _up.Count >= _profile.QueueDepth)
        {
            Answer(FrameType.Refused, frame.Sequence);
            return;
        }

        Answer(FrameType.Taken, frame.Sequence);
        if (!fits) Lost++;
        else if (IsRegistered) Launch(_up, frame.Payload.ToArray());
        else _held.Enqueue(frame.Payload.ToArray());
    }

    private void Launch(PriorityQueue<byte[], (long AtMs, long Order)> way, byte[] message)
    {
        double delay = Link.MedianMs * Math.Pow(Link.SpreadFactor, Normal());
        if (way == _up) delay += Speak(message.Length);
        if (_chance.NextDouble() < Link.LossShare) Lost++;
        else way.Enqueue(message, (_nowMs + (long)Math.Round(delay), _order++));
    }

    /// <summary>How long a message waits for the bearer to open and for the law to let it go.</summary>
    private double Speak(int bytes)
    {
        double wait = Bearer == BearerState.Idle ? _profile.WakeMs : 0;
        if (_profile.DutyCycle < 1)
        {
            double air = Link.Air.BaseMs + (Link.Air.MsPerByte * bytes);
            wait = Math.Max(wait, _sendsFromMs - _nowMs);
            _sendsFromMs = _nowMs + (long)Math.Ceiling(wait + (air / _profile.DutyCycle));
        }

        _spokeMs = _nowMs;
        while (_kept.TryDequeue(out byte[]? kept)) Launch(_down, kept);
        return wait;
    }

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _chance.NextDouble())) * Math.Cos(2 * Math.PI * _chance.NextDouble());

    private void Write(FrameType type, ReadOnlySpan<byte> payload) => Send(type, _sequence = unchecked((byte)(_sequence + 1)), payload);

    private void Answer(FrameType type, byte sequence) => Send(type, sequence, []);

    private void Send(FrameType type, byte sequence, ReadOnlySpan<byte> payload)
    {
        foreach (byte b in FrameCodec.Encode(type, sequence, payload)) _toMeter.Enqueue(b);
    }
}
