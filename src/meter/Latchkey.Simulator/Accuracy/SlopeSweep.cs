using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>One point of the sweep.</summary>
/// <param name="AmpsPerMicrosecond">Slope of the current's edges.</param>
/// <param name="FiringDegrees">Where in the half cycle it rises.</param>
/// <param name="Hertz">Frequency of the supply.</param>
/// <param name="Filtered">Behind the converter's filter, or without any.</param>
/// <param name="ErrorPercent">Error of the energy.</param>
public readonly record struct SlopePoint(double AmpsPerMicrosecond, double FiringDegrees, double Hertz, bool Filtered, double ErrorPercent);

/// <summary>Pulsed currents with steep edges, as dimmers and pump drives draw them: the blind spot of approved static meters.</summary>
public static class SlopeSweep
{
    private const double Peak = 30;
    private const double Volts = 230;
    private const double HoldCycles = 0.03;
    private const int FilterPoints = 32;
    private static readonly double[] Slopes = [0.1, 0.2, 0.5, 1, 2, 5, 10];
    private static readonly double[] Firing = [45, 90, 135];
    private static readonly double[] Mains = [49.97, 50];

    /// <summary>Runs it with an ideal front end, so that what is wrong is the sampling's.</summary>
    /// <param name="full">Every slope and angle, or four points.</param>
    public static IReadOnlyList<SlopePoint> Run(bool full) =>
    [
        .. from slope in full ? Slopes : [0.1, 10]
           from firing in full ? Firing : [135]
           from hertz in full ? Mains : [50]
           from filtered in new[] { true, false }
           let load = Load(slope, firing / 360, hertz)
           select new SlopePoint(slope, firing, hertz, filtered, load.ErrorPercent(Calibration.Nominal, new FrontEndFaults(), points: filtered ? FilterPoints : 1, frames: 1)),
    ];

    /// <summary>
    /// The worst behind the filter, over all slopes; and, only reported, what the same edges do to a converter that has none: with two edges within five
    /// samples and a supply that stands still against them, the samples do not say how long the pulse was.
    /// </summary>
    public static IReadOnlyList<BenchFigure> Figures(IReadOnlyList<SlopePoint> points) =>
    [
        BenchFigure.AtMost("slope-sweep", Worst(points, true), "%", AccuracyTables.Default.Influences["slope-sweep"]),
        BenchFigure.Reported("slope-sweep-without-filter", Worst(points, false), "%"),
    ];

    private static double Worst(IReadOnlyList<SlopePoint> points, bool filtered) => points.Where(p => p.Filtered == filtered).Max(p => Math.Abs(p.ErrorPercent));

    // Rises at the slope, holds for a while, falls as fast; in the other half cycle the same with the other sign.
    private static TestLoad Load(double ampsPerMicrosecond, double firing, double hertz)
    {
        double edge = Peak / ampsPerMicrosecond * 1e-6 * hertz;
        return TestLoad.Periodic(Volts, hertz, 1, x =>
        {
            double into = (x % 0.5) - firing, sign = x < 0.5 ? 1 : -1;
            return sign * Peak * Math.Clamp(Math.Min(into / edge, (HoldCycles + (2 * edge) - into) / edge), 0, 1);
        });
    }
}
