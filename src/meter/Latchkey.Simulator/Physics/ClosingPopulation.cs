using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>One scored make.</summary>
/// <param name="BounceJoules">Arc energy of the bounce.</param>
/// <param name="PeakAmps">Largest current of the first cycles.</param>
public readonly record struct ClosingTrial(double BounceJoules, double PeakAmps);

/// <summary>Makes of one load, by the firmware and at chosen instants.</summary>
public sealed class ClosingPopulation(PhysicsParameters physics, int seed)
{
    private const int Warmup = 4;

    /// <summary>The firmware's makes, each relay after some makes to learn from.</summary>
    public IEnumerable<ClosingTrial> Learned(Func<LoadModel> load, int units, int operations)
    {
        for (int unit = 0; unit < units; unit++)
        {
            var rig = new SwitchRig(Options(unit, closed: false), new LoadSwitchSettings { RestUs = 0, MaxAmps = 100, Seed = (uint)unit + 1 });
            var life = new Chance(seed + unit);
            rig.Run(300_000);
            for (int n = 0; n < operations + Warmup; n++)
            {
                rig.Circuit.Load = load();
                rig.Circuit.Skip((long)(life.Unit() * 1_000_000));
                rig.Run(250_000);
                rig.Switch(SwitchPosition.Closed);
                ContactEvent made = rig.TakeContactEvents().Single(e => e.Kind == ContactEventKind.Made);
                rig.Circuit.Relay.Weld = WeldKind.None; // scored by its energy; a weld would end the series
                if (n >= Warmup) yield return new(made.Joules, made.PeakAmps);
                rig.Circuit.Load = new SpectralLoad(1);
                rig.Switch(SwitchPosition.Open);
                rig.TakeContactEvents();
                rig.TakeSwitchEvents();
            }
        }
    }

    /// <summary>Makes at a given time after the voltage's zero, milliseconds; null is any instant.</summary>
    public IEnumerable<ClosingTrial> At(Func<LoadModel> load, int count, double? afterZeroMs)
    {
        var life = new Chance(seed);
        for (int n = 0; n < count; n++)
        {
            // A first make of the same relay with the same seed tells when its contacts touch.
            long touchUs = Make(load, n, 0).First(e => e.Kind == ContactEventKind.Touched).TimeUs;
            double share = afterZeroMs is { } ms ? ms / 20 : life.Unit();
            double phase = 2 * Math.PI * (share - (touchUs * 1e-6 * 50));
            ContactEvent made = Make(load, n, phase).Single(e => e.Kind == ContactEventKind.Made);
            yield return new(made.Joules, made.PeakAmps);
        }
    }

    private List<ContactEvent> Make(Func<LoadModel> load, int n, double phase)
    {
        var circuit = new PowerCircuit(Options(n, closed: false) with { StartPhase = phase }) { Load = load() };
        circuit.TrySchedule(SwitchCoil.Close, 1000, 50_000);
        circuit.Run(120_000, NoSink.Instance);
        List<ContactEvent> events = [];
        while (circuit.TryTakeEvent(out ContactEvent e)) events.Add(e);
        return events;
    }

    private PowerCircuitOptions Options(int unit, bool closed) =>
        new() { Seed = unchecked((seed * 7919) + unit), Physics = physics, StartsClosed = closed, RelayAge = unit % 5 * 0.25 };
}
