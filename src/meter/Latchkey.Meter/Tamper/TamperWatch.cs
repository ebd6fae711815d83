using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Meter.Tamper;

/// <summary>Brings together what registers, Hall sensors, clock, self-checks, keypad and slot say about tampering.</summary>
internal sealed class TamperWatch(MeterContext context, MeterHardware hardware)
{
    private const int AfterStartMs = 10_000;
    private const int AroundSwitchingMs = 1_000;
    private const int SelfCheckMs = 86_400_000;
    private const int ResetWindowSeconds = 60;
    private const int AllowedResets = 3;
    private const int ModuleWindowMs = 60_000;
    private const long AllowedGarbage = 2_000;
    private const long AllowedForgeries = 20;
    private readonly ClockWatch _clock = new();
    private readonly FieldSample[] _window = new FieldSample[IFieldSensor.WindowSamples];
    private TamperSignals _electrical;
    private TamperInputs _guarded;
    private TamperInputs _integrity;
    private TamperInputs _instant;
    private SupplyPosition _position;
    private long _movedAtMs = -AroundSwitchingMs;
    private long _checkedAtMs;
    private long _jammedUntilMs = -1;
    private long _windowFromMs;
    private long _hostileUntilMs = -1;
    private long _garbageThen;
    private long _forgeriesThen;

    /// <summary>The field at the last look.</summary>
    public FieldReading Field { get; private set; }

    public long ClockStepSeconds => _clock.LastStepSeconds;

    /// <summary>At a start: self-checks, the clock, and whether the watchdog bites too often.</summary>
    public void Start(long savedClockSeconds, StartCause cause, IEnumerable<TamperKind> kinds)
    {
        foreach (TamperKind kind in kinds)
        {
            if (kind.Guards != TamperGuards.None) _guarded |= kind.Input;
        }

        if (cause == StartCause.Watchdog) OnWatchdog();
        if (_clock.JumpedAtStart(context.Now, savedClockSeconds)) _instant |= TamperInputs.ClockStep;
        CheckSelf();
    }

    /// <summary>Thresholds of one frame.</summary>
    public void OnFrame(in PolyphaseFrame frame, SupplyPosition position)
    {
        // A piece of a wave has no mean values to judge by.
        if (frame.L1.Cycles == 0 && frame.L1.Samples < RawSample.RateHz / 2) return;
        ReadOnlySpan<MetrologyRegisters> phases = context.ShownPhases;
        long direct = Math.Abs(DirectMillivolts(frame.L1, phases[0]));
        if (phases.Length > 1) direct = Math.Max(direct, Math.Max(Math.Abs(DirectMillivolts(frame.L2, phases[1])), Math.Abs(DirectMillivolts(frame.L3, phases[2]))));
        _electrical = ElectricalTamper.Of(new ElectricalView(phases, direct, frame.IsClockwise, position), context.Profile);
    }

    public TamperSignals Signals(SupplyPosition position, bool keypadLocked, long garbageBytes, long forgeries)
    {
        long now = context.Now.MonotonicMs;
        FollowSwitch(position, now);
        bool guarded = now < AfterStartMs || now - _movedAtMs < AroundSwitchingMs;
        TamperSignals signals = guarded ? new TamperSignals(TamperInputs.None, TamperInputs.None, _guarded) : _electrical;
        // A field that reached the relay may be what moved it: the sensors are always heard.
        signals = signals.And(LookAtField());
        if (_clock.Jumped(context.Now)) _instant |= TamperInputs.ClockStep;
        if (now - _checkedAtMs >= SelfCheckMs) CheckSelf();
        TamperInputs other = _integrity | _instant;
        if (now < _jammedUntilMs) other |= TamperInputs.Jamming;
        if (keypadLocked) other |= TamperInputs.TokenGuessing;
        if (IsHostile(now, garbageBytes, forgeries)) other |= TamperInputs.HostileModule;
        _instant = TamperInputs.None;
        return signals.And(TamperSignals.Switches(other));
    }

    private void FollowSwitch(SupplyPosition position, long now)
    {
        if (position != _position || position == SupplyPosition.Moving) _movedAtMs = now;
        _position = position;
    }

    private TamperSignals LookAtField()
    {
        Field = default;
        if (!hardware.Field.IsAwake) return default;
        hardware.Field.Read(_window);
        Field = FieldReading.Of(_window);
        return Field.Signals;
    }

    private void CheckSelf()
    {
        _checkedAtMs = context.Now.MonotonicMs;
        if (hardware.Integrity is not { } probe) return;
        bool sound = probe.IsCalibrationIntact && string.Equals(probe.MetrologyHash, probe.ApprovedMetrologyHash, StringComparison.Ordinal);
        _integrity = sound ? TamperInputs.None : TamperInputs.Integrity;
    }

    // The log is what outlives a reset. Where the clock cannot be believed the running time orders the entries.
    private void OnWatchdog()
    {
        context.Log(EventCode.WatchdogReset);
        long clock = context.Now.ClockSeconds, uptime = context.UptimeSeconds;
        int recent = context.General.Entries.Count(e => e.Code == EventCode.WatchdogReset
            && (clock > 0 && e.ClockSeconds > 0 ? Math.Abs(clock - e.ClockSeconds) <= ResetWindowSeconds : uptime - e.UptimeSeconds <= ResetWindowSeconds));
        if (recent > AllowedResets) _jammedUntilMs = context.Now.MonotonicMs + (ResetWindowSeconds * 1_000L);
    }

    private bool IsHostile(long now, long garbageBytes, long forgeries)
    {
        if (garbageBytes - _garbageThen > AllowedGarbage || forgeries - _forgeriesThen > AllowedForgeries) _hostileUntilMs = now + ModuleWindowMs;
        else if (now - _windowFromMs < ModuleWindowMs) return now < _hostileUntilMs;
        (_windowFromMs, _garbageThen, _forgeriesThen) = (now, garbageBytes, forgeries);
        return now < _hostileUntilMs;
    }

    /// <summary>The mean of the voltage, from its share of the squares: the front end's own zero is a thousandth of what is looked for.</summary>
    private static long DirectMillivolts(in FrameSums sums, in MetrologyRegisters phase)
    {
        if (sums.Samples == 0) return 0;
        Int128 total = sums.V2, direct = (Int128)sums.SumV * sums.SumV / sums.Samples;
        Int128 alternating = total - direct;
        if (alternating <= 0) return 0;
        Int128 square = direct * phase.VoltageMillivolts * phase.VoltageMillivolts / alternating;
        return (long)FrameRoot((UInt128)square);
    }

    private static UInt128 FrameRoot(UInt128 square)
    {
        if (square == 0) return 0;
        UInt128 root = UInt128.One << (int)((129 - UInt128.LeadingZeroCount(square)) / 2);
        while (true)
        {
            UInt128 better = (root + (square / root)) / 2;
            if (better >= root) return root;
            root = better;
        }
    }
}
