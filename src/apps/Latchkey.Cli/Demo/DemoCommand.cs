using System.CommandLine;
using Latchkey.Meter;
using Latchkey.Server.Demo.Story;

namespace Latchkey.Cli.Demo;

/// <summary><c>latchkey demo</c>: the story from a payment to light, a month in seconds.</summary>
internal static class DemoCommand
{
    private const int LongestDays = 366;

    public static Command Create()
    {
        var profile = new Option<string?>("--profile") { Description = "A 15-minute load profile as CSV (time, W per MWh a year); the built-in household without it." };
        var yearly = new Option<double>("--yearly-mwh") { Description = "What the profile is scaled to.", DefaultValueFactory = _ => 3.2 };
        var model = new Option<string>("--model") { Description = "kpm31, kpm33 or kpm37.", DefaultValueFactory = _ => MeterProfile.Kpm31.Name };
        var seed = new Option<int>("--seed") { Description = "Repeats a story byte for byte, but for its duration.", DefaultValueFactory = _ => 1 };
        var days = new Option<int>("--days") { Description = "Virtual days.", DefaultValueFactory = _ => 30 };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("demo", "Tells the whole story in virtual time: pay, token, light, use, reminder, cut, keypad, tamper, power failure, module swap, books.")
        {
            profile, yearly, model, seed, days, json,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            string name = result.GetRequiredValue(model);
            if (!MeterProfile.TryFind(name, out MeterProfile? meter)) return CommandOutput.Fail($"there is no model '{name}'; choose kpm31, kpm33 or kpm37");
            if (result.GetValue(profile) is { } path && !File.Exists(path)) return CommandOutput.Fail($"there is no load profile '{path}'");
            if (result.GetValue(days) is < 3 or > LongestDays) return CommandOutput.Fail($"--days is 3 to {LongestDays}");
            if (result.GetValue(yearly) is not (> 0 and <= 100)) return CommandOutput.Fail("--yearly-mwh is above 0 and at most 100");
            var options = new StoryOptions
            {
                Model = meter!,
                Seed = result.GetValue(seed),
                ProfilePath = result.GetValue(profile),
                YearlyMwh = result.GetValue(yearly),
                Days = result.GetValue(days),
            };
            return await TellAsync(options, result.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> TellAsync(StoryOptions options, bool json, CancellationToken cancellationToken)
    {
        StoryReport report;
        try
        {
            report = await ParkStory.TellAsync(options, json ? null : StoryPrinter.Print, cancellationToken);
        }
        catch (FormatException e)
        {
            return CommandOutput.Fail($"the load profile cannot be read: {e.Message}");
        }

        if (json) CommandOutput.WriteJson(report);
        else StoryPrinter.PrintSummary(report);
        return report.Ok ? CommandOutput.Success : CommandOutput.Failure;
    }
}
