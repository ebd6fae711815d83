using System.CommandLine;
using Latchkey.Tariffs;

namespace Latchkey.Cli.Tariffs;

/// <summary><c>latchkey tariff simulate NEW --against OLD --purchases FILE</c>: last month on the new tariff.</summary>
internal static class SimulateCommand
{
    private const int MostPurchases = 1_000_000;

    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A JSON file with the new tariff." };
        var against = new Option<string>("--against") { Description = "A JSON file with the present tariff.", Required = true };
        var purchases = new Option<string>("--purchases") { Description = "A text file, one purchase a line: meter,2026-01-31,kWh.", Required = true };
        var id = new Option<string?>("--tariff") { Description = "Which of the new file's tariffs." };
        var oldId = new Option<string?>("--present") { Description = "Which of the present file's tariffs." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("simulate", "Prices past purchases by the present tariff and by a new one.") { file, against, purchases, id, oldId, json };
        command.SetAction(result =>
        {
            (TariffBook? fresh, string freshId, string? freshFault) = TariffFile.Choose(result.GetRequiredValue(file), result.GetValue(id));
            if (fresh is null) return CommandOutput.Fail(freshFault!);
            (TariffBook? old, string present, string? fault) = TariffFile.Choose(result.GetRequiredValue(against), result.GetValue(oldId));
            if (old is null) return CommandOutput.Fail(fault!);
            (List<PastPurchase> past, string? wrong) = ReadPurchases(result.GetRequiredValue(purchases));
            return wrong is null ? Show(TariffSimulation.Run(old, present, fresh, freshId, past), result.GetValue(json)) : CommandOutput.Fail(wrong);
        });
        return command;
    }

    private static int Show(IReadOnlyList<SimulatedMeter> meters, bool json)
    {
        Rational Sum(Func<SimulatedMeter, Rational> part) => meters.Aggregate(Rational.Zero, (sum, m) => sum + part(m));
        if (json)
        {
            CommandOutput.WriteJson(new
            {
                meters = meters.Select(m => new { meter = m.Meter, kwh = m.Units.ToString(4), before = m.Before.ToString(4), after = m.After.ToString(4), change = m.Change.ToString(4), refused = m.Refused }),
                total = new { before = Sum(m => m.Before).ToString(4), after = Sum(m => m.After).ToString(4), change = Sum(m => m.Change).ToString(4) },
            });
            return CommandOutput.Success;
        }

        Console.Out.WriteLine($"{"meter",-20}{"kWh",12}{"present",14}{"new",14}{"change",14}");
        foreach (SimulatedMeter m in meters)
            Console.Out.WriteLine($"{m.Meter,-20}{m.Units.ToString(1),12}{m.Before.ToString(2),14}{m.After.ToString(2),14}{m.Change.ToString(2),14}{(m.Refused > 0 ? $"  {m.Refused} without a price" : "")}");
        Console.Out.WriteLine($"{"all",-20}{Sum(m => m.Units).ToString(1),12}{Sum(m => m.Before).ToString(2),14}{Sum(m => m.After).ToString(2),14}{Sum(m => m.Change).ToString(2),14}");
        return CommandOutput.Success;
    }

    private static (List<PastPurchase> Past, string? Fault) ReadPurchases(string path)
    {
        List<PastPurchase> past = [];
        if (!File.Exists(path)) return (past, $"there is no file '{path}'");
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || (number == 1 && line.StartsWith("meter", StringComparison.OrdinalIgnoreCase))) continue;
            string[] parts = line.Split(',', StringSplitOptions.TrimEntries);
            if (parts.Length != 3 || parts[1].Length == 0 || !TariffCommand.TryDay(parts[1], out DateOnly day) || !Rational.TryParse(parts[2], out Rational units) || units.Sign <= 0)
                return (past, $"'{path}' line {number}: a purchase is written as meter,2026-01-31,kWh");
            past.Add(new PastPurchase(parts[0], day, units));
            if (past.Count > MostPurchases) return (past, $"'{path}' has more than a million purchases");
        }

        return (past, null);
    }
}
