namespace Latchkey.Metrology;

/// <summary>The checks that the measuring core makes on itself: at start, at every frame, every hour and every day.</summary>
internal sealed class SelfChecks
{
    private const int StillSamples = 50 * RawSample.RateHz / 1000;
    private const int ToneEveryFrames = 3600;
    private const int FirstTone = 60; // not in the first frames: a start has enough to do
    private const int DisagreeFrames = 3;
    private const long TopRms = RawSample.FullScale * 69L / 100; // of a sine at 0.98 of the range
    private int _untilTone = FirstTone;
    private int _disagreeing;
    private long _handed;

    public MetrologyFaults Faults { get; private set; }

    /// <summary>The watch over the image, once it was handed in.</summary>
    public ImageWatch? Image { get; set; }

    public void Report(MetrologyFaults faults) => Faults |= faults;

    /// <summary>A frame leaves the interrupt: is every sample in one frame and in one only?</summary>
    public void OnHanded(int samples, int running, long taken)
    {
        _handed += samples;
        if (_handed + running != taken) Faults |= MetrologyFaults.FrameCounter;
    }

    /// <summary>A frame was cut and handed over outside the order, before the power fails.</summary>
    public void OnFlushed(int samples) => _handed += samples;

    /// <summary>A frame has been booked.</summary>
    public void OnBooked(in FrameSums sums, in MetrologyRegisters shown, bool energyAgrees, long now)
    {
        if (!energyAgrees) Faults |= MetrologyFaults.EnergyIntegral;
        if (sums.Samples == 0) return;
        if (Rms(sums.V2, sums) > TopRms) Faults |= MetrologyFaults.VoltageImplausible;
        if (Rms(sums.I2, sums) > TopRms || IsPowerTooLarge(shown)) Faults |= MetrologyFaults.CurrentImplausible;
        if (Math.Max(sums.Wave.VoltageStill, sums.Wave.CurrentStill) >= StillSamples) Faults |= MetrologyFaults.ConverterStuck;
        // A frame in which the switch moved disagrees too, but the next one does not.
        _disagreeing = DisagreesWithLoadSide(shown) ? Math.Min(_disagreeing + 1, DisagreeFrames) : 0;
        if (_disagreeing >= DisagreeFrames) Faults |= MetrologyFaults.ReferenceChannel;
        if (--_untilTone <= 0)
        {
            _untilTone = ToneEveryFrames;
            if (!TestTone.Passes()) Faults |= MetrologyFaults.TestTone;
        }

        if (Image is { } image && !image.Look(now)) Faults |= MetrologyFaults.Image;
    }

    private static long Rms(long squares, in FrameSums sums) => FrameMath.RootMeanSquareQ16(squares, (long)sums.Samples << 16) >> 16;

    // One percent and a watt: rounding, and the fractions of a sample at the ends of a frame.
    private static bool IsPowerTooLarge(in MetrologyRegisters r) => Math.Abs(r.ActiveMilliwatts) > (r.ApparentMillivoltamps * 101 / 100) + 1000;

    // Above four fifths of the supply the switch is closed, and the two channels see one voltage.
    private static bool DisagreesWithLoadSide(in MetrologyRegisters r) =>
        r.VoltageMillivolts > 50_000 && r.LoadVoltageMillivolts * 5 > r.VoltageMillivolts * 4
        && Math.Abs(r.LoadVoltageMillivolts - r.VoltageMillivolts) * 20 > r.VoltageMillivolts;
}
