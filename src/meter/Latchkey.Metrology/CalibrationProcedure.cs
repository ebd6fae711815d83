namespace Latchkey.Metrology;

/// <summary>From a reference meter's readings to calibration parameters. Order: gain at Ib and PF 1, phase at Ib and PF 0.5, offset at Imin.</summary>
public static class CalibrationProcedure
{
    /// <summary>tan 60° × 10⁶: power error per radian of phase error at power factor 0.5.</summary>
    private const long TangentSixtyPpm = 1_732_051;

    /// <summary>2π × 10⁶.</summary>
    private const long TwoPiPpm = 6_283_185;

    /// <summary>Zeros of the current channels, from a frame without current.</summary>
    public static Calibration WithOffsets(in Calibration calibration, in FrameSums noCurrent) => noCurrent.Samples == 0
        ? calibration
        : calibration with
        {
            CurrentOffset = calibration.CurrentOffset + (int)(noCurrent.SumI / noCurrent.Samples),
            NeutralOffset = calibration.NeutralOffset + (int)(noCurrent.SumIn / noCurrent.Samples),
        };

    /// <summary>Gains of the channels, from the registers at Ib and power factor 1 and what the reference shows.</summary>
    public static Calibration WithGains(in Calibration calibration, in MetrologyRegisters measured, long millivolts, long microamps, long milliwatts)
    {
        // The voltage first; what the power still lacks is the current's.
        Int128 volts = (Int128)calibration.VoltagePicovolts * millivolts / measured.VoltageMillivolts;
        Int128 powerNow = (Int128)measured.ActiveMilliwatts * millivolts / measured.VoltageMillivolts;
        return calibration with
        {
            VoltagePicovolts = (long)volts,
            CurrentPicoamps = (long)((Int128)calibration.CurrentPicoamps * milliwatts / powerNow),
            NeutralPicoamps = measured.NeutralMicroamps == 0
                ? calibration.NeutralPicoamps
                : (long)((Int128)calibration.NeutralPicoamps * microamps / measured.NeutralMicroamps),
        };
    }

    /// <summary>Phase of the channels, from the power error at Ib and power factor 0.5 inductive after the gains are right.</summary>
    /// <remarks>An error of 0.1 % there is 0.033°: the current channel leads, and the voltage is delayed less.</remarks>
    public static Calibration WithPhase(in Calibration calibration, in MetrologyRegisters measured, long milliwatts)
    {
        long errorPpm = (long)((Int128)(measured.ActiveMilliwatts - milliwatts) * 1_000_000 / milliwatts);
        // delta = error / tan 60°; samples = delta / (2π f / fs)
        Int128 lag = (Int128)errorPpm * 1_000_000 / TangentSixtyPpm * RawSample.RateHz * 65536 * 1_000_000 / TwoPiPpm / measured.FrequencyMicrohertz;
        return calibration with { CurrentLagQ16 = calibration.CurrentLagQ16 - (int)lag };
    }

    /// <summary>Power offset, from the registers at the smallest current.</summary>
    public static Calibration WithPowerOffset(in Calibration calibration, in MetrologyRegisters measured, long milliwatts) => calibration with
    {
        PowerOffsetMicrowatts = calibration.PowerOffsetMicrowatts + ((milliwatts - measured.ActiveMilliwatts) * 1000),
    };
}
