using Latchkey.Meter;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Metrology;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator;

/// <summary>How virtual time passes: whole identical seconds by repetition, everything else sample by sample.</summary>
public sealed partial class VirtualMeter
{
    private const long StepUs = 1_000;
    private const long PreRollUs = 300_000;
    private const long SettleAfterLossUs = 200_000;
    private const int FrameCacheLimit = 20_000;
    private const int MaxPollsPerInstant = 16;
    private readonly Dictionary<FrameKey, PolyphaseFrame> _frames = [];
    private long _nowUs;
    private long _meteredUs;
    private long _bootUs;
    private long _loadUntilUs;
    private long? _asleepUntilUs;
    private LoadPoint _loadPoint = LoadPoint.None;
    private PolyphaseFrame _frame;
    private bool _hasFrame;

    private readonly record struct FrameKey(LoadPoint Load, int RelaysClosed, double Volts);

    private MeterTime Time() => new((_nowUs - _bootUs) / 1_000, Math.Max(0, Now.ToUnixTimeSeconds() + ClockErrorSeconds));

    private void Advance(long target)
    {
        while (_nowUs < target)
        {
            if (!HasSupply)
            {
                PassWithoutMains(target);
                return;
            }

            FollowLoad();
            if (_lines.IsBusy || !TryFrame())
            {
                RunSamples(Math.Min(target, _nowUs + StepUs));
                continue;
            }

            long frameUs = (long)_frame.L1.Samples * RawSample.PeriodUs;
            long wake = _lines.WakeUs;
            long due = Math.Min(Math.Min(_loadUntilUs, wake > _nowUs ? wake : long.MaxValue), NextDeadlineUs());
            long stop = Math.Min(target, due);
            if (_meteredUs + frameUs <= stop) BookFrame(frameUs);
            else if (stop < due) _nowUs = target;
            else
            {
                _nowUs = stop;
                Settle();
                WakeSwitch();
                Serve();
            }
        }
    }

    /// <summary>A retry of the switch is due: it has seen no samples while nothing moved.</summary>
    private void WakeSwitch()
    {
        if (_lines.WakeUs > _nowUs) return;
        PreRoll();
        _lines.Poll();
    }

    private void BookFrame(long frameUs)
    {
        _meteredUs += frameUs;
        _nowUs = _meteredUs;
        Apply(_frame);
        Serve();
    }

    /// <summary>Gives the module and the core their turn at this instant.</summary>
    private void Serve()
    {
        _bay.NowMs = _nowUs / 1_000;
        if (_restartUntilUs is { } until)
        {
            if (_nowUs >= until) ComeUp();
            return;
        }

        for (int i = 0; i < MaxPollsPerInstant; i++)
        {
            _bay.Module?.Advance(_bay.NowMs);
            _core!.Tick(Time());
            if (_bay.Module is not { HasBytesForMeter: true }) break;
        }

        if (_core!.Update.IsRestartDue) GoDown(StartCause.Firmware);
    }

    private long NextDeadlineUs()
    {
        if (_restartUntilUs is { } until) return until;
        long core = _core!.NextDeadlineMs;
        long coreUs = core > long.MaxValue / 2_000 ? long.MaxValue : _bootUs + (core * 1_000);
        // What lies in the past is due at the next frame; a deadline must lie ahead, or time would stand still.
        return coreUs > _nowUs ? coreUs : long.MaxValue;
    }

    private void FollowLoad()
    {
        if (_nowUs < _loadUntilUs) return;
        Settle();
        (LoadPoint point, DateTimeOffset until) = _load.At(Now);
        _loadUntilUs = until == DateTimeOffset.MaxValue ? long.MaxValue : Math.Max(_nowUs + 1, (until - _options.Start).Ticks / TimeSpan.TicksPerMicrosecond);
        if (point == _loadPoint) return;
        _loadPoint = point;
        PutOn(point);
        _hasFrame = false;
    }

    /// <summary>The load on the phases: all of it on one, or a third on each; what does not divide goes to the first.</summary>
    private void PutOn(LoadPoint point)
    {
        int phases = _lines.Circuits.Length;
        int share = point.Watts / phases;
        for (int i = 0; i < phases; i++)
            _lines.Circuits[i].Load = LoadOf(point with { Watts = i == 0 ? point.Watts - (share * (phases - 1)) : share });
    }

    private static SpectralLoad LoadOf(LoadPoint point) => point.Watts == 0
        ? new SpectralLoad(0)
        : SpectralLoad.ForPower(point.Watts, 230, Math.Clamp(Math.Abs(point.PowerFactor), 0.05, 1), leading: point.PowerFactor < 0);

    private bool TryFrame()
    {
        if (_hasFrame) return true;
        var key = new FrameKey(_loadPoint, _lines.RelaysClosed, _lines.First.Mains.Volts);
        if (_frames.TryGetValue(key, out _frame)) return _hasFrame = true;
        if (!_lines.TrySteadyFrame(out _frame)) return false;
        if (_frames.Count >= FrameCacheLimit) _frames.Clear();
        _frames[key] = _frame;
        return _hasFrame = true;
    }

    /// <summary>Books what has been drawn up to now, so that the core may be asked to do anything.</summary>
    private void Settle()
    {
        if (!HasSupply || _meteredUs == _nowUs) return;
        long until = _nowUs;
        _nowUs = _meteredUs;
        // Nothing was due in the time that is caught up with here, so nobody but metrology gets a turn in it.
        RunSamples(until, serves: false);
    }

