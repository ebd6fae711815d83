using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>What a campaign of requests under random faults found.</summary>
/// <param name="Requests">Requests made.</param>
/// <param name="SilentErrors">Times the believed position was wrong without an event about it.</param>
/// <param name="ClosedAgainstWill">Times the contacts touched, wanted open, after the firmware had said that they were open.</param>
/// <param name="Events">How often each event was told.</param>
public sealed record FaultCampaignResult(
    int Requests, int SilentErrors, int ClosedAgainstWill, IReadOnlyDictionary<SwitchEventKind, int> Events);

/// <summary>Random requests while the relay, the supply and the load misbehave at random.</summary>
public static class FaultCampaign
{
    private const int RequestsPerRelay = 50;

    /// <summary>Runs so many requests.</summary>
    public static FaultCampaignResult Run(int requests, int seed)
    {
        var counts = new Dictionary<SwitchEventKind, int>();
        int silent = 0, against = 0;
        for (int done = 0; done < requests; done += RequestsPerRelay)
        {
            var life = new Life(unchecked((seed * 65_537) + done));
            for (int n = 0; n < Math.Min(RequestsPerRelay, requests - done); n++)
            {
                Verdict verdict = life.Request(counts);
                if (verdict == Verdict.SilentlyWrong) silent++;
                if (verdict == Verdict.ClosedAgainstWill) against++;
            }
        }

        return new(requests, silent, against, counts);
    }

    private enum Verdict
    {
        Right = 0,
        WrongButTold = 1,
        SilentlyWrong = 2,
        ClosedAgainstWill = 3,
    }

    private sealed class Life
    {
        private readonly Chance _chance;
        private readonly SwitchRig _rig;

        public Life(int seed)
        {
            _chance = new Chance(seed);
            _rig = new SwitchRig(new() { Seed = seed, RelayAge = _chance.Unit(), StartsClosed = _chance.Happens(0.5) }, new LoadSwitchSettings());
            _rig.Run(1_300_000);
        }

        public Verdict Request(Dictionary<SwitchEventKind, int> counts)
        {
            _rig.Circuit.Load = DrawLoad();
            Break();
            SwitchPosition wanted = _chance.Happens(0.5) ? SwitchPosition.Open : SwitchPosition.Closed;
            _rig.Firmware.Request(wanted, _chance.Happens(0.3) ? SwitchPriority.Safety : SwitchPriority.Normal);
            Disturb();
            Finish();
            List<SwitchEvent> told = _rig.TakeSwitchEvents();
            foreach (SwitchEvent e in told) counts[e.Kind] = counts.GetValueOrDefault(e.Kind) + 1;
            _rig.TakeContactEvents();
            Verdict verdict = Judge(wanted, told);
            Repair();
            return verdict;
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
            relay.HasStuckArmature = _chance.Happens(0.08);
            relay.HasBrokenCoil = _chance.Happens(0.04);
            if (_rig.Circuit.AreContactsTouching && _chance.Happens(0.08)) relay.Weld = _chance.Happens(0.5) ? WeldKind.Hard : WeldKind.Light;
            if (_chance.Happens(0.05)) _rig.Circuit.CoilVolts = _chance.Between(6, 10.5);
            if (_chance.Happens(0.05)) _rig.Circuit.Mains.Volts = _chance.Between(80, 180);
            if (_chance.Happens(0.04) && !_rig.Circuit.AreContactsTouching) _rig.Circuit.BackfeedVolts = _chance.Between(100, 240);
            _rig.Circuit.BackfeedRadians = _chance.Between(0.4, 5.8);
        }

        // Something goes wrong while the operation is under way.
        private void Disturb()
        {
            _rig.Run((long)_chance.Between(100, 80_000));
            double kind = _chance.Unit();
            if (kind < 0.1) _rig.Circuit.Mains.JumpPhase(_chance.Between(-2, 2), _rig.Circuit.NowUs * 1e-6);
            else if (kind < 0.2) _rig.Circuit.CutPulse();
            else if (kind < 0.3) _rig.Circuit.Mains.IsOn = false;
            else if (kind < 0.33) _rig.Circuit.ExposeToField(300, 3);
        }

        private void Finish()
        {
            _rig.Run(600_000);
            _rig.Circuit.Mains.IsOn = true;
            // Long enough for three pulses two seconds apart, and for the idle watch after them.
            for (int k = 0; k < 60; k++)
            {
                if (_rig.Firmware.IsBusy) _rig.Run(100_000);
                else if (_rig.Firmware.WakeUs < _rig.Circuit.NowUs + 3_000_000) SkipTo(_rig.Firmware.WakeUs.Value);
                else break;
            }

            _rig.Run(500_000);
        }

        private Verdict Judge(SwitchPosition wanted, List<SwitchEvent> told)
        {
            SwitchPosition truth = _rig.Circuit.AreContactsTouching ? SwitchPosition.Closed : SwitchPosition.Open;
            SwitchEventKind? last = told.Count > 0 ? told[^1].Kind : null;
            bool saidOpen = last == SwitchEventKind.Opened && _rig.Firmware.Position == SwitchPosition.Open;
            if (wanted == SwitchPosition.Open && saidOpen && truth == SwitchPosition.Closed) return Verdict.ClosedAgainstWill;
            if (_rig.Firmware.Position == truth) return Verdict.Right;
            return told.Count > 0 ? Verdict.WrongButTold : Verdict.SilentlyWrong;
        }

        private void Repair()
        {
            PowerCircuit c = _rig.Circuit;
            (c.Relay.HasStuckArmature, c.Relay.HasBrokenCoil, c.Relay.Weld) = (false, false, WeldKind.None);
            (c.CoilVolts, c.Mains.Volts, c.BackfeedVolts) = (12, 230, 0);
            c.Load = new SpectralLoad(5);
            if (_rig.Firmware.WakeUs is { } wake) SkipTo(wake);
            for (int k = 0; k < 40 && (k < 4 || _rig.Firmware.IsBusy); k++) _rig.Run(150_000);
            _rig.TakeSwitchEvents();
        }

        private void SkipTo(long wakeUs)
        {
            _rig.Run(1000);
            if (_rig.Circuit.IsAtRest && wakeUs > _rig.Circuit.NowUs) _rig.Circuit.Skip(wakeUs - _rig.Circuit.NowUs);
            _rig.Run(2000);
        }
    }
}
