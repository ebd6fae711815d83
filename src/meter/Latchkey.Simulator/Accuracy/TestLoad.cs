using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>A voltage and a current with their true power, and the error that a meter makes on them.</summary>
/// <param name="Hertz">Frequency of the supply.</param>
/// <param name="Volts">Volts at a time in seconds.</param>
/// <param name="Amps">Amperes at a time.</param>
/// <param name="Watts">True mean power.</param>
public sealed record TestLoad(double Hertz, Func<double, double> Volts, Func<double, double> Amps, double Watts)
{
    private const int Repeats = 200;
    private static readonly double Root = Math.Sqrt(2);

    /// <summary>A sine current behind a sine voltage.</summary>
    public static TestLoad Sine(double volts, double amps, double hertz = 50, double phi = 0)
    {
        double w = 2 * Math.PI * hertz;
        return new(hertz, t => volts * Root * Math.Sin(w * t), t => amps * Root * Math.Sin((w * t) - phi), volts * amps * Math.Cos(phi));
    }

    /// <summary>A current with period of <paramref name="cycles"/> cycles behind a sine voltage; the true power by integration at a million points a cycle.</summary>
    public static TestLoad Periodic(double volts, double hertz, int cycles, Func<double, double> ampsAtCycle)
    {
        const int Points = 1_000_000;
        double sum = 0, w = 2 * Math.PI;
        for (long k = 0; k < (long)Points * cycles; k++)
        {
            double x = (k + 0.5) / Points;
            sum += volts * Root * Math.Sin(w * x) * ampsAtCycle(x);
        }

        return new(hertz, t => volts * Root * Math.Sin(w * hertz * t), t => ampsAtCycle(((hertz * t) % cycles + cycles) % cycles), sum / Points / cycles);
    }

    /// <summary>Error of the registered energy, percent.</summary>
    public double ErrorPercent(in Calibration calibration, FrontEndFaults faults, double celsius = 23, int points = 8, int frames = 2, bool tape = true, int seed = 1)
    {
        var core = new MetrologyCore(calibration, tape ? new WaveformTape() : null);
        var converter = new FilteredConverter(Volts, Amps, Hertz, faults, celsius, points, seed);
        FrameSums sum = default;
        for (int whole = 0; whole <= frames;)
        {
            core.OnSample(converter.Next());
            if (!core.TryTakeFrame(out FrameSums f) || f.Cycles == 0) continue;
            if (whole++ > 0) sum = sum.Then(f);
        }

        for (int repeat = 0; repeat < Repeats; repeat++) core.ApplyFrame(sum);
        return Percent(core.Registers, Watts);
    }

    internal static double Percent(in MetrologyRegisters r, double watts)
    {
        double hours = r.SampleCount / (double)RawSample.RateHz / 3600;
        return 100 * (((r.ActiveImport - r.ActiveExport) / 1e6 / (watts * hours)) - 1);
    }
}
