using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>How a push travels.</summary>
/// <remarks>Source: IEC 62056-6-2, Push setup (class_id 40), transport_service_type.</remarks>
public enum PushTransport : byte
{
    /// <summary>TCP.</summary>
    Tcp = 0,
    /// <summary>UDP.</summary>
    Udp = 1,
    /// <summary>HDLC.</summary>
    Hdlc = 5,
}

/// <summary>One push as it is to be sent.</summary>
/// <param name="Setup">logical_name of the push setup.</param>
/// <param name="Transport">How it travels.</param>
/// <param name="Destination">Where to: host and port.</param>
/// <param name="Client">The client address it is for.</param>
/// <param name="Body">The values, in A-XDR.</param>
/// <param name="Retries">How often it is tried again.</param>
/// <param name="IsConfirmed">Whether the receiver confirms it.</param>
public sealed record CosemPush(
    LogicalName Setup, PushTransport Transport, string Destination, ushort Client, ReadOnlyMemory<byte> Body, byte Retries, bool IsConfirmed)
{
    /// <summary>Seconds before the first repetition.</summary>
    public int FirstDelay { get; init; }

    /// <summary>By how much each delay is longer than the one before, in hundredths: 200 doubles.</summary>
    public int DelayGrowth { get; init; } = 100;

    /// <summary>The longest delay, in seconds.</summary>
    public int LongestDelay { get; init; }

    /// <summary>Up to so many seconds are waited at random before the first try.</summary>
    public int Randomisation { get; init; }
}

/// <summary>Push setup: what is sent unasked, to whom, and how often it is tried.</summary>
/// <remarks>Source: IEC 62056-6-2, Push setup (class_id 40, version 2).</remarks>
public sealed class CosemPushSetup : StoredObject
{
    private const int MaxBody = 8_192;
    private const int MaxDestination = 128;
    private const int MaxRetries = 10;
    private readonly LogicalDevice _device;
    private readonly CosemClock _clock;
    private readonly Func<CosemPush, bool> _send;
    private CosemDateTime _confirmed = CosemDateTime.Unspecified;

    /// <summary>A push setup that has no destination yet.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="device">Whose values are pushed.</param>
    /// <param name="clock">The clock of the communication windows.</param>
    /// <param name="store">Where the settings survive.</param>
    /// <param name="send">Queues a push; false when the queue is full.</param>
    /// <param name="objects">What is pushed at delivery.</param>
    public CosemPushSetup(
        LogicalName name, LogicalDevice device, CosemClock clock, IAttributeStore store, Func<CosemPush, bool> send, params CaptureObject[] objects)
        : base(InterfaceClass.PushSetup, 2, name, store)
    {
        (_device, _clock, _send) = (device, clock, send);
        Preset(2, (ref AxdrWriter w) =>
        {
            w.Array(objects.Length);
            foreach (CaptureObject item in objects) CaptureList.WriteElement(item, ref w);
        });
        Preset(3, static (ref AxdrWriter w) =>
        {
            w.Structure(3);
            w.Enum((byte)PushTransport.Tcp);
            w.OctetString(default);
            w.Enum(0);
        });
        Preset(4, static (ref AxdrWriter w) => w.Array(0));
        Preset(5, static (ref AxdrWriter w) => w.LongUnsigned(0));
        Preset(6, static (ref AxdrWriter w) => w.Unsigned(3));
        Preset(7, static (ref AxdrWriter w) =>
        {
            w.Structure(3);
            w.LongUnsigned(30);
            w.LongUnsigned(200);
            w.LongUnsigned(600);
        });
        Preset(8, static (ref AxdrWriter w) => w.OctetString(default));
        Preset(9, static (ref AxdrWriter w) => w.Integer(48));
        Preset(10, static (ref AxdrWriter w) => w.Array(0));
        Preset(11, static (ref AxdrWriter w) => w.Enum(0));
        Preset(12, static (ref AxdrWriter w) =>
        {
            w.Structure(2);
            w.DateTimeOctets(CosemDateTime.Unspecified);
            w.DoubleLongUnsigned(0);
        });
    }

