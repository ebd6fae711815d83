using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>Influences that only a three-phase meter knows: each of its phases is a calibrated meter of the population.</summary>
public static partial class InfluenceBench
{
    private static IEnumerable<(string Name, double Change)> Polyphase()
    {
        FrontEndFaults[] faults = [.. Enumerable.Range(0, 3).Select(k => FrontEndFaults.Draw(new Chance(3000 + k)) with { ClockError = 0 })];
        Calibration[] calibrations = [.. faults.Select((f, k) => CalibrationBench.Calibrate(f, 60 + k))];
        double Error(double[] volts, double[] amps, int direction = 1) => PolyphaseError(faults, calibrations, volts, amps, direction);
        double[] three = [Un, Un, Un], tenth = [Ib / 10, Ib / 10, Ib / 10], rated = [Ib, Ib, Ib];

        yield return ("reversed-sequence", Error(three, tenth, -1) - Error(three, tenth));
        double balanced = Error(three, rated);
        for (int k = 0; k < 3; k++)
        {
            double[] lost = [Un, Un, Un], only = [0, 0, 0];
            lost[k] = 0;
            only[k] = Un;
            yield return ("one-voltage-lost", Error(lost, rated) - balanced);
            yield return ("two-voltages-lost", Error(only, rated) - balanced);
            double[] single = [0, 0, 0];
            single[k] = Ib;
            yield return ("single-phase-load", Error(three, single) - balanced);
        }
    }

    private static double PolyphaseError(FrontEndFaults[] faults, Calibration[] calibrations, double[] volts, double[] amps, int direction)
    {
        FilteredConverter[] phases = [.. Enumerable.Range(0, 3).Select(k => Phase(faults[k], volts[k], amps[k], direction * k * 2 * Math.PI / 3, k))];
        var core = new PolyphaseMetrologyCore(calibrations[0], calibrations[1], calibrations[2]);
        PolyphaseFrame last = default;
        for (int whole = 0; whole < 3;)
        {
            core.OnSample(phases[0].Next(), phases[1].Next(), phases[2].Next());
            if (!core.TryTakeFrame(out PolyphaseFrame f) || f.L1.Cycles == 0) continue;
            last = f;
            whole++;
        }

        for (int repeat = 0; repeat < 200; repeat++) core.ApplyFrame(last);
        return TestLoad.Percent(core.Registers.Total, volts.Zip(amps, (v, i) => v * i).Sum());
    }

    private static FilteredConverter Phase(FrontEndFaults faults, double volts, double amps, double lag, int seed)
    {
        double w = 2 * Math.PI * 50, root = Math.Sqrt(2);
        return new(t => volts * root * Math.Sin((w * t) - lag), t => amps * root * Math.Sin((w * t) - lag), 50, faults, seed: seed + 5);
    }
}
