using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>A reference to an attribute: class, name, index.</summary>
/// <param name="Class">The class.</param>
/// <param name="Name">logical_name.</param>
/// <param name="Attribute">The attribute.</param>
public readonly record struct ValueReference(InterfaceClass Class, LogicalName Name, sbyte Attribute)
{
    /// <summary>Reads a structure of three; default where it is none.</summary>
    public static ValueReference From(DataView value)
    {
        DataItems fields = value.Items;
        bool read = fields.TryTake(DataTag.LongUnsigned, out long id) & fields.TryTake(out DataView target) & fields.TryTake(DataTag.Integer, out long attribute);
        return read && target.TryGetLogicalName(out LogicalName name) ? new ValueReference((InterfaceClass)id, name, (sbyte)attribute) : default;
    }

    /// <summary>Writes a structure of three.</summary>
    public void Write(ref AxdrWriter writer)
    {
        writer.Structure(3);
        writer.LongUnsigned((ushort)Class);
        writer.Name(Name);
        writer.Integer(Attribute);
    }
}

/// <summary>Register monitor: runs a script when a value passes a threshold, upwards or downwards.</summary>
/// <remarks>Source: IEC 62056-6-2, Register monitor (class_id 21, version 0).</remarks>
public sealed class CosemRegisterMonitor : StoredObject
{
    private const int MaxThresholds = 8;
    private readonly LogicalDevice _device;
    private long? _last;

    /// <summary>A monitor without thresholds.</summary>
    public CosemRegisterMonitor(LogicalName name, LogicalDevice device, IAttributeStore store, ValueReference monitored)
        : base(InterfaceClass.RegisterMonitor, 0, name, store)
    {
        _device = device;
        Preset(2, static (ref AxdrWriter w) => w.Array(0));
        Preset(3, monitored.Write);
        Preset(4, static (ref AxdrWriter w) => w.Array(0));
    }

    /// <summary>Looks at the value; true when it passed a threshold.</summary>
    public bool Elapse()
    {
        ValueReference monitored = ValueReference.From(Value(3));
        if (Value(2).Count == 0 || _device.NumberOf(monitored.Class, monitored.Name, monitored.Attribute) is not long now) return false;
        long before = _last ?? now;
        _last = now;
        bool passed = false;
        DataItems actions = Value(4).Items;
        foreach (DataView item in Value(2).Items)
        {
            bool acts = actions.TryTake(out DataView pair);
            if (!item.TryGetInteger(out long threshold) || !acts) continue;
            bool up = before <= threshold && now > threshold;
            bool down = before >= threshold && now < threshold;
            if (!up && !down) continue;
            passed = true;
            Run(pair, up);
        }

        return passed;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value) =>
        value.Tag == DataTag.Array && value.Count > MaxThresholds ? DataAccessResult.OtherReason : DataAccessResult.Success;

    private void Run(DataView pair, bool up)
    {
        DataItems two = pair.Items;
        _ = two.TryTake(out DataView upward) & two.TryTake(out DataView downward);
        ScriptReference script = ScriptReference.From(up ? upward : downward);
        if (script.Script != 0) _device.Run(script.Table, script.Script);
    }
}

/// <summary>Register activation: which of a set of registers count now, named by masks.</summary>
/// <remarks>Source: IEC 62056-6-2, Register activation (class_id 6, version 0).</remarks>
public sealed class CosemRegisterActivation : StoredObject
{
    private const int MaxMasks = 16;

    /// <summary>A table with these registers and masks.</summary>
    public CosemRegisterActivation(LogicalName name, IAttributeStore store, ValueWriter registers, ValueWriter masks, ValueWriter active)
        : base(InterfaceClass.RegisterActivation, 0, name, store) => Preset(2, registers).Preset(3, masks).Preset(4, active);

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        int attribute = method == 1 ? 2 : 3;
        ReadOnlySpan<byte> name = NameOf(parameter);
        bool removes = method == 3;
        bool replaces = method >= 2;
        byte[] room = new byte[MaxValue];
        var writer = new AxdrWriter(room);
        int kept = 0;
        foreach (DataView entry in Value(attribute).Items)
        {
            if (!replaces || !NameOf(entry).SequenceEqual(name)) kept++;
        }

