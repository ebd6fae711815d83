using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>The clock behind a clock object.</summary>
public interface IClockHost
{
    /// <summary>Now, seconds since 1970-01-01 UTC; 0 or less while the clock is not set.</summary>
    long UnixSeconds { get; }

    /// <summary>Normal time minus UTC, in minutes.</summary>
    int UtcOffsetMinutes { get; }

    /// <summary>The measuring period to whose multiples the clock may be adjusted, in seconds.</summary>
    int MeasuringPeriod { get; }

    /// <summary>Sets the clock; false where it may not be set or does not take the time.</summary>
    bool TrySetTime(long unixSeconds);

    /// <summary>Sets the zone; false when it cannot be kept.</summary>
    bool TrySetOffset(int minutes);
}

/// <summary>Clock: local time with zone and daylight saving, and the ways to adjust it.</summary>
/// <remarks>The zone has the sign of the deviation: UTC = local + zone. Source: IEC 62056-6-2, Clock (class_id 8, version 0).</remarks>
public sealed class CosemClock : StoredObject
{
    private const byte Invalid = 0x01;
    private const byte DaylightSaving = 0x80;
    private const int MaxShift = 900;
    private const int MaxZone = 14 * 60;
    private const int Quarter = 900;
    private readonly IClockHost _host;
    private (long At, long From, long Until)? _preset;

    /// <summary>A clock over a host; daylight saving is off until it is configured.</summary>
    public CosemClock(LogicalName name, IClockHost host, IAttributeStore? store = null)
        : base(InterfaceClass.Clock, 0, name, store ?? new VolatileAttributes())
    {
        _host = host;
        Preset(5, static (ref AxdrWriter w) => w.DateTimeOctets(CosemDateTime.Unspecified));
        Preset(6, static (ref AxdrWriter w) => w.DateTimeOctets(CosemDateTime.Unspecified));
        Preset(7, static (ref AxdrWriter w) => w.Integer(60));
        Preset(8, static (ref AxdrWriter w) => w.Boolean(value: false));
        Preset(9, static (ref AxdrWriter w) => w.Enum(1));
    }

    /// <summary>Local time now.</summary>
    public CosemDateTime Now => At(_host.UnixSeconds);

    /// <summary>Local time of an instant.</summary>
    public CosemDateTime At(long unixSeconds)
    {
        long clamped = Math.Clamp(unixSeconds, 0, uint.MaxValue);
        bool summer = IsSummer(clamped);
        int offset = _host.UtcOffsetMinutes + (summer ? (int)Number(7) : 0);
        byte status = (byte)((summer ? DaylightSaving : 0) | (unixSeconds <= 0 ? Invalid : 0));
        return CosemDateTime.From(DateTimeOffset.FromUnixTimeSeconds(clamped).ToOffset(TimeSpan.FromMinutes(offset)), status) with { Hundredths = 0 };
    }

    /// <summary>Now, seconds since 1970-01-01 UTC.</summary>
    public long UnixSeconds => _host.UnixSeconds;

    /// <summary>The deviation that a time without one is meant in.</summary>
    public short Deviation => Now.DeviationMinutes;

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute > 4) return base.Read(attribute, selection, ref writer);
        if (selection.HasValue) return DataAccessResult.ScopeOfAccessViolated;
        CosemDateTime now = Now;
        if (attribute == 2) writer.DateTimeOctets(now);
        else if (attribute == 3) writer.Long((short)-_host.UtcOffsetMinutes);
        else writer.Unsigned(now.Status);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        if (attribute == 2)
        {
            if (!value.TryGetDateTime(out CosemDateTime time)) return DataAccessResult.TypeUnmatched;
            bool taken = time.TryToInstant(Deviation, out DateTimeOffset instant) && instant.ToUnixTimeSeconds() > 0 && _host.TrySetTime(instant.ToUnixTimeSeconds());
            return taken ? DataAccessResult.Success : DataAccessResult.OtherReason;
        }

        if (attribute != 3) return base.Write(attribute, value);
        if (!value.TryGetInteger(DataTag.Long, out long zone)) return DataAccessResult.TypeUnmatched;
        return Math.Abs(zone) <= MaxZone && _host.TrySetOffset((int)-zone) ? DataAccessResult.Success : DataAccessResult.OtherReason;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        return method switch
        {
            1 => Round(Quarter),
            2 => Round(_host.MeasuringPeriod),
            3 => Round(60),
            4 => AdjustToPreset(),
            5 => TakePreset(parameter),
            _ => Shift(parameter),
        };
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value)
    {
        if (attribute == 7 && value.TryGetInteger(out long deviation) && Math.Abs(deviation) > 120) return DataAccessResult.OtherReason;
        if (attribute == 9 && value.TryGetInteger(out long clockBase) && clockBase > 5) return DataAccessResult.OtherReason;
        return DataAccessResult.Success;
    }

    private ActionResult Round(int seconds)
    {
        if (seconds <= 0) return ActionResult.TemporaryFailure;
        long now = _host.UnixSeconds;
        return Set((now + (seconds / 2)) / seconds * seconds);
    }

    private ActionResult AdjustToPreset()
    {
        if (_preset is not { } preset || _host.UnixSeconds < preset.From || _host.UnixSeconds > preset.Until) return ActionResult.TemporaryFailure;
        _preset = null;
        return Set(preset.At);
    }

    private ActionResult TakePreset(DataView parameter)
    {
        Span<long> times = stackalloc long[3];
        int count = 0;
        foreach (DataView item in parameter.Items)
        {
            if (!item.TryGetDateTime(out CosemDateTime time) || !time.TryToInstant(Deviation, out DateTimeOffset instant)) return ActionResult.OtherReason;
            times[count++] = instant.ToUnixTimeSeconds();
        }

        _preset = (times[0], times[1], times[2]);
        return ActionResult.Success;
    }

    private ActionResult Shift(DataView parameter)
    {
        _ = parameter.TryGetInteger(out long shift);
        return Math.Abs(shift) <= MaxShift ? Set(_host.UnixSeconds + shift) : ActionResult.OtherReason;
    }

    private ActionResult Set(long unixSeconds) => _host.TrySetTime(unixSeconds) ? ActionResult.Success : ActionResult.OtherReason;

    // Both switches are told in the time that holds just before them: normal time at the beginning, summer time at the end.
    private bool IsSummer(long unixSeconds)
    {
        if (Number(8) == 0) return false;
        DateTime utc = DateTimeOffset.FromUnixTimeSeconds(unixSeconds).UtcDateTime;
        int year = utc.AddMinutes(_host.UtcOffsetMinutes).Year;
        if (!TrySwitch(5, year, 0, out DateTime begin) || !TrySwitch(6, year, (int)Number(7), out DateTime end)) return false;
        return begin <= end ? utc >= begin && utc < end : utc >= begin || utc < end;
    }

    private bool TrySwitch(int attribute, int year, int saving, out DateTime utc)
    {
        utc = default;
        if (!Value(attribute).TryGetDateTime(out CosemDateTime pattern) || !CosemDatePattern.TryResolve(pattern, year, out DateTime local)) return false;
        int deviation = pattern.DeviationMinutes == CosemDateTime.AnyDeviation ? -(_host.UtcOffsetMinutes + saving) : pattern.DeviationMinutes;
        utc = local.AddMinutes(deviation);
        return true;
    }
}
