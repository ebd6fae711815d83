using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Custody;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.Keys;

/// <summary><c>latchkey keys …</c>: the ceremonies of vending keys. No secret is ever an argument: components are files that only their custodian reads.</summary>
internal static class KeysCommand
{
    private const int ComponentLength = 20;

    public static Command Create() => new("keys", "Vending keys: components, taking in, limits, stopping; in software for development, or in a PKCS#11 token.")
    {
        List(), Component(), KeyImportCommand.Create(), KeyDrawCommand.Create(), KeyActCommands.Raise(), Stop(), KeyActCommands.Resume(), KeyActCommands.Apply(),
    };

    /// <summary>Runs something in the key room and prints what came of it; a code other than null is a failure.</summary>
    internal static int InKeyRoom(ParseResult said, CustodyOptions custody, string directory, string done, Func<KeyRoom, Task<string?>> work) =>
        custody.Read(said, directory, out Func<string, IKeyCustody> open) is { } wrong ? CommandOutput.Fail(wrong) : InKeyRoom(open, directory, done, work);

    /// <inheritdoc cref="InKeyRoom(ParseResult, CustodyOptions, string, string, Func{KeyRoom, Task{string?}})"/>
    internal static int InKeyRoom(Func<string, IKeyCustody> open, string directory, string done, Func<KeyRoom, Task<string?>> work)
    {
        try
        {
            using KeyRoom room = KeyRoom.Open(directory, open, TimeProvider.System);
            if (work(room).GetAwaiter().GetResult() is { } code) return CommandOutput.Fail(code);
            Console.Out.WriteLine(done);
            return CommandOutput.Success;
        }
        catch (Exception e) when (e is StorageException or CustodyException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    internal static Argument<string> Directory() => new("directory") { Description = "The data directory." };

    internal static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    private static Command List()
    {
        Argument<string> directory = Directory();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("list", "All keys with their terms, counters and limits; never their bytes.") { directory, json };
        var custody = new CustodyOptions(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(directory);
            if (!System.IO.Directory.Exists(path)) return CommandOutput.Fail($"there is no data directory '{path}'");
            if (custody.Read(result, path, out Func<string, IKeyCustody> open) is { } wrong) return CommandOutput.Fail(wrong);
            try
            {
                using KeyRoom room = KeyRoom.Open(path, open, TimeProvider.System);
                if (result.GetValue(json)) CommandOutput.WriteJson(room.Keys.Keys.Select(Document));
                else Print(room.Keys.Keys);
                return CommandOutput.Success;
            }
            catch (Exception e) when (e is StorageException or CustodyException)
            {
                return CommandOutput.Fail(e.Message);
            }
        });
        return command;
    }

    private static Command Component()
    {
        Option<string> file = Required("--out", "The file to write; it must not exist.");
        var length = new Option<int>("--bytes") { Description = "8 (DKGA02) or 20 (DKGA04).", DefaultValueFactory = _ => ComponentLength };
        var command = new Command("component", "Draws one component of a key into a file that only you may read, and shows its check value.") { file, length };
        command.SetAction(result =>
        {
            if (result.GetValue(length) is not (8 or ComponentLength)) return CommandOutput.Fail("--bytes is 8 or 20");
            byte[] component = RandomNumberGenerator.GetBytes(result.GetValue(length));
            try
            {
                ComponentFile.Write(result.GetRequiredValue(file), component);
                Console.Out.WriteLine("check value " + KeyCeremony.CheckValueOf(component));
                return CommandOutput.Success;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return CommandOutput.Fail(e.Message);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(component);
            }
        });
        return command;
    }

    private static Command Stop()
    {
        Argument<string> directory = Directory();
        var key = new Argument<string>("key") { Description = "The key's id, as in the list." };
        Option<string> reason = Required("--reason", "Why; kept with the key.");
        var command = new Command("stop", "Stops a key at once; one person is enough.") { directory, key, reason };
        var custody = new CustodyOptions(command);
        command.SetAction(result => InKeyRoom(
            result, custody, result.GetRequiredValue(directory), "stopped",
            room => room.Keys.StopAsync(result.GetRequiredValue(key), result.GetRequiredValue(reason), CancellationToken.None)));
        return command;
    }

    private static object Document(SigningKeyRecord key) => new
    {
        id = key.KeyId,
        checkValue = key.CheckValue,
        activeFrom = key.Terms.ActiveFrom,
        issueUntil = key.Terms.IssueUntil,
        creditLimit = key.CreditLimit,
        tokens = key.Counters.Tokens,
        tenthsOfKilowattHour = key.Counters.Tenths,
        minorUnits = key.Counters.MinorUnits,
        stopped = key.StoppedReason,
    };

    private static void Print(IReadOnlyList<SigningKeyRecord> keys)
    {
        Table table = new Table().RoundedBorder().AddColumns("key", "check value", "active from", "issue until", "signed", "limit", "tokens", "state");
        foreach (SigningKeyRecord key in keys)
        {
            table.AddRow(
                Markup.Escape(key.KeyId), key.CheckValue, Day(key.Terms.ActiveFrom), key.Terms.IssueUntil is { } end ? Day(end) : "open",
                Number(key.Counters.MinorUnits), Number(key.CreditLimit), Number(key.Counters.Tokens),
                key.StoppedReason is { } why ? "[red]" + Markup.Escape(why) + "[/]" : "[green]good[/]");
        }

        AnsiConsole.Write(table);
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
