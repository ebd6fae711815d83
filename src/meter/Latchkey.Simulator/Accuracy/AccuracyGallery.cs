using System.Globalization;
using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>Pictures of the metrology's errors, as SVG files.</summary>
public static class AccuracyGallery
{
    private const double Degree = Math.PI / 180;

    /// <summary>Writes every picture into a folder; returns the files.</summary>
    public static IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        (string Name, string Svg)[] pictures =
        [
            ("error-over-current", OverCurrent()),
            ("error-over-power-factor", OverPowerFactor()),
            ("error-over-slope", OverSlope()),
        ];
        List<string> files = [];
        foreach ((string name, string svg) in pictures)
        {
            files.Add(Path.Combine(folder, name + ".svg"));
            File.WriteAllText(files[^1], svg);
        }

        return files;
    }

    /// <summary>Calibrated meters over the current, with the limits of class 1 and half of them.</summary>
    public static string OverCurrent()
    {
        AccuracyTables tables = AccuracyTables.Default;
        double[] shares = [.. Enumerable.Range(0, 25).Select(k => 0.01 * Math.Pow(1200, k / 24.0))];
        var chart = new SvgChart("Error of registered energy over current: meters after calibration, 230 V, 50 Hz", (0.05, 60), (-1.6, 1.6), "A", "%", logX: true);
        Limits(chart, "class 1, PF 1", share => tables.Limit("1", share, true), shares);
        Limits(chart, "class 0.5S, PF 1", share => tables.Limit("0.5S", share, true), shares, "#bbbbbb");
        foreach ((string name, double phi) in new[] { ("PF 1", 0.0), ("PF 0.5 inductive", 60 * Degree), ("PF 0.8 capacitive", -Math.Acos(0.8)) })
        {
            foreach ((int meter, double celsius) in new[] { (1, 23.0), (2, -25.0) })
            {
                (FrontEndFaults faults, Calibration calibration) = Meter(meter);
                chart.Line(string.Create(CultureInfo.InvariantCulture, $"meter {meter}, {name}, {celsius} °C"), shares.Select(s =>
                {
                    var signal = new TestSignal(tables.Meter.NominalVolts, s * tables.Meter.BaseAmps, 50, phi, celsius);
                    return (s * tables.Meter.BaseAmps, TestLoad.Percent(signal.Measure(calibration, faults, s < 0.1 ? 6 : 2, meter + 40), signal.Watts));
                }), dashed: celsius < 0);
            }
        }

        return chart.ToString();
    }

    /// <summary>The base current at every angle; near ±90° the power is small and every angle error weighs.</summary>
    public static string OverPowerFactor()
    {
        var chart = new SvgChart("Error of registered energy over the angle of the current, 5 A", (-85, 85), (-0.1, 0.1), "degrees, lagging to the right; 60° is PF 0.5", "%");
        double[] angles = [.. Enumerable.Range(-17, 35).Select(k => 5.0 * k)];
        foreach (double hertz in new[] { 50.0, 45, 65 })
            chart.Line(string.Create(CultureInfo.InvariantCulture, $"ideal front end, {hertz} Hz"), angles.Select(a => Point(a, hertz, new FrontEndFaults(), Calibration.Nominal)), dashed: true);
        foreach (int meter in new[] { 1, 2, 3 })
        {
            (FrontEndFaults faults, Calibration calibration) = Meter(meter);
            chart.Line($"meter {meter} after calibration, 50 Hz", angles.Select(a => Point(a, 50, faults, calibration)));
        }

        return chart.ToString();
    }

    /// <summary>Pulses of 30 A with edges of every slope.</summary>
    public static string OverSlope()
    {
        var chart = new SvgChart("Error on pulsed currents over the slope of their edges, 30 A", (0.1, 10), (-20, 20), "A/µs", "%", logX: true);
        chart.Line("limit", [(0.1, 3.0), (10, 3.0)], "#777777", dashed: true);
        chart.Line("", [(0.1, -3.0), (10, -3.0)], "#777777", dashed: true);
        foreach (var curve in SlopeSweep.Run(full: true).Where(p => p.FiringDegrees == 135).GroupBy(p => (p.Filtered, p.Hertz)))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{(curve.Key.Filtered ? "behind the filter" : "without a filter")}, {curve.Key.Hertz} Hz");
            chart.Line(name, curve.Select(p => (p.AmpsPerMicrosecond, p.ErrorPercent)), dashed: !curve.Key.Filtered);
        }

        return chart.ToString();
    }

    private static (FrontEndFaults Faults, Calibration Calibration) Meter(int number)
    {
        FrontEndFaults faults = FrontEndFaults.Draw(new Chance(number));
        return (faults, CalibrationBench.Calibrate(faults, number));
    }

    private static (double X, double Y) Point(double angle, double hertz, FrontEndFaults faults, in Calibration calibration)
    {
        var signal = new TestSignal(230, 5, hertz, angle * Degree);
        return (angle, TestLoad.Percent(signal.Measure(calibration, faults, 1, 3), signal.Watts));
    }

    private static void Limits(SvgChart chart, string name, Func<double, double?> limit, double[] shares, string colour = "#777777")
    {
        (double X, double Y)[] points = [.. shares.Where(s => limit(s) is not null).Select(s => (s * AccuracyTables.Default.Meter.BaseAmps, limit(s)!.Value))];
        chart.Line(name, points, colour);
        chart.Line("", points.Select(p => (p.X, -p.Y)), colour);
    }
}
