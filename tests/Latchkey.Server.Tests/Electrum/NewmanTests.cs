using System.Globalization;
using System.Text.Json;
using Latchkey.Storage.Vending;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>The contract's own kind of client, Postman's runner, against the served case meters: the collection and its data are in <c>tests/newman</c>.</summary>
public sealed class NewmanTests(Bench bench, ITestOutputHelper output) : IClassFixture<Bench>
{
    private const string Collection = "prepaid-utility.postman_collection.json";
    private const int Fewest = 17_000, FewestAgain = 4_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    /// <summary>A folder of the collection and the file that its rounds take their data from; none where it has one round.</summary>
    private static readonly (string Folder, string? Rows)[] Whole =
        [("purchases", "purchases.csv"), ("keychange", "keychange.csv"), ("retries", "retries.csv"), ("calls", "calls.csv"), ("odd", null)];

    /// <summary>What a first run uses up at a meter: its refund, its key change, its debt, its answer.</summary>
    private static readonly (string Folder, string? Rows)[] Again = [("purchases", "again.csv"), ("keychange", "keychange.csv"), ("retries", "retries.csv")];

    [Fact]
    public async Task EveryAssertion_OfThePack_Holds_AndOnceMoreAtMetersThatWereBoughtAt()
    {
        string? missing = NodePeer.Lacks("newman");
        Assert.SkipWhen(missing is not null, missing ?? string.Empty);
        Run first = await RunAllAsync(Whole), second = await RunAllAsync(Again);
        string counted = string.Create(
            CultureInfo.InvariantCulture,
            $"newman: {first.Assertions} assertions over {first.Requests} requests, {first.Failures.Count} failed; once more at used meters: {second.Assertions} over {second.Requests}, {second.Failures.Count} failed");
        output.WriteLine(counted);
        Assert.Empty(first.Failures.Concat(second.Failures));

        // A script that ran into nothing asserts nothing: what a run has is held from below.
        Assert.True(first.Assertions >= Fewest && second.Assertions >= FewestAgain, counted);
        Assert.Empty(OfflineAudit.Verify(bench.Directory).Report.Differences);
    }

    private async Task<Run> RunAllAsync(IEnumerable<(string Folder, string? Rows)> rounds)
    {
        var all = new Run(0, 0, []);
        foreach ((string folder, string? rows) in rounds) all += await RunAsync(folder, rows);
        return all;
    }

    private async Task<Run> RunAsync(string folder, string? rows)
    {
        using var directory = new TemporaryDirectory();
        string report = Path.Combine(directory.Path, "report.json");
        string address = new Uri(bench.Server.Addresses[0], "/prepaidutility/v3").ToString();
        string[] arguments =
        [
            Path.Combine(NodePeer.Packages, "newman", "bin", "newman.js"), "run", Collection, "--folder", folder, "--env-var", "baseUrl=" + address,
            "--reporters", "json", "--reporter-json-export", report, .. rows is null ? (string[])[] : ["-d", rows],
        ];
        if (await NodePeer.RunAsync(arguments, RepositoryRoot.Combine("tests", "newman"), [], Longest) is not { } ended) return new Run(0, 0, [$"{folder} took longer than {Longest}"]);
        return File.Exists(report) ? Read(folder, await File.ReadAllTextAsync(report)) : new Run(0, 0, [$"{folder}: newman ended with {ended.ExitCode}: {ended.Errors}{ended.Output}"]);
    }

    /// <summary>The counts of a run and what failed in it, each with the answer's own words about the place.</summary>
    private static Run Read(string folder, string report)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        JsonElement run = document.RootElement.GetProperty("run"), stats = run.GetProperty("stats");
        return new Run(
            stats.GetProperty("assertions").GetProperty("total").GetInt32(),
            stats.GetProperty("requests").GetProperty("total").GetInt32(),
            [.. run.GetProperty("failures").EnumerateArray().Select(failure => $"{folder}: {NameOf(failure)}: {Text(failure, "error", "test")}: {Text(failure, "error", "message")}")]);
    }

    private static string NameOf(JsonElement failure) =>
        string.Create(CultureInfo.InvariantCulture, $"{Text(failure, "source", "name")}, round {(failure.TryGetProperty("cursor", out JsonElement cursor) ? cursor.GetProperty("iteration").GetInt32() + 1 : 0)}");

    private static string? Text(JsonElement failure, string part, string name) =>
        failure.TryGetProperty(part, out JsonElement at) && at.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;

    private sealed record Run(int Assertions, int Requests, IReadOnlyList<string> Failures)
    {
        public static Run operator +(Run one, Run other) => new(one.Assertions + other.Assertions, one.Requests + other.Requests, [.. one.Failures, .. other.Failures]);
    }
}
