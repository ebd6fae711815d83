using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>Runs the benchmark population: every relay lives the same conditions under every strategy.</summary>
public sealed class OpeningPopulation(PhysicsParameters physics, int seed)
{
    private const double WarmLoadAmps = 1;
    private readonly DelayModel _nominal = new();
    private readonly OpeningAim _aim = new();
    private readonly CycleProfile _profile = new();

    /// <summary>Draws the conditions of one operation; the default is the whole grid.</summary>
    public Func<Chance, OperatingConditions> Conditions { get; init; } = OperatingConditions.Draw;

    /// <summary>Age of every relay; null spreads it evenly from 0 to 1.</summary>
    public double? Age { get; init; }

    /// <summary>Priority of the firmware's requests.</summary>
    public SwitchPriority Priority { get; init; }

    /// <summary>How the firmware is set; what the benchmark needs otherwise is changed in it.</summary>
    public LoadSwitchSettings Firmware { get; init; } = new();

    /// <summary>What a data sheet that tells the truth would say of these contacts.</summary>
    public static ContactModel ContactOf(ArcParameters a) => new()
    {
        IgniteAmps = a.IgniteAmps,
        IgniteVolts = a.IgniteVolts,
        ArcVolts = a.FallVolts,
        ArcVoltsPerMs = a.ColumnVoltsPerMm * a.GapMmPerMs,
        ImmediateVolts = a.ImmediateVolts,
        ImmediateVoltsPerAmp = a.ImmediateVoltsPerAmp,
        ImmediateLowestVolts = a.ImmediateLowestVolts,
        StrengthVoltsPerMs = a.DielectricVoltsPerMm * a.GapMmPerMs,
        Overshoot = a.Overshoot,
    };

    /// <summary>Runs some strategies over some relays.</summary>
    public IEnumerable<OpeningTrial> Run(int units, int operations, params OpeningStrategy[] strategies)
    {
        for (int unit = 0; unit < units; unit++)
        {
            var birth = new Chance(unchecked((seed * 7919) + unit));
            double age = Age ?? birth.Unit();
            double spread = Math.Clamp(birth.Normal(1, physics.Coil.UnitSpread), physics.Coil.UnitLowest, physics.Coil.UnitHighest);
            int lifeSeed = birth.NextSeed();
            foreach (OpeningStrategy strategy in strategies)
            {
                var options = new PowerCircuitOptions { Seed = lifeSeed + (int)strategy, Physics = physics, RelayAge = age, RelaySpread = spread };
                IEnumerable<OpeningTrial> life = strategy == OpeningStrategy.Learned
                    ? LearnedLife(options, unit, operations, lifeSeed)
                    : PlannedLife(options, unit, operations, lifeSeed, strategy);
                foreach (OpeningTrial trial in life) yield return trial;
            }
        }
    }

    private IEnumerable<OpeningTrial> LearnedLife(PowerCircuitOptions options, int unit, int operations, int lifeSeed)
    {
        var rig = new SwitchRig(options, Firmware with { DefersOnWeakCoil = false, RestUs = 0, MaxAmps = 100, Seed = unchecked((uint)lifeSeed) });
        var life = new Chance(lifeSeed);
        rig.Run(300_000);
        for (int n = 1; n <= operations; n++)
        {
            OperatingConditions c = Conditions(life);
            c.Apply(rig.Circuit);
            rig.Circuit.Skip((long)(life.Unit() * 1_000_000));
            rig.Run(250_000);
            long decided = rig.Circuit.NowUs;
            rig.Switch(SwitchPosition.Open, Priority);
            yield return Score(rig, unit, n, c, decided);
            rig.Circuit.Load = new SpectralLoad(WarmLoadAmps);
            rig.Switch(SwitchPosition.Closed);
            rig.TakeContactEvents();
            rig.TakeSwitchEvents();
        }
    }

    private static OpeningTrial Score(SwitchRig rig, int unit, int operation, OperatingConditions c, long decided)
    {
        List<ContactEvent> events = rig.TakeContactEvents();
        ContactEvent parted = events.Single(e => e.Kind == ContactEventKind.Parted);
        ContactEvent ended = events.Single(e => e.Kind == ContactEventKind.Interrupted);
        SwitchEvent told = rig.TakeSwitchEvents().Last(e => e.Kind == SwitchEventKind.Opened);
        double truth = parted.TimeUs - told.ContactUs + told.AimErrorUs;
        return new(OpeningStrategy.Learned, unit, operation, c, rig.Circuit.Relay.Age, ended.Joules, ended.Coulombs, ended.Reignitions > 0,
            (parted.TimeUs - decided) / 1000.0, truth / 1000.0);
    }

