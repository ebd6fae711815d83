using Latchkey.Meter.Hal;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>When to start the pulse.</summary>
public sealed partial class LoadSwitchController
{
    private const long LeadUs = 1000;
    private const long SafetyUs = 40_000;
    private const long FreeRunUs = 200_000;
    private const int ShortestPulseUs = 50_000;
    private const int WidestPulseUs = 100_000;
    private const double ArclessAmps = 0.5;
    private const double DirectAmps = 5;
    private const double BreakingFactor = 1.25;
    private const double SteadyShare = 0.8;
    private const double UnsteadySigmaMs = 0.5;
    private const int UnsteadyCycles = 10;
    private const double WorthOtherPolarity = 2;
    private const int CycleSamples = 200;
    private const long ReplanUs = 5000;
    private const long SlowReplanUs = 50_000;
    private const int MixtureCycles = 8;
    private const double VaryingRatio = 1.5;

    private Operation _operation;
    private int _attempt;
    private int _told;
    private int _jumpsSeen;
    private double _loadRatio = 1;
    private long _nextPlanUs;
    private bool _isMixture;
    private long? _lastPulseUs;

    private void Plan(long now)
    {
        if (now < _nextPlanUs || _ring.Unbroken < CycleSamples + 8 || now - _lastPulseUs < _settings.RestUs) return;
        // What could not be planned now looks no different a millisecond later; only who is in a hurry asks again at once.
        if (_priority == SwitchPriority.Normal) _nextPlanUs = now + ReplanUs;
        bool close = _wanted == SwitchPosition.Closed;
        double coil = _supply.CoilMillivolts / 1000.0, celsius = _supply.TemperatureDeciCelsius / 10.0;
        (double volts, double loadVolts, double amps) = FeedbackReader.Rms(_ring, _settings, CycleSamples);
        if (IsSupplyWeak(coil, volts) || (close ? _closing : _opening).Predict(coil, celsius) is not { } delay)
        {
            TellOnce(SwitchEventKind.WaitingForSupply);
            return;
        }

        var drive = new Drive(coil, celsius, delay.DelayMs, delay.SigmaMs);
        if (close) PlanClosing(now, drive, loadVolts);
        else PlanOpening(now, drive, amps);
    }

    private bool IsSupplyWeak(double coil, double volts) => _settings.DefersOnWeakCoil
        && (coil < 0.85 * _settings.Delay.NominalVolts || volts < 0.7 * _settings.NominalVolts);

    private void PlanOpening(long now, in Drive drive, double amps)
    {
        if (amps > BreakingFactor * _settings.MaxAmps)
        {
            TellOnce(SwitchEventKind.WaitingForBreakingCapacity);
            return;
        }

        (double strongest, double weakest) = FeedbackReader.Extremes(_ring, _settings, CycleSamples);
        if (strongest < ArclessAmps)
        {
            Arm(drive, Earliest(now, drive), synchronised: false);
            return;
        }

        double latest = _priority == SwitchPriority.Safety ? _requestUs + SafetyUs : double.PositiveInfinity;
        bool hurried = now + LeadUs + 500 + (drive.DelayMs * 1000) > latest;
        if (Reference(now) is { } reference && BuildProfile(reference, now, out double extraSigma))
        {
            Evaluate(drive.SigmaMs + extraSigma, varies: strongest > VaryingRatio * weakest);
            Aim(now, drive, latest);
        }
        else if (hurried || IsAdrift(now)) OpenAtSmallest(now, drive, latest);
    }

    // The voltage leads; where it is missing, the current's own crossings serve.
    private MainsTracker? Reference(long now)
    {
        if (_mains.Jumps != _jumpsSeen)
        {
            _jumpsSeen = _mains.Jumps;
            TellOnce(SwitchEventKind.PhaseJump);
        }

        if (_mains.IsLocked && _mains.SilentUs(now) < FreeRunUs) return _mains;
        return _mains.SilentUs(now) > FreeRunUs && _current.IsLocked && _current.SilentUs(now) < 30_000 ? _current : null;
    }

    private bool IsAdrift(long now) => now - _requestUs > FreeRunUs && !_mains.IsLocked && !_current.IsLocked;

    private bool BuildProfile(MainsTracker reference, long now, out double extraSigma)
    {
        extraSigma = 0;
        if (!_profile.TryBuild(_ring, reference.CrossingUs, reference.PeriodUs, reference.GoodCycles, _settings)) return false;
        if (_profile.Stationarity >= SteadyShare) return true;
        bool waits = _priority == SwitchPriority.Normal && now - _requestUs < UnsteadyCycles * reference.PeriodUs;
        if (waits) return false;
        _profile.KeepNewestCycle(_settings);
        extraSigma = UnsteadySigmaMs;
        return true;
    }

    // A load that comes and goes, as burst firing does, is aimed at on the average of the last cycles and not of the last alone.
    private void Evaluate(double sigma, bool varies)
    {
        _isMixture = varies;
        if (!varies)
        {
            _aim.Evaluate(_profile, _gap.Contact, sigma);
            return;
        }

        _aim.Begin();
        for (int c = 0; c < MixtureCycles; c++)
        {
            if (_single.TryBuildSingle(_ring, _profile.OriginUs - ((c + 1) * _profile.PeriodUs), _profile.PeriodUs, _settings)) _aim.Add(_single, _gap.Contact);
        }

        _aim.Choose(_profile.MsPerPoint, sigma);
    }

