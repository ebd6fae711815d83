using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Simulator.Physics;

/// <summary>
/// The test program of a utilization category: endurance, a negligible current after it, making into a fault at the voltage's peak, and
/// carrying a short circuit. A switch that does not move any more is safe where it knows so and says so.
/// </summary>
public static class UcTest
{
    private const double CycleSeconds = 10;
    private const double NegligibleAmps = 0.02;
    private const int FaultTrials = 40;
    private const long HalfCycleUs = 10_000;

    /// <summary>Runs it.</summary>
    /// <param name="category">What is asked of the switch.</param>
    /// <param name="share">Share of the endurance operations to run; 1 is all.</param>
    /// <param name="seed">Seed.</param>
    public static IReadOnlyList<BenchFigure> Run(UtilizationCategory category, double share = 1, int seed = 31)
    {
        string name = category.Name.ToLowerInvariant();
        int operations = Math.Max((int)(category.EnduranceOperations * share), 1);
        var rig = new SwitchRig(new() { Seed = seed }, new LoadSwitchSettings());
        rig.Run(1_300_000);
        double ohms = rig.Circuit.Mains.Volts / category.BreakAmps;
        int failed = Endure(rig, new ResistiveLoad(ohms), operations)
            + Endure(rig, new InductiveLoad(ohms * 0.5, ohms * Math.Sqrt(0.75) / (2 * Math.PI * 50)), operations);
        List<BenchFigure> figures =
        [
            BenchFigure.Reported($"{name}-endurance-operations", 2.0 * operations, "openings"),
            BenchFigure.AtMost($"{name}-endurance-failures", failed, "operations", 0),
            BenchFigure.AtMost($"{name}-endurance-wear", rig.Circuit.Relay.Age * 100, "% of life", 50),
            BenchFigure.Reported($"{name}-endurance-wear-estimate", rig.Firmware.Contacts.WearPermille / 10.0, "% of life"),
            BenchFigure.AtLeast($"{name}-negligible-current-conducts", Conducts(rig) ? 1 : 0, "of 1", 1),
        ];
        figures.AddRange(Faults(category, name, rig.Circuit.Relay.Age, seed));
        return figures;
    }

    // Openings that were not confirmed at once, or whose truth was another.
    private static int Endure(SwitchRig rig, LoadModel load, int operations)
    {
        int failed = 0;
        for (int n = 0; n < operations; n++)
        {
            rig.Circuit.Load = load;
            foreach (SwitchPosition position in new[] { SwitchPosition.Open, SwitchPosition.Closed })
            {
                rig.Circuit.Skip((long)(CycleSeconds / 2 * 1e6));
                rig.Run(150_000);
                rig.Switch(position);
                bool right = rig.Circuit.AreContactsTouching == (position == SwitchPosition.Closed);
                if (!right || rig.TakeSwitchEvents() is not [{ Kind: SwitchEventKind.Opened or SwitchEventKind.Closed }]) failed++;
                rig.TakeContactEvents();
            }
        }

        return failed;
    }

    private static bool Conducts(SwitchRig rig)
    {
        rig.Circuit.Load = new SpectralLoad(NegligibleAmps);
        rig.Run(500_000);
        return rig.Circuit.AreContactsTouching && rig.Firmware.Position == SwitchPosition.Closed;
    }

    private static IEnumerable<BenchFigure> Faults(UtilizationCategory category, string name, double age, int seed)
    {
        int unsafeMakes = 0, welds = 0, inoperable = 0, unsafeCarries = 0;
        for (int n = 0; n < FaultTrials; n++)
        {
            SwitchRig made = Fresh(age, unchecked((seed * 101) + n), closed: false);
            MakeIntoFault(made, category);
            if (made.Circuit.Relay.Weld != WeldKind.None) welds++;
            if (!IsSafe(made)) unsafeMakes++;

            SwitchRig low = Fresh(age, unchecked((seed * 103) + n), closed: true);
            Carry(low, category.CarryOperableAmps);
            low.Switch(SwitchPosition.Open);
            if (low.Circuit.AreContactsTouching || low.Firmware.Position != SwitchPosition.Open) inoperable++;

            SwitchRig high = Fresh(age, unchecked((seed * 107) + n), closed: true);
            Carry(high, category.CarrySafeAmps);
            if (!IsSafe(high)) unsafeCarries++;
        }

        yield return BenchFigure.Reported($"{name}-fault-makes-welded", 100.0 * welds / FaultTrials, "%");
        yield return BenchFigure.AtMost($"{name}-fault-makes-unsafe", unsafeMakes, $"of {FaultTrials}", 0);
        yield return BenchFigure.AtMost($"{name}-carry-inoperable", inoperable, $"of {FaultTrials}", 0);
        yield return BenchFigure.AtMost($"{name}-carry-unsafe", unsafeCarries, $"of {FaultTrials}", 0);
    }

    private static SwitchRig Fresh(double age, int seed, bool closed)
    {
        var rig = new SwitchRig(new() { Seed = seed, RelayAge = age, StartsClosed = closed }, new LoadSwitchSettings());
        rig.Circuit.Load = new SpectralLoad(10);
        rig.Run(1_300_000);
        return rig;
    }

    // At the voltage's peak, by the timer itself: the firmware would choose a better instant. The breaker upstream clears after half a cycle.
    private static void MakeIntoFault(SwitchRig rig, UtilizationCategory category)
    {
        double ohms = rig.Circuit.Mains.Volts / category.MakeAmps * category.MakePowerFactor;
        double reactance = rig.Circuit.Mains.Volts / category.MakeAmps * Math.Sqrt(1 - (category.MakePowerFactor * category.MakePowerFactor));
        rig.Circuit.Load = new InductiveLoad(ohms, reactance / (2 * Math.PI * 50));
        double delayUs = rig.Circuit.Relay.Expected(true, rig.Circuit.CoilVolts, rig.Circuit.Celsius)!.Value.ContactMs * 1000;
        double peakUs = (Math.Ceiling((rig.Circuit.NowUs + 2000 + delayUs) / 20_000.0) * 20_000) + 5000;
        rig.Circuit.TrySchedule(SwitchCoil.Close, (long)(peakUs - delayUs), 50_000);
        rig.Run((long)peakUs - rig.Circuit.NowUs + HalfCycleUs);
        Clear(rig);
    }

    private static void Carry(SwitchRig rig, double amps)
    {
        rig.Circuit.Load = new SpectralLoad(amps);
        rig.Run(HalfCycleUs);
        Clear(rig);
    }

    private static void Clear(SwitchRig rig)
    {
        rig.Circuit.Mains.IsOn = false;
        rig.Run(300_000);
        rig.Circuit.Load = new SpectralLoad(10);
        rig.Circuit.Mains.IsOn = true;
        rig.Run(1_500_000);
    }

    // It opens, or it knows that it does not and has said so.
    private static bool IsSafe(SwitchRig rig)
    {
        rig.TakeSwitchEvents();
        rig.Switch(SwitchPosition.Open);
        rig.Run(8_000_000);
        bool opened = !rig.Circuit.AreContactsTouching && rig.Firmware.Position == SwitchPosition.Open;
        bool told = rig.Firmware is { HasFailed: true, Position: SwitchPosition.Closed }
            && rig.TakeSwitchEvents().Exists(e => e.Kind == SwitchEventKind.DisconnectFailure);
        return opened || (rig.Circuit.AreContactsTouching && told);
    }
}
