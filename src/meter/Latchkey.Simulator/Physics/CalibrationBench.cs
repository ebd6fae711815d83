using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>The calibration of a meter on the bench: gain at Ib, phase at power factor 0.5, offset at the smallest current.</summary>
public static class CalibrationBench
{
    private const double Un = 230;
    private const double Ib = 5;
    private const double Imin = 0.25;
    private const int NoiseFrames = 12;

    /// <summary>Calibrates a front end against an exact reference at 23 °C.</summary>
    public static Calibration Calibrate(FrontEndFaults faults, int seed)
    {
        Calibration c = Calibration.Nominal;
        c = CalibrationProcedure.WithOffsets(c, new TestSignal(Un, 0, 50, 0).Frame(c, faults, 2, seed));
        TestSignal unity = new(Un, Ib, 50, 0), half = new(Un, Ib, 50, Math.PI / 3), least = new(Un, Imin, 50, 0);
        // Each step is measured through the errors that the others still leave, so the round is gone three times.
        for (int round = 0; round < 3; round++)
        {
            c = CalibrationProcedure.WithGains(c, unity.Measure(c, faults, 2, seed), Milli(Un), Milli(Ib) * 1000, Milli(unity.Watts));
            c = CalibrationProcedure.WithPhase(c, half.Measure(c, faults, 4, seed), Milli(half.Watts));
            c = CalibrationProcedure.WithPowerOffset(c, least.Measure(c, faults, round == 2 ? NoiseFrames : 2, seed), Milli(least.Watts));
        }

        return c;
    }

    private static long Milli(double value) => (long)Math.Round(value * 1000);
}
