using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Sellers;
using Latchkey.Custody;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Cli.Books;

/// <summary>What the commands over the books have in common: where they lie, whose calendar counts, how the answer is written.</summary>
internal sealed class BooksOptions
{
    private const string DayForm = "yyyy-MM-dd";
    private readonly Option<string> _data = new("--data") { Description = "The data directory.", Required = true };
    private readonly Option<string> _offset = new("--utc-offset") { Description = "The keeper's clock: where days begin.", DefaultValueFactory = _ => "+08:00" };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON document on standard output." };
    private readonly Option<bool> _csv = new("--csv") { Description = "CSV on standard output." };

    /// <summary>A command whose work answers with a sheet, or with what is wrong as text.</summary>
    /// <param name="needsSigner">Whether it asks the signer, here or in its own process.</param>
    public Command Verb(string name, string about, IReadOnlyList<Symbol> symbols, Func<VendingHouse, ParseResult, Task<(Sheet? Sheet, string? Fault)>> work, bool needsSigner = false)
    {
        var command = new Command(name, about);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        foreach (Option option in new Option[] { _data, _offset, _json, _csv }) command.Options.Add(option);
        command.SetAction(async (said, _) => await RunAsync(said, work, needsSigner).ConfigureAwait(false));
        return command;
    }

    /// <summary>The directory said.</summary>
    public string Directory(ParseResult said) => said.GetRequiredValue(_data);

    /// <summary>The first moment of a day by the keeper's clock; what is wrong, or null.</summary>
    public string? StartOf(ParseResult said, string? day, out DateTimeOffset start)
    {
        start = default;
        if (!TryReadOffset(said.GetRequiredValue(_offset), out TimeSpan offset)) return "--utc-offset is written as +08:00 or -03:30";
        if (!DateOnly.TryParseExact(day, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)) return $"'{day}' is no day; write it as 2026-10-31";
        if (date.Year is < 1970 or > 9000) return $"'{day}' lies outside the calendar of the books";
        start = new DateTimeOffset(date, TimeOnly.MinValue, offset).ToUniversalTime();
        return null;
    }

    /// <summary>A moment as a day and time of the keeper's clock.</summary>
    public string Clock(ParseResult said, DateTimeOffset at) =>
        (TryReadOffset(said.GetRequiredValue(_offset), out TimeSpan offset) ? at.ToOffset(offset) : at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private async Task<int> RunAsync(ParseResult said, Func<VendingHouse, ParseResult, Task<(Sheet? Sheet, string? Fault)>> work, bool needsSigner)
    {
        string directory = said.GetRequiredValue(_data);
        if (!File.Exists(new SqliteDatabaseOptions(directory).Path)) return CommandOutput.Fail($"there are no books in '{directory}'");
        if (!TryReadOffset(said.GetRequiredValue(_offset), out TimeSpan offset)) return CommandOutput.Fail("--utc-offset is written as +08:00 or -03:30");
        if (said.GetValue(_json) && said.GetValue(_csv)) return CommandOutput.Fail("--json or --csv, not both");
        try
        {
            var options = new VendingHouseOptions(new VendingOptions(string.Empty, offset, []), new TariffBook([]));
            if (SellerHouse.Open(directory, options, needsSigner, out SellerHouse? opened) is { } wrong) return CommandOutput.Fail(wrong);
            using SellerHouse closing = opened!;
            (Sheet? sheet, string? fault) = await work(closing.House, said).ConfigureAwait(false);
            sheet?.Write(said.GetValue(_json) ? SheetForm.Json : said.GetValue(_csv) ? SheetForm.Csv : SheetForm.Table);
            return fault is null ? CommandOutput.Success : CommandOutput.Fail(fault);
        }
        catch (Exception e) when (e is StorageException or CustodyException or IOException or UnauthorizedAccessException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static bool TryReadOffset(string text, out TimeSpan offset) =>
        TimeSpan.TryParseExact(text.TrimStart('+', '-'), @"hh\:mm", CultureInfo.InvariantCulture, text.StartsWith('-') ? TimeSpanStyles.AssumeNegative : TimeSpanStyles.None, out offset)
        && offset.Duration() <= TimeSpan.FromHours(14);
}
