using Latchkey.Simulator.Accuracy;

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
    private const double InterruptOverhead = 60; // entry, registers saved and restored, exit: not in the count

    /// <summary>
    /// The meter's jobs on a processor of so many million instructions a second, at a pace that no life comes up to: two tokens and an opening a second,
    /// a ciphered profile read five times a second, a new display ten times. Instruction counts are measured (<see cref="JobCosts"/>).
    /// </summary>
    /// <remarks>
    /// The counts are those of x64; the reading includes the client's half of the work, and its AES runs on instructions of the processor.
    /// A frame must be read from the tape before the samples are overwritten: 0.7 s at 40 Hz. The nearer the deadline the higher the priority.
    /// </remarks>
    public static IReadOnlyList<MeterJob> Meter(double mips, JobCosts? costs = null)
    {
        Dictionary<string, double> n = (costs ?? JobCosts.Measured).Jobs;
        return
        [
            new("sample interrupt", 125, (n["sample"] + InterruptOverhead) / mips, 125),
            new("load-switch poll", 1_000, n["poll"] / mips, 1_000),
            new("aim of an opening", 1_000_000, n["aim"] / mips, 40_000),
            new("tick", 100_000, n["tick"] / mips, 100_000),
            new("display", 100_000, n["display"] / mips, 100_000),
            new("DLMS request", 200_000, n["dlms"] / mips, 200_000),
            new("token", 500_000, n["token"] / mips, 400_000),
            new("frame to registers", 1_000_000, Math.Max(n["frame"], n["frame-small"]) / mips, 700_000),
        ];
    }

    /// <summary>The slowest processor on which nothing is late over a time, to a hundredth of a MIPS.</summary>
    public static double LeastMips(double durationUs, JobCosts? costs = null)
    {
        double late = 0, intime = 1024;
        while (intime - late > 0.01)
        {
            double middle = (late + intime) / 2;
            if (Run(Meter(middle, costs), durationUs).Sum(j => j.Missed) > 0) late = middle;
            else intime = middle;
        }

        return intime;
    }

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
