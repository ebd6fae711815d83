using System.Globalization;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>One relay that lives through requests and faults; every request is judged by what really is.</summary>
internal sealed class FaultedLife
{
    private readonly Chance _chance;
    private readonly SwitchRig _rig;
    private readonly PulseProbe _probe;
    private LoadSwitchMemory _stored = LoadSwitchMemory.Factory;
    private SwitchPosition _wanted;
    private SwitchRequestResult _answer;
    private readonly List<ContactEventKind> _contacts = [];
    private string _fault = "";
    private string _description = "";

    public FaultedLife(int seed)
    {
        _chance = new Chance(seed);
        PulseProbe? probe = null;
        var options = new PowerCircuitOptions { Seed = seed, RelayAge = _chance.Unit(), StartsClosed = _chance.Happens(0.5) };
        _rig = new SwitchRig(options, new LoadSwitchSettings(), drive => probe = new PulseProbe(drive));
        _probe = probe!;
        _rig.Run(1_300_000);
    }

    /// <summary>The events of the last request.</summary>
    public List<SwitchEvent> Told { get; } = [];

    public FaultVerdict Request()
    {
        Told.Clear();
        _contacts.Clear();
        _fault = "";
        _rig.Circuit.Load = DrawLoad();
        Break();
        _wanted = _chance.Happens(0.5) ? SwitchPosition.Open : SwitchPosition.Closed;
        _probe.Begin();
        _answer = Ask(_chance.Happens(0.3) ? SwitchPriority.Safety : SwitchPriority.Normal);
        Disturb();
        Finish();
        FaultVerdict verdict = Judge();
        _description = verdict == FaultVerdict.Right ? "" : Describe();
        Repair();
        return verdict;
    }

    /// <summary>What happened in the last request, where it broke a rule.</summary>
    public string Description => _description;

