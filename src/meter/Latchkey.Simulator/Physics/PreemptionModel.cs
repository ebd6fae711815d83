namespace Latchkey.Simulator.Physics;

/// <summary>A job of the meter's processor.</summary>
/// <param name="Name">Which.</param>
/// <param name="PeriodUs">How often it comes.</param>
/// <param name="CostUs">How long it computes, at most.</param>
/// <param name="DeadlineUs">By when it must be done.</param>
public sealed record MeterJob(string Name, double PeriodUs, double CostUs, double DeadlineUs);

/// <summary>What became of a job.</summary>
/// <param name="Name">Which.</param>
/// <param name="Runs">How often it was completed.</param>
/// <param name="WorstResponseUs">Longest time from its coming to its completion.</param>
/// <param name="Missed">How often it was late.</param>
public sealed record JobOutcome(string Name, int Runs, double WorstResponseUs, int Missed);

/// <summary>
/// Fixed priorities with preemption, in virtual time: the first job of the list interrupts all others. Costs come from instruction
/// counts and a processor speed, so that an overrun or an inversion shows without a board.
/// </summary>
public static class PreemptionModel
{
    /// <summary>
    /// The meter's jobs on a processor of so many million instructions a second. The interrupt's count is measured (bench/metrology-instructions.sh);
    /// the others are generous guesses of thousands of instructions.
    /// </summary>
    public static IReadOnlyList<MeterJob> Meter(double mips, double sampleInstructions) =>
    [
        new("sample interrupt", 125, (sampleInstructions + 90) / mips, 125), // 90: the load switch's share of the interrupt
        new("load-switch poll", 1_000, 400 / mips, 1_000),
        new("aim of an opening", 1_000_000, 250_000 / mips, 40_000),
        new("frame to registers", 1_000_000, 60_000 / mips, 500_000),
        new("token decryption", 500_000, 400_000 / mips, 400_000),
        new("DLMS request", 50_000, 120_000 / mips, 50_000),
        new("display", 100_000, 200_000 / mips, 100_000),
    ];

    /// <summary>Runs the jobs, highest priority first, all released together at the start: the critical instant.</summary>
    public static IReadOnlyList<JobOutcome> Run(IReadOnlyList<MeterJob> jobs, double durationUs)
    {
        int count = jobs.Count;
        double[] left = new double[count], released = new double[count], next = new double[count], worst = new double[count];
        int[] runs = new int[count], missed = new int[count];
        double now = 0;
        while (now < durationUs)
        {
            for (int k = 0; k < count; k++)
            {
                if (next[k] > now) continue;
                // A job that is still running when it comes again is late by definition; the new one replaces it.
                if (left[k] > 0) missed[k]++;
                (left[k], released[k]) = (jobs[k].CostUs, next[k]);
                next[k] += jobs[k].PeriodUs;
            }

            double until = next.Min();
            int running = Array.FindIndex(left, l => l > 0);
            if (running < 0)
            {
                now = until;
                continue;
            }

            double slice = Math.Min(left[running], until - now);
            now += slice;
            left[running] -= slice;
            if (left[running] > 1e-9) continue;
            left[running] = 0;
            runs[running]++;
            double response = now - released[running];
            worst[running] = Math.Max(worst[running], response);
            if (response > jobs[running].DeadlineUs) missed[running]++;
        }

        return [.. jobs.Select((j, k) => new JobOutcome(j.Name, runs[k], worst[k], missed[k]))];
    }
}
