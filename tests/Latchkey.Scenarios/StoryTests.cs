using System.Text.Json;
using Latchkey.Meter;
using Latchkey.Server.Demo.Story;
using Latchkey.Testing;

namespace Latchkey.Scenarios;

/// <summary>The story from a payment to light, as <c>latchkey demo</c> tells it. A failure names its step.</summary>
public sealed class StoryTests
{
    private static readonly string[] English = ["Your balance is less than 10 yuan; please top up promptly"];

    [Fact]
    public async Task Story_OfThirtyDays_ComesOutRight()
    {
        StoryReport report = await TellAsync(new StoryOptions());
        AssertRight(report);
        Assert.Equal(14, report.Steps.Count);
        Assert.True(report.VirtualDays >= 30);
    }

    [Theory, InlineData("kpm31"), InlineData("kpm33"), InlineData("kpm37")]
    public async Task Story_OnEachModel_ComesOutRight(string model)
    {
        Assert.True(MeterProfile.TryFind(model, out MeterProfile? profile));
        AssertRight(await TellAsync(new StoryOptions { Model = profile!, Days = 4, Seed = 7 }));
    }

    [Fact]
    public async Task Story_WithAProfile_ComesOutRight() =>
        AssertRight(await TellAsync(new StoryOptions { ProfilePath = RepositoryRoot.Combine("samples", "flat-week.csv"), Days = 7 }));

    [Fact]
    public async Task Story_WithAPublicProfile_ComesOutRight()
    {
        string? profile = RepositoryRoot.SharedData is { } data ? Path.Combine(data, "load_profiles_vdi4657", "LP_W_W.csv") : null;
        if (!File.Exists(profile)) Assert.Skip("the VDI 4657 load profiles are not beside the repository");
        AssertRight(await TellAsync(new StoryOptions { ProfilePath = profile, Days = 10 }));
    }

    [Fact]
    public async Task Story_WithTheSameSeed_IsTheSameByteForByte()
    {
        var options = new StoryOptions { Days = 4, Seed = 11 };
        Assert.Equal(Text(await TellAsync(options)), Text(await TellAsync(options)));
    }

    [Fact]
    public async Task Story_WithAnotherSeed_HasOtherTokens()
    {
        StoryReport one = await TellAsync(new StoryOptions { Days = 4, Seed = 1 }), other = await TellAsync(new StoryOptions { Days = 4, Seed = 2 });
        Assert.Empty(one.Tokens.Select(t => t.Token).Intersect(other.Tokens.Select(t => t.Token), StringComparer.Ordinal));
    }

    private static Task<StoryReport> TellAsync(StoryOptions options) => ParkStory.TellAsync(options, told: null, TestContext.Current.CancellationToken);

    private static string Text(StoryReport report) => JsonSerializer.Serialize(report with { DurationSeconds = 0 });

    private static void AssertRight(StoryReport report)
    {
        Assert.Empty(report.Steps.Where(s => !s.Ok).Select(s => $"{s.Name}: {s.Failure}"));
        Assert.True(report.Reconciled);
        Assert.Equal(0, report.DuplicateCredits);
        Assert.Equal(report.MetrologyHashBefore, report.MetrologyHashAfter);
        Assert.Equal(64, report.MetrologyHashAfter.Length);
        Assert.NotEmpty(report.Reminders);
        Assert.Equal(English, report.Reminders.Select(r => r.English).Distinct(StringComparer.Ordinal));
        Assert.All(report.Reminders, r => Assert.Equal("余额不足10元，请及时充值", r.Chinese));
    }
}