    private string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"wanted {_wanted} ({_answer}), believed {_rig.Firmware.Position}, really {(_rig.Circuit.Conducts ? "closed" : "open")}, faults {_fault}, told {string.Join(' ', Told.Select(e => e.Kind))}, contacts {string.Join(' ', _contacts)}, pulses {_probe}");

    private SwitchRequestResult Ask(SwitchPriority priority)
    {
        SwitchRequestResult answer = _rig.Firmware.Request(_wanted, priority);
        if (answer is SwitchRequestResult.Accepted or SwitchRequestResult.AlreadyThere) _probe.Wanted = _wanted;
        return answer;
    }

    private LoadModel DrawLoad() => _chance.Pick<int>([0, 1, 2, 3, 4, 5]) switch
    {
        0 => new SpectralLoad(_chance.Between(0, 1)),
        1 => new SpectralLoad(_chance.Between(5, 70), _chance.Between(-1.4, 1.4)),
        2 => new DirectLoad(_chance.Between(0, 12), _chance.Between(0, 30)),
        3 => new RectifierLoad(_chance.Between(2, 20)),
        4 => new InductiveLoad(_chance.Between(3, 20), _chance.Between(0.01, 0.05)),
        _ => new DimmerLoad(_chance.Between(6, 60), _chance.Between(0.5, 2.5)),
    };

    private void Break()
    {
        RelayUnit relay = _rig.Circuit.Relay;
        relay.HasStuckArmature = Draw(0.08, "stuck");
        relay.HasBrokenCoil = Draw(0.04, "coil");
        if (_rig.Circuit.AreContactsTouching && Draw(0.08, "weld")) relay.Weld = _chance.Happens(0.5) ? WeldKind.Hard : WeldKind.Light;
        if (Draw(0.05, "weak-coil")) _rig.Circuit.CoilVolts = _chance.Between(6, 10.5);
        if (Draw(0.05, "sag")) _rig.Circuit.Mains.Volts = _chance.Between(80, 180);
        if (!_rig.Circuit.AreContactsTouching && Draw(0.04, "backfeed")) _rig.Circuit.BackfeedVolts = _chance.Between(100, 240);
        _rig.Circuit.BackfeedRadians = _chance.Between(0.4, 5.8);
    }

    private bool Draw(double probability, string name)
    {
        if (!_chance.Happens(probability)) return false;
        _fault += name + " ";
        return true;
    }

    // Something goes wrong while the operation is under way.
    private void Disturb()
    {
        Run((long)_chance.Between(100, 80_000));
        double kind = _chance.Unit();
        if (kind < 0.1) Named("jump", () => _rig.Circuit.Mains.JumpPhase(_chance.Between(-2, 2), _rig.Circuit.NowUs * 1e-6));
        else if (kind < 0.2) Named("brown-out", _rig.Circuit.CutPulse);
        else if (kind < 0.3) Named("dark", () => _rig.Circuit.Mains.IsOn = false);
        else if (kind < 0.33) Named("magnet", () => _rig.Circuit.ExposeToField(300, 3));
        else if (kind < 0.38) Named("restart", Restart);
        else if (kind < 0.41) Named("load-lost", () => _rig.Circuit.Load = new SpectralLoad(0));
    }

    private void Named(string name, Action act)
    {
        _fault += name + " ";
        act();
    }

    // The meter's journal holds the state after the last operation that ended; its supply control asks again after the start.
    private void Restart()
    {
        _rig.Restart(_stored);
        _probe.Begin();
        Run(300_000);
        _answer = Ask(SwitchPriority.Normal);
    }

    private void Finish()
    {
        Run(600_000);
        _rig.Circuit.Mains.IsOn = true;
        // Long enough for three pulses two seconds apart, and for the idle watch after them.
        for (int k = 0; k < 60; k++)
        {
            if (_rig.Firmware.IsBusy) Run(100_000);
            else if (_rig.Firmware.WakeUs < _rig.Circuit.NowUs + 3_000_000) SkipTo(_rig.Firmware.WakeUs.Value);
            else break;
        }

        Run(500_000);
        // What is under way is neither believed nor denied.
        for (int k = 0; k < 60 && _rig.Firmware.IsBusy; k++) Run(100_000);
    }

    private void Run(long durationUs)
    {
        _rig.Run(durationUs);
        while (_rig.Firmware.TryTakeEvent(out SwitchEvent e))
        {
            Told.Add(e);
            if (e.Kind is SwitchEventKind.Opened or SwitchEventKind.Closed or SwitchEventKind.DisconnectFailure or SwitchEventKind.ReconnectFailure)
                _stored = _rig.Firmware.Export();
            if (e.Kind == SwitchEventKind.MovedUnbidden) _probe.Begin();
        }

        while (_rig.Circuit.TryTakeEvent(out ContactEvent e)) _contacts.Add(e.Kind);
    }

    private FaultVerdict Judge()
    {
        if (_probe.Rule.Length > 0) return FaultVerdict.ForbiddenPulse;
        bool flows = _rig.Circuit.Conducts;
        SwitchPosition truth = flows ? SwitchPosition.Closed : SwitchPosition.Open;
        if (_rig.Firmware.Position != truth && !IsDoubted()) return FaultVerdict.SilentlyWrong;
        bool tries = _rig.Firmware.IsBusy || _rig.Firmware.WakeUs is not null || _rig.Firmware.HasFailed;
        return _wanted == SwitchPosition.Open && flows && !tries ? FaultVerdict.ClosedAgainstWill : FaultVerdict.Right;
    }

    // The last word about the position was that it is not known, or not what it should be.
    private bool IsDoubted()
    {
        for (int k = Told.Count - 1; k >= 0; k--)
        {
            switch (Told[k].Kind)
            {
                case SwitchEventKind.Opened or SwitchEventKind.Closed or SwitchEventKind.MovedUnbidden: return false;
                case SwitchEventKind.Unverified or SwitchEventKind.Retrying or SwitchEventKind.DisconnectFailure or SwitchEventKind.ReconnectFailure
                    or SwitchEventKind.LoadVoltageWhileOpen or SwitchEventKind.CurrentWhileOpen or SwitchEventKind.ArcStands: return true;
                default: break;
            }
        }

        return false;
    }

    private void Repair()
    {
        PowerCircuit c = _rig.Circuit;
        (c.Relay.HasStuckArmature, c.Relay.HasBrokenCoil, c.Relay.Weld) = (false, false, WeldKind.None);
        (c.CoilVolts, c.Mains.Volts, c.BackfeedVolts) = (12, 230, 0);
        c.Load = new SpectralLoad(5);
        _probe.Begin();
        if (_rig.Firmware.WakeUs is { } wake) SkipTo(wake);
        for (int k = 0; k < 40 && (k < 4 || _rig.Firmware.IsBusy); k++) Run(150_000);
    }

    private void SkipTo(long wakeUs)
    {
        Run(1000);
        if (_rig.Circuit.IsAtRest && wakeUs > _rig.Circuit.NowUs) _rig.Circuit.Skip(wakeUs - _rig.Circuit.NowUs);
        Run(2000);
    }

    /// <summary>Stands between firmware and timer and knows what no pulse may do.</summary>
    private sealed class PulseProbe(ILoadSwitch inner) : ILoadSwitch
    {
        private const long LeastApartUs = 1_000_000;
        private const int MostPulses = 3;
        private readonly List<(SwitchCoil Coil, long StartUs)> _pulses = [];
        private long _lastUs = long.MinValue / 2;
        private long _beforeUs = long.MinValue / 2;

        public SwitchPosition Wanted { get; set; }

        /// <summary>The rule that was broken; empty while none was.</summary>
        public string Rule { get; private set; } = "";

        public long NowUs => inner.NowUs;

        public void Begin()
        {
            _pulses.Clear();
            Rule = "";
        }

        public bool TrySchedule(SwitchCoil coil, long startUs, int widthUs)
        {
            if (!inner.TrySchedule(coil, startUs, widthUs)) return false;
            _pulses.Add((coil, startUs));
            if (coil == SwitchCoil.Close && Wanted == SwitchPosition.Open) Rule = "closed against the wish";
            if (startUs - _lastUs < LeastApartUs) Rule = "too soon";
            if (_pulses.Count(p => p.Coil == coil) > MostPulses) Rule = "too many";
            (_beforeUs, _lastUs) = (_lastUs, startUs);
            return true;
        }

        public bool TryCancel()
        {
            if (!inner.TryCancel()) return false;
            if (_pulses.Count > 0) _pulses.RemoveAt(_pulses.Count - 1);
            _lastUs = _beforeUs;
            return true;
        }

        public override string ToString() => Rule + " " + string.Join(' ', _pulses.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Coil}@{p.StartUs}")));
    }
}
