using System.CommandLine;
using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;

namespace Latchkey.Cli.Sellers;

/// <summary><c>latchkey init DIR</c>: makes a data directory that can be served at once.</summary>
internal static class InitCommand
{
    // Some things take two people: keys, clear-tamper tokens, forced switching.
    private static readonly (string Name, string Display)[] FirstOperators = [("manager", "Manager"), ("controller", "Controller")];

    public static Command Create()
    {
        var directory = new Argument<string>("directory") { Description = "The data directory; made when it is missing." };
        var name = new Option<string>("--name") { Description = "Who sells, as printed on receipts.", DefaultValueFactory = _ => "My park" };
        var currency = new Option<string>("--currency") { Description = "ISO 4217 code of the seller's money.", DefaultValueFactory = _ => "CNY" };
        var offset = new Option<string?>("--utc-offset") { Description = "The seller's clock for ever, such as +08:00; this machine's standard time without it." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("init", "Makes a data directory: settings, keys files, a starter tariff, the first operators.") { directory, name, currency, offset, json };
        command.SetAction(async (said, stop) =>
        {
            string path = Path.GetFullPath(said.GetRequiredValue(directory));
            if (SellerDirectory.IsOne(path)) return CommandOutput.Fail($"'{said.GetValue(directory)}' is a data directory already; nothing was changed");
            if (File.Exists(Path.Combine(path, "latchkey.db"))) return CommandOutput.Fail($"'{said.GetValue(directory)}' holds books of something else; choose another directory");
            if (!Currency.TryParse(said.GetRequiredValue(currency), out Currency money)) return CommandOutput.Fail($"'{said.GetValue(currency)}' is no currency that is sold here");
            string clock = said.GetValue(offset) ?? Offset(TimeZoneInfo.Local.BaseUtcOffset);
            return await MakeAsync(path, said.GetRequiredValue(directory), said.GetRequiredValue(name), money, clock, said.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> MakeAsync(string path, string shown, string name, Currency currency, string offset, bool json, CancellationToken cancellationToken)
    {
        try
        {
            await SellerDirectory.CreateAsync(path, name, currency, offset, TimeZoneInfo.Local.HasIanaId ? TimeZoneInfo.Local.Id : "UTC", TimeProvider.System, cancellationToken);
            AccountBook accounts = AccountBook.Open(path);
            var operators = FirstOperators.Select(o => (o.Name, Password: accounts.SetAccount(o.Name, o.Display, PortalRoles.Operator, null))).ToArray();
            if (json) CommandOutput.WriteJson(new { directory = path, operators = operators.Select(o => new { name = o.Name, password = o.Password }) });
            else Print(shown, operators);
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or StorageException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static void Print(string shown, (string Name, string Password)[] operators)
    {
        Console.Out.WriteLine($"made {shown}: settings.json, tariffs/starter.json, meters-example.csv, books and keys (mode 600)");
        foreach ((string name, string password) in operators) Console.Out.WriteLine($"operator {name,-12} password {password}");
        Console.Out.WriteLine("The passwords are shown this once; 'latchkey accounts reset' draws a new one. Next:");
        Console.Out.WriteLine($"  latchkey keys draw {shown} --development --sgc 000001");
        Console.Out.WriteLine($"  latchkey meters import {shown} {Path.Combine(shown, "meters-example.csv")}");
        Console.Out.WriteLine($"  latchkey clients add {shown} till-1 --scope sell --scope meters.read");
        Console.Out.WriteLine($"  latchkey serve --data {shown}");
    }

    private static string Offset(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
