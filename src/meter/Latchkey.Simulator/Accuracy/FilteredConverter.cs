using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>Any voltage and any current, as functions of time, to samples: faults of the front end, then the third-order sinc filter of a sigma-delta converter.</summary>
/// <remarks>The filter is three running means over one sample each, at so many points a sample; it delays both channels alike.</remarks>
public sealed class FilteredConverter
{
    private const double VoltsPerCount = 60e-6;
    private const double AmpsPerCount = 34e-6;
    private readonly Func<double, double> _volts;
    private readonly Func<double, double> _amps;
    private readonly FrontEndFaults _faults;
    private readonly Chance _chance;
    private readonly double _celsius;
    private readonly double _hertz;
    private readonly int _points;
    private readonly double[] _weights;
    private readonly double[] _v;
    private readonly double[] _i;
    private long _at;

    /// <summary>Connects signals.</summary>
    /// <param name="volts">Volts at a time in seconds.</param>
    /// <param name="amps">Amperes at a time.</param>
    /// <param name="hertz">Frequency, for the phase error of a transformer.</param>
    /// <param name="faults">Of the front end.</param>
    /// <param name="celsius">Temperature.</param>
    /// <param name="points">Points of the filter a sample; 1 is a converter without a filter, which takes what it finds.</param>
    /// <param name="seed">Of the noise.</param>
    public FilteredConverter(Func<double, double> volts, Func<double, double> amps, double hertz, FrontEndFaults faults, double celsius = 23, int points = 8, int seed = 1)
    {
        (_volts, _amps, _hertz, _faults, _celsius, _points, _chance) = (volts, amps, hertz, faults, celsius, points, new Chance(seed));
        _weights = Weights(points);
        (_v, _i) = (new double[_weights.Length], new double[_weights.Length]);
        for (int k = 0; k < _weights.Length; k++) Point();
    }

    /// <summary>The next sample.</summary>
    public RawSample Next()
    {
        for (int k = 0; k < _points; k++) Point();
        double v = 0, i = 0;
        int length = _weights.Length, newest = (int)(_at % length);
        for (int k = 0; k < length; k++)
        {
            int from = newest + k < length ? newest + k : newest + k - length;
            v += _weights[k] * _v[from];
            i += _weights[k] * _i[from];
        }

        double warm = _celsius - 23, noise = _faults.NoiseCounts;
        double countsV = v / VoltsPerCount, countsI = i / AmpsPerCount;
        int volts = Counts((countsV * (1 + _faults.VoltageGain + (_faults.VoltagePerKelvin * warm))) + _faults.VoltageOffset + (noise == 0 ? 0 : noise * _chance.Normal()));
        int amps = Counts((countsI * (1 + _faults.CurrentGain + (_faults.CurrentPerKelvin * warm))) + _faults.CurrentOffset + (_faults.Crosstalk * countsV) + (noise == 0 ? 0 : noise * _chance.Normal()));
        return new(volts, amps, amps, volts);
    }

    private void Point()
    {
        double t = _at / (RawSample.RateHz * _points * (1 + _faults.ClockError));
        double late = (_faults.CurrentDelayUs * 1e-6) + (_faults.CurrentPhaseRadians / (2 * Math.PI * _hertz));
        _v[_at % _v.Length] = _volts(t);
        _i[_at % _i.Length] = _amps(t - late);
        _at++;
    }

    private static double[] Weights(int points)
    {
        double[] box = [.. Enumerable.Repeat(1.0 / points, points)];
        return points == 1 ? [1] : Convolve(Convolve(box, box), box);
    }

    private static double[] Convolve(double[] a, double[] b)
    {
        double[] product = new double[a.Length + b.Length - 1];
        for (int k = 0; k < a.Length; k++)
        {
            for (int m = 0; m < b.Length; m++) product[k + m] += a[k] * b[m];
        }

        return product;
    }

    private static int Counts(double value) => (int)Math.Clamp(Math.Round(value), -RawSample.FullScale, RawSample.FullScale);
}
