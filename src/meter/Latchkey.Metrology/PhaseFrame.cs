namespace Latchkey.Metrology;

/// <summary>The physical quantities of one phase over one frame.</summary>
internal readonly record struct PhaseFrame
{
    /// <summary>Active energy with sign, 10⁻²⁴ W·sample.</summary>
    public Int128 ActiveUnits { get; private init; }

    /// <summary>Reactive energy with sign, 10⁻²⁴ var·sample.</summary>
    public Int128 ReactiveUnits { get; private init; }

    public long ActiveNanowatts { get; private init; }

    /// <summary>The time that the mean powers are of, samples × 65536.</summary>
    public long SpanQ16 { get; private init; }

    public long ReactiveNanovars { get; private init; }

    /// <summary>The quantities to show; the energy registers are still zero in it.</summary>
    public MetrologyRegisters Instantaneous { get; private init; }

    public static PhaseFrame From(in FrameSums sums, in Calibration calibration)
    {
        if (sums.Samples == 0) return default;
        long kv = calibration.VoltagePicovolts;
        long microvolts = FrameMath.ToMicro(VoltageRmsQ16(sums), kv);
        long phaseMicroamps = Current(sums.I2, calibration.CurrentPicoamps, calibration.CurrentSquareOffset, sums);
        long neutralMicroamps = Current(sums.In2, calibration.NeutralPicoamps, 0, sums);
        bool neutral = calibration.BillsLargerCurrent && IsClearlyLarger(neutralMicroamps, phaseMicroamps);

        long ki = neutral ? calibration.NeutralPicoamps : calibration.CurrentPicoamps;
        long p = FrameMath.WithoutDirect(neutral ? sums.Pn : sums.P, sums.SumV, neutral ? sums.SumIn : sums.SumI, sums);
        long q = FrameMath.WithoutDirect(sums.Q, sums.SumV, sums.SumI, sums);
        long nanowatts = FrameMath.MeanNanowatts(p, kv, ki, sums) + (calibration.PowerOffsetMicrowatts * 1000);
        long nanovars = FrameMath.MeanNanowatts(q, kv, calibration.CurrentPicoamps, sums);
        long nanovoltamps = (long)((Int128)microvolts * (neutral ? neutralMicroamps : phaseMicroamps) / 1000);
        return new()
        {
            ActiveUnits = ((Int128)p * kv * ki) + ((Int128)calibration.PowerOffsetMicrowatts * 1_000_000_000_000_000_000 * FrameMath.SpanQ16(sums) >> 16),
            ReactiveUnits = (Int128)q * kv * calibration.CurrentPicoamps,
            ActiveNanowatts = nanowatts,
            SpanQ16 = FrameMath.SpanQ16(sums),
            ReactiveNanovars = nanovars,
            Instantaneous = new()
            {
                VoltageMillivolts = Rounded(microvolts, 1000),
                LoadVoltageMillivolts = Rounded(LoadMicrovolts(sums, kv), 1000),
                CurrentMicroamps = phaseMicroamps,
                NeutralMicroamps = neutralMicroamps,
                DirectMicroamps = (long)((Int128)sums.SumI * calibration.CurrentPicoamps / 1_000_000 / sums.Samples),
                ActiveMilliwatts = Rounded(nanowatts, 1_000_000),
                ReactiveMillivars = Rounded(nanovars, 1_000_000),
                ApparentMillivoltamps = Rounded(nanovoltamps, 1_000_000),
                PowerFactorTenThousandths = PowerFactor(nanowatts, nanovoltamps),
                FrequencyMicrohertz = Frequency(sums),
                VoltageDistortionPpm = sums.Wave.VoltageDistortionPpm,
                CurrentDistortionPpm = sums.Wave.CurrentDistortionPpm,
                BillsNeutral = neutral,
            },
        };
    }

    /// <summary>Three phases as one metering point: powers are added with their signs.</summary>
    public static PhaseFrame Sum(in PhaseFrame a, in PhaseFrame b, in PhaseFrame c, int reference)
    {
        long active = a.ActiveNanowatts + b.ActiveNanowatts + c.ActiveNanowatts;
        long reactive = a.ReactiveNanovars + b.ReactiveNanovars + c.ReactiveNanovars;
        long apparent = a.Instantaneous.ApparentMillivoltamps + b.Instantaneous.ApparentMillivoltamps + c.Instantaneous.ApparentMillivoltamps;
        MetrologyRegisters shown = reference == 0 ? a.Instantaneous : reference == 1 ? b.Instantaneous : c.Instantaneous;
        return new()
        {
            ActiveUnits = a.ActiveUnits + b.ActiveUnits + c.ActiveUnits,
            ReactiveUnits = a.ReactiveUnits + b.ReactiveUnits + c.ReactiveUnits,
            ActiveNanowatts = active,
            SpanQ16 = a.SpanQ16,
            ReactiveNanovars = reactive,
            Instantaneous = shown with
            {
                ActiveMilliwatts = Rounded(active, 1_000_000),
                ReactiveMillivars = Rounded(reactive, 1_000_000),
                ApparentMillivoltamps = apparent,
                PowerFactorTenThousandths = PowerFactor(active, apparent * 1_000_000),
            },
        };
    }

    private static long VoltageRmsQ16(in FrameSums sums) => FrameMath.RootMeanSquareQ16(
        FrameMath.WithoutDirect(sums.V2, sums.SumV, sums.SumV, sums), sums.Cycles == 0 ? (long)sums.Samples << 16 : sums.SpanQ16);

    private static long LoadMicrovolts(in FrameSums sums, long kv) =>
        FrameMath.ToMicro(FrameMath.RootMeanSquareQ16(sums.Lsv2, (long)sums.Samples << 16), kv);

    // The direct component stays in: a half-wave load's current is what it is.
    private static long Current(long squares, long picoPerCount, long squareOffset, in FrameSums sums)
    {
        long microamps = FrameMath.ToMicro(FrameMath.RootMeanSquareQ16(squares, (long)sums.Samples << 16), picoPerCount);
        if (squareOffset == 0) return microamps;
        Int128 corrected = ((Int128)microamps * microamps) - squareOffset;
        return corrected <= 0 ? 0 : (long)FrameMath.SquareRoot((UInt128)corrected);
    }

    private static bool IsClearlyLarger(long neutral, long phase) => neutral - phase > 200_000 && (neutral - phase) * 100 > neutral * 6;

    private static int PowerFactor(long nanowatts, long nanovoltamps) => nanovoltamps < 1_000_000
        ? 10_000
        : (int)Math.Clamp(Rounded((Int128)nanowatts * 10_000, nanovoltamps), -10_000, 10_000);

    private static long Frequency(in FrameSums sums) => sums.Cycles == 0
        ? 0
        : (long)Rounded((Int128)sums.Cycles * RawSample.RateHz * 1_000_000 << 16, sums.SpanQ16);

    private static long Rounded(Int128 value, long divisor) => (long)((value + (value < 0 ? -divisor / 2 : divisor / 2)) / divisor);
}
