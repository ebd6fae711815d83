using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Extended register: a value with its status and the time at which it arose.</summary>
/// <param name="name">logical_name.</param>
/// <param name="value">Writes the value.</param>
/// <param name="scaler">The value counts in 10 to this power of the unit.</param>
/// <param name="unit">The unit's number.</param>
/// <param name="time">When the value arose.</param>
/// <param name="reset">Starts anew; null where that is not for others to do.</param>
/// <remarks>Source: IEC 62056-6-2, Extended register (class_id 4, version 0).</remarks>
public sealed class CosemExtendedRegister(
    LogicalName name, ValueWriter value, sbyte scaler, byte unit, Func<CosemDateTime> time, Func<ActionResult>? reset = null)
    : CosemObject(InterfaceClass.ExtendedRegister, 0, name, 5, 1)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                value(ref writer);
                break;
            case 3:
                ScalerUnit.Write(scaler, unit, ref writer);
                break;
            case 4:
                writer.Unsigned(0);
                break;
            default:
                writer.DateTimeOctets(time());
                break;
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result) =>
        !parameter.TryGetInteger(DataTag.Integer, out _) ? ActionResult.TypeUnmatched : reset?.Invoke() ?? ActionResult.ReadWriteDenied;
}

/// <summary>How a value is scaled, and in what unit.</summary>
/// <remarks>Source: IEC 62056-6-2, Register, scaler_unit.</remarks>
public static class ScalerUnit
{
    /// <summary>Watt.</summary>
    public const byte Watt = 27;

    /// <summary>Volt-ampere.</summary>
    public const byte VoltAmpere = 28;

    /// <summary>Var.</summary>
    public const byte Var = 29;

    /// <summary>Watt-hour.</summary>
    public const byte WattHour = 30;

    /// <summary>Var-hour.</summary>
    public const byte VarHour = 32;

    /// <summary>Ampere.</summary>
    public const byte Ampere = 33;

    /// <summary>Volt.</summary>
    public const byte Volt = 35;

    /// <summary>Hertz.</summary>
    public const byte Hertz = 44;

    /// <summary>Degree Celsius.</summary>
    public const byte Celsius = 9;

    /// <summary>Second.</summary>
    public const byte Second = 7;

    /// <summary>Currency of the account.</summary>
    public const byte Currency = 10;

    /// <summary>A number without unit.</summary>
    public const byte Count = 255;

    /// <summary>Writes the structure.</summary>
    public static void Write(sbyte scaler, byte unit, ref AxdrWriter writer)
    {
        writer.Structure(2);
        writer.Integer(scaler);
        writer.Enum(unit);
    }
}

/// <summary>Demand register: the mean power over a sliding window of periods, from a register that counts energy.</summary>
/// <remarks>Each period's energy is differenced from the register; nothing is sampled. Source: IEC 62056-6-2, Demand register (class_id 5, version 0).</remarks>
public sealed class CosemDemandRegister : StoredObject
{
    private const int MaxPeriods = 15;
    private const int SecondsPerHour = 3_600;
    private readonly Func<long> _energy;
    private readonly Func<long, CosemDateTime> _local;
    private readonly sbyte _scaler;
    private readonly byte _unit;
    private readonly Queue<long> _periods = [];
    private long _startedAt;
    private long _energyAtStart;
    private long _lastAverage;
    private long _capturedAt;

    /// <summary>A demand register.</summary>
    /// <param name="name">logical_name.</param>
    /// <param name="energy">The energy counted so far, in unit-hours of a thousandth (mWh for watts).</param>
    /// <param name="scaler">Scaler of the averages.</param>
    /// <param name="unit">Unit of the averages.</param>
    /// <param name="local">Local time of an instant.</param>
    /// <param name="store">Where period and number survive.</param>
    public CosemDemandRegister(LogicalName name, Func<long> energy, sbyte scaler, byte unit, Func<long, CosemDateTime> local, IAttributeStore store)
        : base(InterfaceClass.DemandRegister, 0, name, store)
    {
        (_energy, _scaler, _unit, _local) = (energy, scaler, unit, local);
        Preset(8, static (ref AxdrWriter w) => w.DoubleLongUnsigned(900));
        Preset(9, static (ref AxdrWriter w) => w.LongUnsigned(1));
    }

    /// <summary>The average over the last complete window, and when it was complete; null while there is none.</summary>
    public (long Average, long AtSeconds)? Last => _capturedAt == 0 ? null : (_lastAverage, _capturedAt);

    /// <summary>Lets time pass; true when a period was completed.</summary>
    public bool Elapse(long nowSeconds)
    {
        long period = Number(8);
        if (_startedAt == 0 || nowSeconds < _startedAt) Begin(nowSeconds - (nowSeconds % period));
        if (nowSeconds - _startedAt < period) return false;
        Complete(nowSeconds - (nowSeconds % period));
        return true;
    }

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        switch (attribute)
        {
            case 2:
                writer.DoubleLongUnsigned(Clamp(Average(_periods.Sum() + Running)));
                break;
            case 3:
                writer.DoubleLongUnsigned(Clamp(_lastAverage));
                break;
            case 4:
                ScalerUnit.Write(_scaler, _unit, ref writer);
                break;
            case 5:
                writer.Unsigned(0);
                break;
            case 6:
                writer.DateTimeOctets(_capturedAt == 0 ? CosemDateTime.Unspecified : _local(_capturedAt));
                break;
            case 7:
                writer.DateTimeOctets(_startedAt == 0 ? CosemDateTime.Unspecified : _local(_startedAt));
                break;
            default:
                return base.Read(attribute, selection, ref writer);
        }

        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        if (_startedAt == 0) return ActionResult.TemporaryFailure;
        if (method == 2)
        {
            Complete(_startedAt + Number(8));
            return ActionResult.Success;
        }

        _periods.Clear();
        (_lastAverage, _capturedAt) = (0, 0);
        Begin(_startedAt);
        return ActionResult.Success;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        _ = value.TryGetInteger(out long number);
        bool sound = attribute switch
        {
            8 => number is >= 60 and <= 86_400,
            9 => number is >= 1 and <= MaxPeriods,
            _ => false,
        };
        return sound ? DataAccessResult.Success : attribute is 8 or 9 ? DataAccessResult.OtherReason : DataAccessResult.ReadWriteDenied;
    }

    /// <inheritdoc/>
    protected override void Changed(int attribute)
    {
        _periods.Clear();
        _startedAt = 0;
    }

    private long Running => _startedAt == 0 ? 0 : _energy() - _energyAtStart;

    private void Begin(long at) => (_startedAt, _energyAtStart) = (at, _energy());

    private void Complete(long at)
    {
        _periods.Enqueue(Running);
        while (_periods.Count > Number(9)) _periods.Dequeue();
        (_lastAverage, _capturedAt) = (Average(_periods.Sum()), at);

        // What runs on is the window without its oldest period.
        if (_periods.Count == Number(9)) _periods.Dequeue();
        Begin(at);
    }

    private long Average(long milliUnitHours) => milliUnitHours * SecondsPerHour / (1_000 * Number(8) * Number(9));

    private static uint Clamp(long value) => (uint)Math.Clamp(value, 0, uint.MaxValue);
}
