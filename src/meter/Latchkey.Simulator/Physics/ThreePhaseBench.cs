using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>Three relays on three phases behind one supply switch: together inside a cycle, each at its own zero, and what one failing relay does.</summary>
public sealed class ThreePhaseBench
{
    private const int Phases = 3;
    private const int StepUs = 1000;
    private readonly PowerCircuit[] _circuits = new PowerCircuit[Phases];
    private readonly LoadSwitchController[] _controllers = new LoadSwitchController[Phases];

    /// <summary>Three relays of one seed's population, closed.</summary>
    public ThreePhaseBench(int seed)
    {
        for (int i = 0; i < Phases; i++)
        {
            _circuits[i] = new(new() { Seed = unchecked((seed * 7919) + i), StartPhase = -2 * Math.PI * i / Phases });
            _controllers[i] = new(_circuits[i], _circuits[i], new() { MaxAmps = 100, Seed = (uint)i + 1 });
        }

        Switch = new SupplySwitch(_controllers);
        Run(1_300_000);
    }

    public SupplySwitch Switch { get; }

    public IReadOnlyList<PowerCircuit> Circuits => _circuits;

    /// <summary>Spread over the relays of the last contact event of a kind, in cycles; null where one has none.</summary>
    public double? SpreadCycles(ContactEventKind kind, out double joules)
    {
        joules = 0;
        long first = long.MaxValue, last = long.MinValue;
        int seen = 0;
        foreach (PowerCircuit circuit in _circuits)
        {
            long? at = null;
            while (circuit.TryTakeEvent(out ContactEvent e))
            {
                if (e.Kind == kind) at = e.TimeUs;
                joules += e.Kind == ContactEventKind.Interrupted ? e.Joules : 0;
            }

            if (at is not { } us) continue;
            seen++;
            (first, last) = (Math.Min(first, us), Math.Max(last, us));
        }

        return seen == Phases ? (last - first) / 20_000.0 : null;
    }

    /// <summary>Runs all phases, millisecond by millisecond.</summary>
    public void Run(long durationUs)
    {
        for (long t = 0; t < durationUs; t += StepUs)
        {
            for (int i = 0; i < Phases; i++) _circuits[i].Run(StepUs, _controllers[i]);
            foreach (LoadSwitchController controller in _controllers) controller.Poll();
        }
    }

    /// <summary>The figures over so many openings and closings.</summary>
    public static IEnumerable<BenchFigure> Run(int operations, int seed)
    {
        var bench = new ThreePhaseBench(seed);
        var life = new Chance(seed);
        double opening = 0, closing = 0, joules = 0;
        for (int n = 0; n < operations; n++)
        {
            foreach (PowerCircuit circuit in bench._circuits) circuit.Load = new SpectralLoad(life.Between(10, 80), life.Between(-1, 1.3));
            bench.Run(1_000_000 + (long)(life.Unit() * 20_000));
            bench.Switch.Request(closed: false, SwitchUrgency.Normal);
            bench.Run(1_000_000);
            opening = Math.Max(opening, bench.SpreadCycles(ContactEventKind.Parted, out double arcs) ?? 99);
            if (n >= operations / 4) joules += arcs / Phases;
            foreach (PowerCircuit circuit in bench._circuits) circuit.Load = new SpectralLoad(1);
            bench.Run(400_000);
            bench.Switch.Request(closed: true, SwitchUrgency.Normal);
            bench.Run(1_000_000);
            closing = Math.Max(closing, bench.SpreadCycles(ContactEventKind.Touched, out _) ?? 99);
        }

        yield return BenchFigure.AtMost("three-phase-opening-spread", opening, "cycles", 1);
        yield return BenchFigure.AtMost("three-phase-closing-spread", closing, "cycles", 1);
        // Random openings of these loads cost about 45 A · 0.085 J/A.
        yield return BenchFigure.AtMost("three-phase-opening-mean", joules / (operations - (operations / 4)), "J", 0.15);
        yield return BenchFigure.AtLeast("three-phase-one-relay-stuck-closed", StuckClosed(seed) ? 1 : 0, "of 1", 1);
        yield return BenchFigure.AtLeast("three-phase-one-relay-stuck-open", StuckOpen(seed) ? 1 : 0, "of 1", 1);
    }

    // The other two open, and the supply says that it has failed.
    private static bool StuckClosed(int seed)
    {
        var bench = new ThreePhaseBench(seed);
        foreach (PowerCircuit circuit in bench._circuits) circuit.Load = new SpectralLoad(20);
        bench._circuits[1].Relay.Weld = WeldKind.Hard;
        bench.Run(400_000);
        bench.Switch.Request(closed: false, SwitchUrgency.Safety);
        bench.Run(8_000_000);
        return !bench._circuits[0].Conducts && bench._circuits[1].Conducts && !bench._circuits[2].Conducts && bench.Switch.Position == SupplyPosition.Failed;
    }

    // The other two do not stay closed alone.
    private static bool StuckOpen(int seed)
    {
        var bench = new ThreePhaseBench(seed);
        bench.Switch.Request(closed: false, SwitchUrgency.Normal);
        bench.Run(2_000_000);
        bench._circuits[2].Relay.HasStuckArmature = true;
        bench.Switch.Request(closed: true, SwitchUrgency.Normal);
        bench.Run(3_000_000);
        if (!bench._circuits[0].Conducts) return false;
        for (int k = 0; k < 8; k++)
        {
            bench.Run(1_000_000);
            _ = bench.Switch.Position;
        }

        return Array.TrueForAll(bench._circuits, c => !c.Conducts) && bench.Switch.Position == SupplyPosition.Failed;
    }
}