    private IEnumerable<OpeningTrial> PlannedLife(
        PowerCircuitOptions options, int unit, int operations, int lifeSeed, OpeningStrategy strategy)
    {
        var life = new Chance(lifeSeed);
        for (int n = 1; n <= operations; n++)
        {
            OperatingConditions c = Conditions(life);
            double startPhase = life.Unit() * 2 * Math.PI;
            var circuit = new PowerCircuit(options with { Seed = unchecked(options.Seed + (n * 104_729)), StartPhase = startPhase });
            c.Apply(circuit);
            ContactEvent ended = strategy == OpeningStrategy.Theory
                ? Ideal(c)
                : Open(circuit, PlanUs(strategy, circuit, c, startPhase, life), c);
            yield return new(strategy, unit, n, c, circuit.Relay.Age, ended.Joules, ended.Coulombs, ended.Reignitions > 0, 0, 0);
        }
    }

    private static ContactEvent Open(PowerCircuit circuit, double commandUs, OperatingConditions c)
    {
        circuit.TrySchedule(SwitchCoil.Open, (long)Math.Round(commandUs), 60_000);
        circuit.Run((long)commandUs + (long)(2.5e6 / c.Hertz) + 30_000, NoSink.Instance);
        while (circuit.TryTakeEvent(out ContactEvent e))
        {
            if (e.Kind == ContactEventKind.Interrupted) return e;
        }

        throw new InvalidOperationException("The relay did not open.");
    }

    private double PlanUs(OpeningStrategy strategy, PowerCircuit circuit, OperatingConditions c, double startPhase, Chance life)
    {
        double coil = circuit.CoilMillivolts / 1000.0, celsius = circuit.TemperatureDeciCelsius / 10.0;
        double nominal = _nominal.OperateMs(false, _nominal.NominalVolts, 20)!.Value;
        return strategy switch
        {
            OpeningStrategy.Random => 1000 + (life.Unit() * 1e6 / c.Hertz),
            OpeningStrategy.VoltageZero => CommandFor(c, startPhase, 0, nominal),
            OpeningStrategy.CurrentZero => CommandFor(c, startPhase, CurrentZero(c) - (0.0005 * c.Hertz), nominal),
            OpeningStrategy.Compensated => CommandFor(
                c, startPhase, CurrentZero(c) - (0.0007 * c.Hertz), _nominal.OperateMs(false, coil, celsius) ?? nominal),
            OpeningStrategy.Oracle => CommandFor(
                c, startPhase, BestPoint(c, physics.Coil.JitterMs, life), circuit.Relay.Expected(false, circuit.CoilVolts, c.Celsius)!.Value.ContactMs),
            _ => throw new ArgumentOutOfRangeException(nameof(strategy)),
        };
    }

    // A phase is a share of the cycle after the voltage's rising zero; the command must lie in the future.
    private static double CommandFor(OperatingConditions c, double startPhase, double share, double delayMs)
    {
        double period = 1e6 / c.Hertz;
        double at = ((share - (startPhase / (2 * Math.PI))) * period) - (delayMs * 1000);
        return at + (Math.Max(0, Math.Ceiling((1000 - at) / period)) * period);
    }

    // The falling zero of the whole current, harmonics included.
    private static double CurrentZero(OperatingConditions c)
    {
        const int Steps = 2000;
        for (int k = 0; k < Steps; k++)
        {
            double here = c.Load.At(2 * Math.PI * k / Steps), there = c.Load.At(2 * Math.PI * (k + 1) / Steps);
            if (here > 0 && there <= 0) return (k + (here / (here - there))) / Steps;
        }

        throw new InvalidOperationException("A current without a falling zero.");
    }

    private double BestPoint(OperatingConditions c, double sigmaMs, Chance life)
    {
        Evaluate(c, sigmaMs, TrueContact());
        bool positive = _aim.Positive.Joules <= _aim.Negative.Joules && (_aim.Positive.Joules < _aim.Negative.Joules || life.Happens(0.5));
        return (positive ? _aim.Positive : _aim.Negative).Point / CycleProfile.Points;
    }

    private ContactEvent Ideal(OperatingConditions c)
    {
        // Without the luck of parting where no arc lights, the dielectric decides: the smallest lead that holds.
        Evaluate(c, 1e-3, TrueContact() with { IgniteAmps = 0, IgniteVolts = 0 });
        double least = double.PositiveInfinity;
        foreach (double joules in _aim.Energy) least = Math.Min(least, joules);
        return new(ContactEventKind.Interrupted, 0, least);
    }

    private void Evaluate(OperatingConditions c, double sigmaMs, ContactModel contact)
    {
        double peak = 230 * Math.Sqrt(2);
        _profile.Fill(1e6 / c.Hertz, x => (peak * Math.Sin(2 * Math.PI * x), c.Load.At(2 * Math.PI * x)));
        _aim.Evaluate(_profile, contact, sigmaMs);
    }

    private ContactModel TrueContact() => ContactOf(physics.Arc);
}
