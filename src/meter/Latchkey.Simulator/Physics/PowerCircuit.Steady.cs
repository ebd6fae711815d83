using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>Long virtual time at small cost: one frame from real samples, which the caller applies as often as the second repeats.</summary>
public sealed partial class PowerCircuit
{
    /// <summary>
    /// The frame of this operating point, summed by a metrology core from converted samples without noise. Time does not pass.
    /// At 50.000 Hz it is exactly 8000 samples, one second.
    /// </summary>
    /// <returns>False while something moves or the load's current is not a function of the phase alone.</returns>
    public bool TrySteadyFrame(in Calibration calibration, out FrameSums sums)
    {
        sums = default;
        if (!IsAtRest || Load is not SpectralLoad load) return false;
        sums = Mains.IsOn ? FrameOf(load, calibration) : DeadFrame();
        return true;
    }

    private FrameSums FrameOf(SpectralLoad load, in Calibration calibration)
    {
        var core = new MetrologyCore(calibration);
        var converter = new FrontEnd(new FrontEndErrors(), _chance);
        // Where the period is a whole number of samples, one cycle is converted and then repeated.
        double perCycle = RawSample.RateHz / Mains.Hertz;
        int cycle = Math.Abs(perCycle - Math.Round(perCycle)) < 1e-9 ? (int)Math.Round(perCycle) : 0;
        int count = cycle > 0 ? cycle : 3 * RawSample.RateHz;
        var samples = new RawSample[count];
        for (int k = 0; k < count; k++) samples[k] = SteadySample(converter, load, (k + 0.5) / RawSample.RateHz);

        // The second whole frame: by then the 90° delay has met the frequency. Without a voltage there is none, and any will do.
        FrameSums sums = default;
        for (int k = 0, whole = 0, dead = 0; whole < (cycle == 160 ? 1 : 2); k = k + 1 == count ? 0 : k + 1)
        {
            core.OnSample(samples[k]);
            if (!core.TryTakeFrame(out sums)) continue;
            core.ApplyFrame(sums);
            if (sums.Cycles > 0 || ++dead > 2) whole++;
        }

        return sums;
    }

    private RawSample SteadySample(FrontEnd converter, SpectralLoad load, double seconds)
    {
        MainsPoint supply = Mains.At(seconds);
        double amps = Conducts ? load.At(supply.Phase) : 0;
        double loadVolts = Conducts || IsBypassed ? supply.Volts
            : BackfeedVolts > 0 ? BackfeedVolts * Math.Sqrt(2) * Math.Sin(supply.Phase + BackfeedRadians)
            : _physics.Sensing.LoadSideLeakVolts * Math.Sqrt(2) * Math.Sin(supply.Phase);
        return converter.WithNoise(Sense(converter, supply.Volts, supply.Phase, amps, loadVolts));
    }

    private static FrameSums DeadFrame() => new() { Samples = RawSample.RateHz };
}