        if (removes && kept == Value(attribute).Count) return ActionResult.ObjectUnavailable;
        if (!removes && kept >= MaxMasks) return ActionResult.OtherReason;
        writer.Array(kept + (removes ? 0 : 1));
        foreach (DataView entry in Value(attribute).Items)
        {
            if (!replaces || !NameOf(entry).SequenceEqual(name)) writer.WriteData(entry);
        }

        if (!removes) writer.WriteData(parameter);
        if (writer.Overflowed || !DataView.TryReadWhole(writer.Written, out DataView table)) return ActionResult.OtherReason;
        return Keep(attribute, table) ? ActionResult.Success : ActionResult.HardwareFault;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        if (attribute != 4) return value.Count <= MaxMasks ? DataAccessResult.Success : DataAccessResult.OtherReason;
        _ = value.TryGetOctets(out ReadOnlySpan<byte> wanted);
        foreach (DataView mask in Value(3).Items)
        {
            if (NameOf(mask).SequenceEqual(wanted)) return DataAccessResult.Success;
        }

        return DataAccessResult.OtherReason;
    }

    private static ReadOnlySpan<byte> NameOf(DataView entry)
    {
        if (entry.TryGetOctets(out ReadOnlySpan<byte> alone)) return alone;
        DataItems fields = entry.Items;
        return fields.TryTake(out DataView name) && name.TryGetOctets(out ReadOnlySpan<byte> octets) ? octets : default;
    }
}

/// <summary>Limiter: watches a value and runs a script when it stays above its threshold, and another when it stays below.</summary>
/// <remarks>In an emergency the emergency threshold holds, for as long as its profile says. Source: IEC 62056-6-2, Limiter (class_id 71, version 0).</remarks>
public sealed class CosemLimiter : StoredObject
{
    /// <summary>Both durations until somebody writes them.</summary>
    public const int PresetSeconds = 30;

    private const int MaxGroups = 8;
    private readonly LogicalDevice _device;
    private readonly Func<long>? _normal;
    private readonly Func<long, bool>? _setNormal;
    private long _overSince = -1;
    private long _underSince = -1;
    private bool _isOver;

    /// <summary>A limiter.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="device">Whose values are watched and whose scripts run.</param>
    /// <param name="store">Where the settings survive.</param>
    /// <param name="monitored">The value.</param>
    /// <param name="over">The script above the threshold.</param>
    /// <param name="under">The script below it.</param>
    /// <param name="normal">The threshold where the meter keeps it itself; null where this object does.</param>
    /// <param name="setNormal">Takes a new threshold of the meter's own.</param>
    public CosemLimiter(
        LogicalName name, LogicalDevice device, IAttributeStore store, ValueReference monitored, ScriptReference over, ScriptReference under,
        Func<long>? normal = null, Func<long, bool>? setNormal = null)
        : base(InterfaceClass.Limiter, 0, name, store)
    {
        (_device, _normal, _setNormal) = (device, normal, setNormal);
        Preset(2, monitored.Write);
        Preset(4, static (ref AxdrWriter w) => w.DoubleLongUnsigned(0));
        Preset(5, static (ref AxdrWriter w) => w.DoubleLongUnsigned(0));
        Preset(6, static (ref AxdrWriter w) => w.DoubleLongUnsigned(PresetSeconds));
        Preset(7, static (ref AxdrWriter w) => w.DoubleLongUnsigned(PresetSeconds));
        Preset(8, static (ref AxdrWriter w) => WriteProfile(ref w));
        Preset(9, static (ref AxdrWriter w) => w.Array(0));
        Preset(11, (ref AxdrWriter w) =>
        {
            w.Structure(2);
            over.Write(ref w);
            under.Write(ref w);
        });
    }

    /// <summary>Whether the emergency threshold holds.</summary>
    public bool IsEmergency { get; private set; }

    /// <summary>Seconds above the threshold that are borne.</summary>
    public long MinOver => Number(6);

    /// <summary>Seconds below it that are waited for.</summary>
    public long MinUnder => Number(7);

    /// <summary>The threshold that holds; 0 is none.</summary>
    public long Threshold => IsEmergency ? Number(5) : _normal?.Invoke() ?? Number(4);