    /// <summary>Runs every sample up to an instant, for metrology and for the switch.</summary>
    private void RunSamples(long untilUs, bool serves = true)
    {
        _lines.SkipTo(_meteredUs);
        while (_nowUs < untilUs)
        {
            long step = Math.Min(StepUs, untilUs - _nowUs);
            _lines.Run(step, metered: true);
            _nowUs += step;
            _meteredUs = _nowUs;
            while (_lines.TryTakeFrame(out PolyphaseFrame frame)) Apply(frame);
            if (serves && _nowUs % 10_000 < StepUs) Serve();
        }

        if (_lines.IsBusy) return;
        FlushMetrology();
        _hasFrame = false;
    }

    private void FlushMetrology()
    {
        while (_lines.TryTakeFrame(out PolyphaseFrame frame)) Apply(frame);
        PolyphaseFrame rest = _lines.Flush();
        if (rest.L1.Samples > 0) Apply(rest);
    }

    /// <summary>Gives the switch the samples it would have seen all along, before it is asked for anything.</summary>
    private void PreRoll()
    {
        _lines.SkipTo(Math.Max(_lines.NowUs, _meteredUs - PreRollUs));
        while (_lines.NowUs < _meteredUs) _lines.Run(Math.Min(StepUs, _meteredUs - _lines.NowUs), metered: false);
    }

    private void Boot()
    {
        _lines.SkipTo(_nowUs);
        (_bootUs, _meteredUs, _hasFrame) = (_nowUs, _nowUs, false);
        _memory.PowerOn();
        _store.PowerOn();
        ProgramMemory.PowerOn();
        _metrology = _lines.PowerUp(_options.Profile, _options.Seed);
        var supplySwitch = new WakingSwitch(new SupplySwitch(_lines.Controllers), PreRoll);
        _hardware = new MeterHardware(_memory, supplySwitch, _tamper, _bay) { ProgramMemory = ProgramMemory, Seal = _seal, Field = _tamper, Integrity = _integrity, Cosem = Line() };
        _bay.NowMs = _nowUs / 1_000;
        _restartUntilUs = null;
        StartProcessor();
    }

    private void SwitchMainsOn()
    {
        PassWithoutMains(_nowUs);
        _lines.SkipTo(_nowUs);
        SetMains(on: true);
        Guard(_core is null ? Boot : Resume);
    }

    private void SwitchMainsOff()
    {
        Guard(Settle);
        SetMains(on: false);
        if (_core is not null) Guard(FailPower);
    }

    /// <summary>Mains is back before the hold-up charge was gone: the processor goes on where it was.</summary>
    private void Resume()
    {
        _memory.PowerOn();
        _store.PowerOn();
        _asleepUntilUs = null;
        (_meteredUs, _hasFrame) = (_nowUs, false);
        _bay.NowMs = _nowUs / 1_000;
        _core!.OnPowerRestored(Time());
        Serve();
    }

    private void PassWithoutMains(long target)
    {
        if (_core is not null && target >= _asleepUntilUs)
        {
            _nowUs = _asleepUntilUs.Value;
            StopCore();
        }

        // Without supply a pulse that was running finds no charge and an arc no current: both end by themselves.
        long settled = Math.Min(target, _lines.NowUs + SettleAfterLossUs);
        if (!_lines.IsAtRest && settled > _lines.NowUs) _lines.RunUnheard(settled - _lines.NowUs);
        _nowUs = target;
    }

    private void FailPower()
    {
        // Metering has a charge of its own in a restart; here the application is simply there at once to save for it.
        if (_restartUntilUs is not null) StartAnew();
        // Four milliseconds without voltage are needed to believe it.
        RunSamples(_nowUs + HoldUpCapacitor.DetectionUs);
        FlushMetrology();
        long left = _options.HoldUp.AvailableUs(Celsius, 0) - HoldUpCapacitor.DetectionUs;
        _memory.CutAfterTime(Math.Max(0, left));
        _store.CutAfterTime(0);
        _core!.OnPowerFailing(Time());
        _lastSnapshot = _core.Snapshot;
        _bay.NowMs = _nowUs / 1_000;
        CollectOutgoing();
        _bay.Powered = false;
        _asleepUntilUs = _nowUs + left;
        SaveMechanics();
    }

    private void StopCore()
    {
        if (_core is null) return;
        if (_asleepUntilUs is null) _lastSnapshot = _core.Snapshot;
        _asleepUntilUs = null;
        _core.Dispose();
        _core = null;
        CollectOutgoing();
        _bay.Powered = false;
        SaveMechanics();
    }

    private void WithCore(Action<MeterCore> action)
    {
        Guard(() =>
        {
            Settle();
            if (!IsRunning) return;
            action(_core!);
            Serve();
        });
    }

    private void Touch(TamperInputs input, bool present)
    {
        Guard(Settle);
        _tamper.Set(input, present);
        SaveMechanics();
        WithCore(core => core.Tick(Time()));
    }

    /// <summary>Runs something that may lose power on the way. Then the processor is gone, and mains with it until it is switched on again.</summary>
    private void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (PowerLostException)
        {
            SetMains(on: false);
            StopCore();
        }
    }

    private void CollectOutgoing()
    {
        while (_bay.Module is { } module && module.TryTakeUplink(_nowUs / 1_000, out byte[] message)) _outgoing.Enqueue(new OutgoingMessage(Now, message));
    }

    private void MakeNew(INvmImage image)
    {
        if (!MeterCore.Manufacture(_identity, _memory, _options.Key, _options.Attributes)) throw new InvalidOperationException("The new memory does not hold what is written.");
        new Mechanics(RelaysClosed: 7, TamperInputs.None).Write(image);
    }

    private void SaveMechanics() => new Mechanics(_lines.RelaysClosed, _tamper.Latched).Write(_image);

    private void SetMains(bool on)
    {
        foreach (PowerCircuit circuit in _lines.Circuits) circuit.Mains.IsOn = on;
    }
}
