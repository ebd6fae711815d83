namespace Latchkey.Metrology;

/// <summary>A tone of known power through the same code as the mains, on memory of its own: is the arithmetic still what it was?</summary>
/// <remarks>Ten cycles to fill the delays and ten to sum: about 3200 samples of the foreground's time, once an hour.</remarks>
internal static class TestTone
{
    private static readonly TapeSample[] NoTape = new TapeSample[1];
    private const int CycleSamples = 160;
    private const int Cycles = 10;
    private const int VoltsPeak = 5_000_000;
    private const int AmpsPeak = 400_000;
    private const long LargestErrorPpm = 20;

    /// <summary>True when every sum is what a sine of that size must give: 60° behind, so that active and reactive power are both there.</summary>
    public static bool Passes()
    {
        PhaseAccumulator phase = default;
        phase.Record(NoTape);
        phase.Configure(Calibration.Nominal);
        Feed(ref phase, Cycles);
        phase.Take(0, 0, out _);
        Feed(ref phase, Cycles);
        phase.Take(0, 0, out FrameSums sums);

        long samples = Cycles * CycleSamples;
        Int128 apparent = (Int128)VoltsPeak * AmpsPeak * samples;
        return IsNear(sums.V2, (Int128)VoltsPeak * VoltsPeak * samples / 2)
            && IsNear(sums.I2, (Int128)AmpsPeak * AmpsPeak * samples / 2)
            && IsNear(sums.In2, (Int128)AmpsPeak * AmpsPeak * samples / 2)
            && IsNear(sums.P, apparent / 4)
            && IsNear(sums.Pn, apparent / 4)
            && IsNear(sums.Q, apparent * 433_012_702 / 1_000_000_000);
    }

    private static void Feed(ref PhaseAccumulator phase, int cycles)
    {
        for (int n = 0; n < cycles * CycleSamples; n++)
        {
            uint turn = (uint)((((ulong)(n % CycleSamples) << 32) + (CycleSamples / 2)) / CycleSamples);
            int v = (int)((VoltsPeak * SineTable.Sine(turn)) >> 30), i = (int)((AmpsPeak * SineTable.Sine(unchecked(turn - 0x2AAA_AAAB))) >> 30);
            phase.Add(new RawSample(v, i, i, v), v);
        }
    }

    private static bool IsNear(long value, Int128 expected) => Int128.Abs(value - expected) * 1_000_000 <= Int128.Abs(expected) * LargestErrorPpm;
}
