using Latchkey.Metrology;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>The last half second of samples, addressed by time. Written by the interrupt, read by the foreground.</summary>
internal sealed class SampleRing
{
    public const int Capacity = 4096;
    private const int Mask = Capacity - 1;
    private readonly int[] _v = new int[Capacity];
    private readonly int[] _i = new int[Capacity];
    private readonly int[] _lsv = new int[Capacity];
    private int _count;

    /// <summary>Samples in an unbroken row, at most the capacity.</summary>
    public int Unbroken { get; private set; }

    public long LastUs { get; private set; }

    public long FirstUs => LastUs - ((Unbroken - 1) * (long)RawSample.PeriodUs);

    public void Add(in RawSample sample, long timeUs)
    {
        // A gap in time (samples not taken) makes what lies before it useless.
        Unbroken = unchecked(timeUs - LastUs) == RawSample.PeriodUs ? Math.Min(unchecked(Unbroken + 1), Capacity) : 1;
        LastUs = timeUs;
        int k = _count & Mask;
        _v[k] = sample.V;
        _i[k] = sample.I;
        _lsv[k] = sample.Lsv;
        _count = unchecked(_count + 1);
    }

    /// <summary>True when every instant of an interval can be read, with a sample to spare at each end.</summary>
    public bool Covers(double fromUs, double toUs) => Unbroken > 4 && fromUs >= FirstUs + 250 && toUs <= LastUs - 250;

    /// <summary>How many samples back from the last lies the sample at or before an instant.</summary>
    public int StepsBack(double timeUs) => (int)Math.Ceiling((LastUs - timeUs) / RawSample.PeriodUs);

    public int V(int stepsBack) => _v[unchecked(_count - 1 - stepsBack) & Mask];

    public int I(int stepsBack) => _i[unchecked(_count - 1 - stepsBack) & Mask];

    public int Lsv(int stepsBack) => _lsv[unchecked(_count - 1 - stepsBack) & Mask];

    /// <summary>Voltage and current between samples, by a cubic through four neighbours.</summary>
    public (double V, double I) At(double timeUs)
    {
        int back = StepsBack(timeUs);
        double x = ((timeUs - LastUs) / RawSample.PeriodUs) + back;
        (double a, double b, double c, double d) = Cubic(x);
        int k = unchecked(_count - 1 - back);
        return (
            (a * _v[(k - 1) & Mask]) + (b * _v[k & Mask]) + (c * _v[(k + 1) & Mask]) + (d * _v[(k + 2) & Mask]),
            (a * _i[(k - 1) & Mask]) + (b * _i[k & Mask]) + (c * _i[(k + 1) & Mask]) + (d * _i[(k + 2) & Mask]));
    }

    private static (double A, double B, double C, double D) Cubic(double x) => (
        -x * (x - 1) * (x - 2) / 6, (x + 1) * (x - 1) * (x - 2) / 2, -(x + 1) * x * (x - 2) / 2, (x + 1) * x * (x - 1) / 6);
}
