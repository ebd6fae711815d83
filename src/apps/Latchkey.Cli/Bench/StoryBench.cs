using Latchkey.Server.Demo.Story;

namespace Latchkey.Cli.Bench;

/// <summary>How long the story of thirty days takes, and what it comes to.</summary>
internal static class StoryBench
{
    private const double MostSeconds = 20;

    public static IReadOnlyList<BenchFigure> Run()
    {
        StoryReport report = ParkStory.TellAsync(new StoryOptions(), told: null, CancellationToken.None).GetAwaiter().GetResult();
        return
        [
            new BenchFigure("thirty days of the story", report.DurationSeconds, "s", "<= 20", report.DurationSeconds <= MostSeconds),
            new BenchFigure("virtual days", report.VirtualDays, "d", ">= 30", report.VirtualDays >= 30),
            new BenchFigure("steps as they should be", report.Steps.Count(s => s.Ok), "1", "all", report.Steps.All(s => s.Ok)),
            new BenchFigure("credited twice", report.DuplicateCredits, "1", "0", report.DuplicateCredits == 0),
            new BenchFigure("reminders sent", report.Reminders.Count, "1", "one per crossing", report.Reconciled),
        ];
    }
}