    /// <summary>Lets time pass: above for long enough runs the one script, below for long enough the other.</summary>
    /// <param name="nowSeconds">Seconds that never fall.</param>
    /// <param name="instant">The meter's clock.</param>
    public void Elapse(long nowSeconds, DateTimeOffset instant)
    {
        FollowEmergency(instant);
        ValueReference monitored = ValueReference.From(Value(2));
        if (Threshold <= 0 || _device.NumberOf(monitored.Class, monitored.Name, monitored.Attribute) is not long value)
        {
            (_overSince, _underSince) = (-1, -1);
            return;
        }

        bool over = value > Threshold;
        _overSince = !over ? -1 : _overSince < 0 ? nowSeconds : _overSince;
        _underSince = over ? -1 : _underSince < 0 ? nowSeconds : _underSince;
        if (over && !_isOver && nowSeconds - _overSince >= Number(6)) Pass(isOver: true);
        else if (!over && _isOver && nowSeconds - _underSince >= Number(7)) Pass(isOver: false);
    }

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute == 3) writer.DoubleLongUnsigned((uint)Math.Clamp(Threshold, 0, uint.MaxValue));
        else if (attribute == 4 && _normal is not null) writer.DoubleLongUnsigned((uint)Math.Clamp(_normal(), 0, uint.MaxValue));
        else if (attribute == 10) writer.Boolean(IsEmergency);
        else return base.Read(attribute, selection, ref writer);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        if (attribute != 4 || _setNormal is null) return base.Write(attribute, value);
        if (!Definition.Attribute(4).Shape.Matches(value) || !value.TryGetInteger(out long threshold)) return DataAccessResult.TypeUnmatched;
        return threshold >= 0 && _setNormal(threshold) ? DataAccessResult.Success : DataAccessResult.OtherReason;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        if (attribute == 9 && value.Count > MaxGroups) return DataAccessResult.OtherReason;
        bool isNegative = attribute is 4 or 5 && value.TryGetInteger(out long threshold) && threshold < 0;
        return isNegative ? DataAccessResult.OtherReason : DataAccessResult.Success;
    }

    private static void WriteProfile(ref AxdrWriter writer)
    {
        writer.Structure(3);
        writer.LongUnsigned(0);
        writer.DateTimeOctets(CosemDateTime.Unspecified);
        writer.DoubleLongUnsigned(0);
    }

    private void Pass(bool isOver)
    {
        _isOver = isOver;
        DataItems pair = Value(11).Items;
        _ = pair.TryTake(out DataView over) & pair.TryTake(out DataView under);
        ScriptReference script = ScriptReference.From(isOver ? over : under);
        if (script.Script != 0) _device.Run(script.Table, script.Script);
    }

    private void FollowEmergency(DateTimeOffset instant)
    {
        IsEmergency = false;
        DataItems profile = Value(8).Items;
        bool read = profile.TryTake(DataTag.LongUnsigned, out long id) & profile.TryTake(out DataView start) & profile.TryTake(DataTag.DoubleLongUnsigned, out long duration);
        if (!read || !start.TryGetDateTime(out CosemDateTime time) || !time.TryToInstant((short)-instant.TotalOffsetMinutes, out DateTimeOffset begin)) return;
        bool member = Value(9).Count == 0;
        foreach (DataView group in Value(9).Items) member |= group.TryGetInteger(out long number) && number == id;
        IsEmergency = member && instant >= begin && instant < begin.AddSeconds(duration);
    }
}

/// <summary>Arbitrator: several actors ask for conflicting actions; the weightiest wins.</summary>
/// <remarks>Each actor has a row of weightings, one for each action; the last request of each stands. An action is worth the sum of the weightings of
/// those who ask for it, and the one worth most is carried out. Source: IEC 62056-6-2, Arbitrator (class_id 68, version 0).</remarks>
public sealed class CosemArbitrator : StoredObject
{
    private const int MaxActors = 8;
    private const int MaxActions = 8;
    private readonly LogicalDevice _device;
    private readonly uint[] _requests = new uint[MaxActors];
    private byte _outcome;

