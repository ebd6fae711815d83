using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Cli.Keys;

/// <summary><c>latchkey keys import</c>: three custodians or more bring a component each, two people answer, the check value is compared.</summary>
internal static class KeyImportCommand
{
    private const int KeyTypeUnique = 2;

    public static Command Create()
    {
        Argument<string> directory = KeysCommand.Directory();
        var components = new Option<string[]>("--component")
        {
            Description = "A file with one component in hexadecimal, mode 600; three or more.", Required = true, AllowMultipleArgumentsPerToken = true,
        };
        Option<string> check = KeysCommand.Required("--check-value", "The check value of the whole key, known beforehand.");
        Option<string> group = KeysCommand.Required("--sgc", "Supply group code, six digits.");
        var revision = new Option<int>("--krn") { Description = "Key revision number, 1 to 9.", Required = true };
        var type = new Option<int>("--kt") { Description = "Key type, 1 to 3. Default 2, unique.", DefaultValueFactory = _ => KeyTypeUnique };
        var baseDate = new Option<int>("--base") { Description = "Base date: 1993, 2014 or 2035.", Required = true };
        Option<string> from = KeysCommand.Required("--active-from", "First day of use, yyyy-mm-dd.");
        var until = new Option<string?>("--issue-until") { Description = "Nothing is signed from this day on, yyyy-mm-dd." };
        var limit = new Option<long>("--limit") { Description = "Minor units that may be signed in all until two people raise it.", Required = true };
        var console = new TwoAtConsole();
        var command = new Command("import", "Takes a key in, at a ceremony: components, check value, two people at this console, encrypted at rest.")
        {
            directory, components, check, group, revision, type, baseDate, from, until, limit,
        };
        foreach (Option option in console.Options) command.Options.Add(option);
        var custody = new CustodyOptions(command);
        command.SetAction(result =>
        {
            if (Terms(result.GetRequiredValue(group), result.GetValue(revision), result.GetValue(type), result.GetValue(baseDate), result.GetRequiredValue(from), result.GetValue(until), out SigningKeyTerms? terms) is { } wrong)
                return CommandOutput.Fail(wrong);
            if (console.Read(result, result.GetRequiredValue(directory), out TwoPeople approval) is { } nobody) return CommandOutput.Fail(nobody);
            return Import(result, custody, result.GetRequiredValue(directory), result.GetRequiredValue(components), result.GetRequiredValue(check), terms!, result.GetValue(limit), approval);
        });
        return command;
    }

    private static int Import(
        ParseResult said, CustodyOptions custody, string directory, string[] files, string checkValue, SigningKeyTerms terms, long limit, TwoPeople approval)
    {
        List<byte[]> components = [];
        byte[] key = [];
        try
        {
            foreach (string file in files)
            {
                if (ComponentFile.Read(file, out byte[] component) is { } wrong) return CommandOutput.Fail(wrong);
                components.Add(component);
            }

            key = new byte[components.Count == 0 ? 0 : components[0].Length];
            if (KeyCeremony.Combine([.. components.Select(c => (ReadOnlyMemory<byte>)c)], checkValue, key) is { } code) return CommandOutput.Fail(code);
            string done = string.Create(
                CultureInfo.InvariantCulture, $"key {terms.KeyId}, check value {checkValue.Trim().ToUpperInvariant()}, taken in by {approval} from {components.Count} components");
            return KeysCommand.InKeyRoom(said, custody, directory, done, room => room.Keys.ImportAsync(key, terms, limit, approval, CancellationToken.None));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            foreach (byte[] component in components) CryptographicOperations.ZeroMemory(component);
        }
    }

    internal static string? Terms(string group, int revision, int type, int year, string from, string? until, out SigningKeyTerms? terms)
    {
        terms = null;
        if (!SupplyGroupCode.TryParse(group, out SupplyGroupCode sgc)) return "--sgc is six digits";
        if (revision is < 1 or > 9) return "--krn is 1 to 9";
        if (type is < 1 or > 3) return "--kt is 1 to 3";
        if (!BaseDate.TryFromYear(year, out BaseDate baseDate)) return "--base is 1993, 2014 or 2035";
        if (!TryDay(from, out DateTimeOffset active)) return "--active-from is yyyy-mm-dd";
        DateTimeOffset end = default;
        if (until is not null && !TryDay(until, out end)) return "--issue-until is yyyy-mm-dd";
        if (until is not null && end <= active) return "--issue-until is after --active-from";
        terms = new SigningKeyTerms(sgc, KeyRevisionNumber.FromValue(revision), (KeyType)type, baseDate, active, until is null ? null : end);
        return null;
    }

    private static bool TryDay(string text, out DateTimeOffset day) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out day);
}
