using System.CommandLine;
using Latchkey.Cli.Vendors;
using Latchkey.Sts;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.Sellers;

/// <summary><c>latchkey meters …</c>: the meters a seller sells to.</summary>
internal static class MetersCommand
{
    private const int PageLimit = 10_000;
    private const long LargestFile = 256 * 1024 * 1024;
    private static readonly Argument<string> Directory = new("directory") { Description = "The data directory." };
    private static readonly Argument<string> Number = new("meter") { Description = "The PAN, or the 11 or 13 digits on the meter's face." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create() => new("meters", "The meters that are sold to.") { Add(), Import(), List(), Show(), Block("block", true), Block("unblock", false) };

    private static Command Add()
    {
        (string Column, Option<string?> Option)[] columns =
        [
            .. new[]
            {
                ("sgc", "Supply group code, six digits."), ("krn", "Key revision number; 1 without it."), ("ti", "Tariff index; 01 without it."), ("kt", "Key type; 2 without it."), ("ken", "Key expiry number; 255 without it."),
                ("base", "Base date: 1993, 2014 or 2035; 2014 without it."), ("algorithm", "07 or 11; 11 without it."), ("tariff", "The tariff's id."), ("account", "The customer's account number."),
                ("name", "The customer's name."), ("place", "Where the meter is."), ("make", "Whose make it is; where the settings turn that make's own service on, it makes the tokens."), ("anniversary", "The customer's own date, yyyy-mm-dd."),
            }.Select(c => (c.Item1, new Option<string?>("--" + c.Item1) { Description = c.Item2 })),
        ];
        var command = new Command("add", "Adds one meter, or changes what is known of it.") { Directory, Number, AsJson };
        foreach ((string _, Option<string?> option) in columns) command.Options.Add(option);
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            (string Name, string Value)[] given = [("pan", said.GetRequiredValue(Number)), .. columns.Select(c => (c.Column, said.GetValue(c.Option) ?? Fallback(c.Column)))];
            string text = string.Join(',', given.Select(g => g.Name)) + "\n" + string.Join(',', given.Select(g => Quoted(g.Value)));
            ImportReport report = await MeterImport.RunAsync(room, new StringReader(text), dryRun: false, null, stop);
            if (report.Faults.Count > 0) return CommandOutput.Fail(report.Faults[0].Replace("line 2: ", string.Empty, StringComparison.Ordinal));
            _ = MeterNumber.Read(said.GetRequiredValue(Number), out MeterPan pan);
            return ShowOne(room, pan, said.GetValue(AsJson));
        }));
        return command;
    }

    private static Command Import()
    {
        var file = new Argument<string>("file") { Description = "CSV; the first line names the columns: pan, sgc, krn, ti, tariff, and what else is known." };
        var dry = new Option<bool>("--dry-run") { Description = "Looks the list through and writes nothing." };
        var command = new Command("import", "Takes a list of meters in, whole or not at all; the same list again changes nothing.") { Directory, file, dry, AsJson };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            string path = said.GetRequiredValue(file);
            if (!File.Exists(path)) return CommandOutput.Fail($"there is no file '{path}'");
            if (new FileInfo(path).Length > LargestFile) return CommandOutput.Fail($"'{path}' is larger than 256 MB; split it");
            bool json = said.GetValue(AsJson);
            ImportReport report = json
                ? await WithFileAsync(path, text => MeterImport.RunAsync(room, text, said.GetValue(dry), null, stop))
                : await AnsiConsole.Progress().HideCompleted(true).StartAsync(async progress =>
                {
                    ProgressTask task = progress.AddTask("Meters", maxValue: 1);
                    return await WithFileAsync(path, text => MeterImport.RunAsync(room, text, said.GetValue(dry), new Progress(task), stop));
                });
            return Tell(report, json);
        }));
        return command;
    }

    private static Command List()
    {
        var after = new Option<string?>("--after") { Description = "Begin behind this meter." };
        var limit = new Option<int>("--limit") { Description = "At most so many, up to 10000.", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "Meters by number.") { Directory, after, limit, AsJson };
        command.SetAction((said, _) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), room =>
        {
            if (said.GetValue(limit) is < 1 or > PageLimit) return Task.FromResult(CommandOutput.Fail("--limit is 1 to 10000"));
            MeterPan pan = default;
            if (said.GetValue(after) is { } text && MeterNumber.Read(text, out pan) is not null) return Task.FromResult(CommandOutput.Fail("--after is a meter's number"));
            var meters = room.House.Meters.List(said.GetValue(after) is null ? null : pan, said.GetValue(limit));
            VendorPrinter.Print(meters.Select(m => new { pan = m.Pan.ToString(), tariff = m.TariffId, account = m.CustomerAccount, place = m.Place, key = SigningKeyTerms.KeyIdOf(m.Key), make = m.Make ?? string.Empty, blocked = m.IsBlocked }).ToArray(), said.GetValue(AsJson));
            return Task.FromResult(CommandOutput.Success);
        }));
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "All that is known of a meter.") { Directory, Number, AsJson };
        command.SetAction((said, _) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), room => Task.FromResult(
            MeterNumber.Read(said.GetRequiredValue(Number), out MeterPan pan) is { } bad ? CommandOutput.Fail(bad) : ShowOne(room, pan, said.GetValue(AsJson)))));
        return command;
    }

    private static Command Block(string name, bool isBlocked)
    {
        var command = new Command(name, isBlocked ? "Nothing is sold to the meter any more." : "The meter may be sold to again.") { Directory, Number };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            if (MeterNumber.Read(said.GetRequiredValue(Number), out MeterPan pan) is { } bad) return CommandOutput.Fail(bad);
            if (room.House.Meters.Find(pan) is not { } meter) return CommandOutput.Fail($"there is no meter {pan}");
            await room.House.Meters.SaveAsync(meter with { IsBlocked = isBlocked }, stop);
            Console.Out.WriteLine($"{pan} is {(isBlocked ? "blocked" : "not blocked")}");
            return CommandOutput.Success;
        }));
        return command;
    }

    private static int ShowOne(SellerRoom room, MeterPan pan, bool json)
    {
        if (room.House.Meters.Find(pan) is not { } meter) return CommandOutput.Fail($"there is no meter {pan}");
        MeterCard? card = room.Cards.Find(pan);
        KeyChange? change = room.House.KeyChanges.Find(pan);
        VendorPrinter.Print(
            new
            {
                pan = pan.ToString(), sgc = meter.Key.SupplyGroup.ToString(), krn = meter.Key.KeyRevision.Value, ti = meter.Key.TariffIndex.ToString(), kt = (int)meter.Key.KeyType, ken = (int)meter.Key.KeyExpiry.Value,
                @base = meter.Key.BaseDate.Year, algorithm = (int)meter.Key.Algorithm, key = SigningKeyTerms.KeyIdOf(meter.Key), tariff = meter.TariffId, account = meter.CustomerAccount, name = card?.CustomerName ?? string.Empty,
                place = meter.Place, make = meter.Make ?? string.Empty, tokensBy = room.Directory.Vending.Makers.CodeOf(meter.Make) ?? "signer", blocked = meter.IsBlocked, anniversary = meter.Anniversary, keyChange = change?.State.ToString(),
                debts = room.House.Debts.Of(pan).Select(d => new { d.Record.Name, d.MinorUnits }), purchases = room.House.Desk.OrdersOf(pan, 1_000).Count,
            },
            json);
        return CommandOutput.Success;
    }

    private static int Tell(ImportReport report, bool json)
    {
        if (json) CommandOutput.WriteJson(report);
        foreach (string fault in report.Faults) Console.Error.WriteLine("latchkey: " + fault);
        if (report.Faults.Count > 0) return CommandOutput.Fail($"{report.Faults.Count} bad lines; nothing was written");
        if (!json) Console.Out.WriteLine($"{report.Added} added, {report.Changed} changed, {report.Unchanged} unchanged{(report.DryRun ? " (dry run: nothing was written)" : string.Empty)}");
        return CommandOutput.Success;
    }

    private static async Task<ImportReport> WithFileAsync(string path, Func<TextReader, Task<ImportReport>> work)
    {
        using var text = new StreamReader(path);
        return await work(text);
    }

    private static string Fallback(string column) => column switch { "krn" => "1", "ti" => "01", _ => string.Empty };

    private static string Quoted(string cell) => "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private sealed class Progress(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }
}