    /// <summary>An arbitrator over scripts.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="device">Whose scripts run.</param>
    /// <param name="store">Where the tables survive.</param>
    /// <param name="actions">The scripts.</param>
    /// <param name="weightings">A row of weightings for each actor; 0 forbids.</param>
    public CosemArbitrator(LogicalName name, LogicalDevice device, IAttributeStore store, ScriptReference[] actions, ushort[][] weightings)
        : base(InterfaceClass.Arbitrator, 0, name, store)
    {
        _device = device;
        Preset(2, (ref AxdrWriter w) =>
        {
            w.Array(actions.Length);
            foreach (ScriptReference action in actions) action.Write(ref w);
        });
        Preset(3, (ref AxdrWriter w) =>
        {
            w.Array(weightings.Length);
            foreach (ushort[] row in weightings) w.BitString(row.Aggregate(0u, (bits, weight) => (bits << 1) | (weight > 0 ? 1u : 0u)), row.Length);
        });
        Preset(4, (ref AxdrWriter w) =>
        {
            w.Array(weightings.Length);
            foreach (ushort[] row in weightings)
            {
                w.Array(row.Length);
                foreach (ushort weight in row) w.LongUnsigned(weight);
            }
        });
    }

    private int Actors => Math.Min(Value(4).Count, MaxActors);

    private int Actions => Math.Min(Value(2).Count, MaxActions);

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute == 6)
        {
            writer.Unsigned(_outcome);
            return DataAccessResult.Success;
        }

        if (attribute != 5) return base.Read(attribute, selection, ref writer);
        writer.Array(Actors);
        for (int actor = 0; actor < Actors; actor++) writer.BitString(_requests[actor], Actions);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        if (method == 2)
        {
            Array.Clear(_requests);
            _outcome = 0;
            return ActionResult.Success;
        }

        DataItems fields = parameter.Items;
        _ = fields.TryTake(DataTag.Unsigned, out long actor) & fields.TryTake(out DataView bits);
        if (actor >= Actors || !bits.TryGetBits(out ReadOnlySpan<byte> octets, out int count) || count != Actions) return ActionResult.OtherReason;
        return Request((int)actor, ToBits(octets, count));
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value) =>
        value.Count is 0 or > MaxActors ? DataAccessResult.OtherReason : DataAccessResult.Success;

    private ActionResult Request(int actor, uint wanted)
    {
        if ((wanted & ~Permitted(actor)) != 0) return ActionResult.ReadWriteDenied;
        _requests[actor] = wanted;
        int best = -1;
        long worth = 0;
        for (int action = 0; action < Actions; action++)
        {
            long sum = 0;
            for (int a = 0; a < Actors; a++) sum += (_requests[a] >> (Actions - 1 - action) & 1) == 1 ? Weight(a, action) : 0;
            if (sum > worth) (best, worth) = (action, sum);
        }

        if (best < 0) return ActionResult.Success;
        _outcome = (byte)(best + 1);
        int at = 0;
        foreach (DataView item in Value(2).Items)
        {
            if (at++ != best) continue;
            ScriptReference script = ScriptReference.From(item);
            return _device.Run(script.Table, script.Script) ? ActionResult.Success : ActionResult.TemporaryFailure;
        }

        return ActionResult.OtherReason;
    }

    private uint Permitted(int actor)
    {
        int at = 0;
        foreach (DataView row in Value(3).Items)
        {
            if (at++ == actor && row.TryGetBits(out ReadOnlySpan<byte> octets, out int count)) return ToBits(octets, Math.Min(count, Actions));
        }

        return 0;
    }

    private long Weight(int actor, int action)
    {
        int at = 0;
        foreach (DataView row in Value(4).Items)
        {
            if (at++ != actor) continue;
            DataItems weights = row.Items;
            long weight = 0;
            for (int i = 0; i <= action; i++) _ = weights.TryTake(DataTag.LongUnsigned, out weight);
            return weight;
        }

        return 0;
    }

    private static uint ToBits(ReadOnlySpan<byte> octets, int count)
    {
        uint bits = 0;
        for (int i = 0; i < count; i++) bits = (bits << 1) | (uint)((octets[i / 8] >> (7 - (i % 8))) & 1);
        return bits;
    }
}