    /// <summary>Whether it has a destination.</summary>
    public bool IsConfigured => ReadDestination(out _, out string destination) && destination.Length > 0;

    /// <summary>Sends what is in the list now; false without a destination, outside the windows, or when the queue is full.</summary>
    public bool Push()
    {
        if (!IsConfigured || !IsInWindow()) return false;
        _ = ReadDestination(out PushTransport transport, out string destination);
        var writer = new AxdrWriter(new byte[MaxBody]);
        CaptureList.Write(Value(2), _device, ref writer);
        if (writer.Overflowed) return false;
        DataItems delays = Value(7).Items;
        _ = delays.TryTake(DataTag.LongUnsigned, out long first) & delays.TryTake(DataTag.LongUnsigned, out long growth) & delays.TryTake(DataTag.LongUnsigned, out long longest);
        return _send(new CosemPush(Name, transport, destination, (ushort)Number(9), writer.Written.ToArray(), (byte)Number(6), Number(11) == 2)
        {
            FirstDelay = (int)first, DelayGrowth = (int)growth, LongestDelay = (int)longest, Randomisation = (int)Number(5),
        });
    }

    /// <summary>The receiver confirmed a push.</summary>
    public void Confirmed() => _confirmed = _clock.Now;

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute != 13) return base.Read(attribute, selection, ref writer);
        writer.DateTimeOctets(_confirmed);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        if (method == 1) return Push() ? ActionResult.Success : ActionResult.TemporaryFailure;
        _confirmed = CosemDateTime.Unspecified;
        return ActionResult.Success;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        _ = value.TryGetInteger(out long number);
        bool sound = attribute switch
        {
            2 => CaptureList.IsSound(value, _device),
            3 => IsDestination(value),
            6 => number <= MaxRetries,
            9 => number is > 0,
            11 => number <= 2,
            _ => value.Encoded.Length <= 512,
        };
        return sound ? DataAccessResult.Success : DataAccessResult.OtherReason;
    }

    private static bool IsDestination(DataView value) => TryReadDestination(value, out PushTransport transport, out _)
        && transport is PushTransport.Tcp or PushTransport.Udp or PushTransport.Hdlc;

    private static bool TryReadDestination(DataView value, out PushTransport transport, out string destination)
    {
        (transport, destination) = (PushTransport.Tcp, string.Empty);
        DataItems fields = value.Items;
        bool read = fields.TryTake(DataTag.Enum, out long service) & fields.TryTake(out DataView to);
        if (!read || !to.TryGetOctets(out ReadOnlySpan<byte> octets) || octets.Length > MaxDestination) return false;
        if (octets.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)) return false;
        (transport, destination) = ((PushTransport)service, System.Text.Encoding.ASCII.GetString(octets));
        return true;
    }

    private bool ReadDestination(out PushTransport transport, out string destination) => TryReadDestination(Value(3), out transport, out destination);

    private bool IsInWindow()
    {
        if (Value(4).Count == 0) return true;
        CosemDateTime now = _clock.Now;
        _ = now.TryToInstant(0, out DateTimeOffset instant);
        foreach (DataView window in Value(4).Items)
        {
            DataItems two = window.Items;
            bool read = two.TryTake(out DataView start) & two.TryTake(out DataView end);
            if (!read || !start.TryGetDateTime(out CosemDateTime from) || !end.TryGetDateTime(out CosemDateTime to)) continue;
            bool begun = from.TryToInstant(now.DeviationMinutes, out DateTimeOffset begin) ? begin <= instant : MinuteOf(from) <= MinuteOf(now);
            bool open = to.TryToInstant(now.DeviationMinutes, out DateTimeOffset close) ? instant < close : MinuteOf(now) < MinuteOf(to);
            if (begun && open) return true;
        }

        return false;
    }

    private static int MinuteOf(CosemDateTime time) =>
        (time.Hour == CosemDateTime.Any ? 0 : time.Hour * 60) + (time.Minute == CosemDateTime.Any ? 0 : time.Minute);
}
