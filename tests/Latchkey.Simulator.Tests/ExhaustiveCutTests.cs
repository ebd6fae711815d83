using System.Diagnostics;
using Latchkey.Simulator.Bench;

namespace Latchkey.Simulator.Tests;

public sealed class ExhaustiveCutTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    public static TheoryData<string> Transactions => [.. CutTrial.Transactions];

    [Theory, MemberData(nameof(Transactions))]
    public void PowerCut_AtEveryStepAndInTheRecovery_LeavesBeforeOrAfter(string transaction)
    {
        long start = Stopwatch.GetTimestamp();
        using var trial = new CutTrial(transaction);
        // Long transactions would otherwise spend all the time on cuts of recoveries that are alike.
        trial.Run(recoveryOfEvery: Long ? 9 : (int)Math.Max(37, trial.Steps / 15), recoveryStep: Long ? 5 : 17);
        output.WriteLine($"{transaction}: {trial.Steps} steps, {trial.Points.First} cuts, {trial.Points.Second} more inside recovery, " +
            $"{trial.Failures.Count} failures, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        Assert.Empty(trial.Failures.Take(5));
        Assert.True(trial.Points is { First: > 100, Second: > 100 });
        Assert.Equal(transaction != "checkpoint", trial.Changes);
    }

    // A guard that cannot fail guards nothing: a memory that forgets must be noticed by this trial.
    [Fact]
    public void ARecordLostAfterItWasShown_IsAFailure()
    {
        using var trial = new CutTrial("credit token");
        trial.CheckAcknowledged(trial.Before);
        Assert.Contains(trial.Failures, f => f.Contains("shown as accepted and is gone", StringComparison.Ordinal));
    }
}