    private void Aim(long now, in Drive drive, double latest)
    {
        if (!_aim.HasZeros)
        {
            OpenAtSmallest(now, drive, latest);
            return;
        }

        double earliest = Earliest(now, drive);
        AimPoint chosen = Choose(earliest, latest);
        double at = InstantOf(chosen.Point, earliest);
        if (at > latest) at = Math.Max(earliest, latest);
        if (chosen.Joules > _aim.RandomJoules / 2) TellOnce(SwitchEventKind.DistortedCurrent);
        Arm(drive, at, synchronised: true);
    }

    private AimPoint Choose(double earliest, double latest)
    {
        bool positive = _ledger.PrefersPositive();
        (AimPoint preferred, AimPoint other) = positive ? (_aim.Positive, _aim.Negative) : (_aim.Negative, _aim.Positive);
        if (preferred.Joules > WorthOtherPolarity * other.Joules + 0.001) (preferred, other) = (other, preferred);
        bool late = InstantOf(preferred.Point, earliest) > latest && InstantOf(other.Point, earliest) <= latest;
        AimPoint chosen = late ? other : preferred;
        double owed = Math.Abs(_ledger.SignedMicrocoulombs) * 1e-6;
        bool pays = !_isMixture && owed > _settings.PaybackCoulombs && chosen == (_ledger.SignedMicrocoulombs < 0 ? _aim.Positive : _aim.Negative);
        return pays ? _aim.Earlier(chosen, owed, _settings.PaybackJoules) : chosen;
    }

    // With other phases the instant lies in the cycle that all share.
    private double Earliest(long now, in Drive drive)
    {
        double own = now + LeadUs + (drive.DelayMs * 1000);
        return Window?.Join(own, now + LeadUs) ?? own;
    }

    private double InstantOf(double point, double earliest)
    {
        double at = _profile.OriginUs + (point / CycleProfile.Points * _profile.PeriodUs);
        return at + (Math.Max(0, Math.Ceiling((earliest - at) / _profile.PeriodUs)) * _profile.PeriodUs);
    }

    // Direct current, or nothing to go by: the smallest current of the last 25 ms, repeated after them.
    private void OpenAtSmallest(long now, in Drive drive, double latest)
    {
        int back = 0;
        for (int k = 0; k < CycleSamples; k++)
        {
            if (Math.Abs(_ring.I(k)) < Math.Abs(_ring.I(back))) back = k;
        }

        bool large = Math.Abs(_ring.I(back) * _settings.AmpsPerCount) > DirectAmps;
        if (large && _priority < SwitchPriority.Safety)
        {
            TellOnce(SwitchEventKind.WaitingForZero);
            _nextPlanUs = now + SlowReplanUs;
            return;
        }

        if (large) TellOnce(SwitchEventKind.UnsynchronisedBreak);
        double earliest = now + LeadUs + (drive.DelayMs * 1000);
        double at = _ring.LastUs - (back * 125.0);
        at += Math.Ceiling((earliest - at) / _mains.PeriodUs) * _mains.PeriodUs;
        Arm(drive, Math.Max(earliest, Math.Min(at, latest)), synchronised: false);
    }

    private void PlanClosing(long now, in Drive drive, double loadVolts)
    {
        if (InhibitsClosing)
        {
            Drop();
            return;
        }

        if (loadVolts > 0.25 * _settings.NominalVolts && Position != SwitchPosition.Closed)
        {
            IsLoadSideLive = true;
            TellOnce(SwitchEventKind.LoadVoltageWhileOpen);
            Drop();
            return;
        }

        if (Reference(now) is null || !_mains.IsLocked) return;
        double half = _mains.PeriodUs / 2;
        // An iron core remembers where its current last began, so there the last touch counts and not the middle.
        double target = _mains.CrossingUs + (_make.AimsAtPeak ? (half / 2) - (_settings.BounceMs * 1000) : -_settings.BounceMs * 500);
        double earliest = Earliest(now, drive);
        double steps = Math.Ceiling((earliest - target) / half);
        // Either slope will do for the load; the contacts want both in turn.
        if (_ledger.NextBit()) steps++;
        Arm(drive, target + (Math.Max(0, steps) * half), synchronised: true);
    }

    private void Arm(in Drive drive, double contactUs, bool synchronised)
    {
        bool close = _wanted == SwitchPosition.Closed;
        long command = (long)Math.Round(contactUs - (drive.DelayMs * 1000));
        int width = _attempt >= 2 ? WidestPulseUs : Math.Max(ShortestPulseUs, (int)(3000 * drive.DelayMs));
        if (!_drive.TrySchedule(close ? SwitchCoil.Close : SwitchCoil.Open, command, width)) return;
        if (!close && synchronised) MeasureLoadRatio();
        _operation = new(close, command, contactUs, width, synchronised, drive);
        _operations++;
        _lastPulseUs = command;
        _stage = Stage.Armed;
        _pending = false;
    }

    // Line and load-side channel have their own gains; closed contacts make them comparable.
    private void MeasureLoadRatio()
    {
        double cross = 0, own = 0;
        for (int k = 0; k < CycleSamples; k++)
        {
            cross += (double)_ring.V(k) * _ring.Lsv(k);
            own += (double)_ring.Lsv(k) * _ring.Lsv(k);
        }

        if (own > 0 && cross / own is > 0.9 and < 1.1) _loadRatio = cross / own;
    }

    private readonly record struct Drive(double CoilVolts, double Celsius, double DelayMs, double SigmaMs);

    private readonly record struct Operation(bool Close, long CommandUs, double AimUs, int WidthUs, bool Synchronised, Drive Drive);
}
