using Latchkey.Meter.Hal;

namespace Latchkey.Simulator.Physics;

/// <summary>The relay's part of the circuit: pulses, parting, arcs, bounce, welds.</summary>
public sealed partial class PowerCircuit
{
    private enum Contacts
    {
        Touching = 0,
        Apart = 1,
        Flying = 2,
    }

    private Contacts _contacts;
    private BreakArc? _arc;
    private bool _flightArcs;
    private bool _armed;
    private bool _pulseRuns;
    private long _armedToken;
    private long _stroke;
    private long _committedUs;
    private double _bounceJoules;
    private double _bounceCharge;
    private double _peakAmps;
    private bool _watchesPeak;

    /// <summary>True while the contacts touch.</summary>
    public bool AreContactsTouching => _contacts == Contacts.Touching;

    /// <summary>True while current can flow, through touching contacts or an arc.</summary>
    public bool Conducts => _contacts == Contacts.Touching || _arc is not null || (_contacts == Contacts.Flying && _flightArcs);

    /// <summary>True while no pulse is armed and nothing moves.</summary>
    public bool IsAtRest => _agenda.Count == 0 && _arc is null;

    public bool TrySchedule(SwitchCoil coil, long startUs, int widthUs)
    {
        bool enabled = coil == SwitchCoil.Open ? MeteringEnable || ManagementEnable : MeteringEnable && ManagementEnable;
        if (_armed || _pulseRuns || startUs <= NowUs || widthUs <= 0 || !enabled) return false;
        _armed = true;
        long token = ++_armedToken;
        At(startUs, () => StartPulse(token, coil, widthUs));
        return true;
    }

    public bool TryCancel()
    {
        bool wasArmed = _armed;
        _armed = false;
        _armedToken++;
        return wasArmed;
    }

    /// <summary>Holds a magnet along the relay's axis for a while: the latch may flip.</summary>
    public void ExposeToField(double millitesla, double seconds)
    {
        CoilParameters c = _physics.Coil;
        if (millitesla <= c.DislodgeMillitesla || !_chance.Happens(1 - Math.Pow(1 - c.DislodgePerSecond, seconds))) return;
        Report(new(ContactEventKind.Dislodged, NowUs));
        if (_contacts == Contacts.Touching) Part();
        else Touch();
    }

    private void StartPulse(long token, SwitchCoil coil, int widthUs)
    {
        if (!_armed || token != _armedToken) return;
        _armed = false;
        _pulseRuns = true;
        long start = NowUs;
        Report(new(ContactEventKind.PulseStarted, start));
        At(start + widthUs, EndPulse);

        bool close = coil == SwitchCoil.Close;
        OperateTime? operate = Relay.Operate(close, CoilVolts, Celsius);
        if (operate is not { } o || o.ShortestPulseMs * 1000 > widthUs)
        {
            Report(new(ContactEventKind.PulseFailed, start));
            return;
        }

        long contactUs = start + (long)Math.Round(o.ContactMs * 1000);
        _committedUs = start + (long)Math.Round(o.ShortestPulseMs * 1000);
        long stroke = ++_stroke;
        if (close && _contacts == Contacts.Apart) At(contactUs, () => FinishStroke(stroke, Touch));
        else if (!close && _contacts == Contacts.Touching) At(contactUs, () => FinishStroke(stroke, Part));
    }

    /// <summary>Cuts the running pulse short, as a brown-out does: the armature falls back unless it is already committed.</summary>
    public void CutPulse()
    {
        if (!_pulseRuns || NowUs >= _committedUs) return;
        _stroke++;
        Report(new(ContactEventKind.PulseFailed, NowUs));
    }

    private void FinishStroke(long stroke, Action contact)
    {
        if (stroke == _stroke) contact();
    }

    private void EndPulse()
    {
        _pulseRuns = false;
        DrawSensingErrors();
    }

    private void Part()
    {
        if (_contacts != Contacts.Touching) return;
        if (!Relay.BreaksWeld(CoilVolts))
        {
            Report(new(ContactEventKind.WeldHeld, NowUs));
            return;
        }

        Unsettle();
        _amps = CurrentAt(NowUs);
        double volts = Mains.At(NowUs * 1e-6).Volts;
        _contacts = Contacts.Apart;
        Report(new(ContactEventKind.Parted, NowUs));
        if (BreakArc.Ignites(_physics.Arc, _amps, volts)) _arc = new BreakArc(_physics.Arc, NowUs * 1e-6, _amps, Load);
        else Interrupt(NowUs);
    }

    private void FollowArc(long toUs, double step, double volts)
    {
        if (_watchesPeak) _peakAmps = Math.Max(_peakAmps, Math.Abs(_amps));
        if (_contacts == Contacts.Flying)
        {
            _bounceJoules += _physics.Arc.FallVolts * Math.Abs(_amps) * step;
            _bounceCharge += _amps * step;
        }

        if (_arc is not null && !_arc.Step(toUs * 1e-6, step, _amps, volts)) Interrupt(toUs);
    }

    private void Interrupt(long atUs)
    {
        _amps = 0;
        double joules = _arc?.Joules ?? 0, charge = _arc?.SignedCoulombs ?? 0;
        Relay.Erode(_arc?.Coulombs ?? 0, charge);
        Report(new(ContactEventKind.Interrupted, atUs, joules, charge, _arc?.Reignitions ?? 0));
        _arc = null;
    }

    private double GapVolts(long atUs)
    {
        if (_arc is not null) return _arc.VoltsAt(atUs * 1e-6);
        return _contacts == Contacts.Flying ? _physics.Arc.FallVolts : 0;
    }

    private void Touch()
    {
        if (_contacts != Contacts.Apart || _arc is not null) return;
        Unsettle();
        _contacts = Contacts.Touching;
        _bounceJoules = _bounceCharge = _peakAmps = 0;
        _watchesPeak = true;
        Report(new(ContactEventKind.Touched, NowUs));

        BounceParameters b = _physics.Bounce;
        long at = NowUs;
        for (int k = 0; k < b.FlightMs.Length; k++)
        {
            at += (long)(1000 * _chance.Between(b.DwellLowestMs, b.DwellHighestMs));
            At(at, Fly);
            at += (long)(1000 * b.FlightMs[k] * (1 + (b.FlightSpread[k] * _chance.Between(-1, 1))));
            At(at, () => _contacts = Contacts.Touching);
        }

        At(at, Made);
        At(at + 60_000, () => _watchesPeak = false);
    }

    private void Fly()
    {
        _amps = CurrentAt(NowUs);
        _contacts = Contacts.Flying;
        _flightArcs = Math.Abs(_amps) > _physics.Arc.IgniteAmps;
    }

    private void Made()
    {
        Relay.Erode(Math.Abs(_bounceCharge), _bounceCharge);
        Relay.Weld = Relay.WeldAfterMake(_bounceJoules, Load.ProspectiveAmps);
        At(NowUs + 60_000, () => Report(new(ContactEventKind.Made, NowUs, _bounceJoules, _bounceCharge, 0, _peakAmps)));
        if (Relay.Weld != WeldKind.None) Report(new(ContactEventKind.Welded, NowUs, _bounceJoules));
    }
}
