using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Sellers;
using Latchkey.Storage.Vending;

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
        if (!SellerBooks.TryReadOffset(said.GetRequiredValue(_offset), out TimeSpan offset)) return SellerBooks.OffsetForm;
        if (!DateOnly.TryParseExact(day, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date)) return $"'{day}' is no day; write it as 2026-10-31";
        if (date.Year is < 1970 or > 9000) return $"'{day}' lies outside the calendar of the books";
        start = new DateTimeOffset(date, TimeOnly.MinValue, offset).ToUniversalTime();
        return null;
    }

    /// <summary>A moment as a day and time of the keeper's clock.</summary>
    public string Clock(ParseResult said, DateTimeOffset at) =>
        (SellerBooks.TryReadOffset(said.GetRequiredValue(_offset), out TimeSpan offset) ? at.ToOffset(offset) : at).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private Task<int> RunAsync(ParseResult said, Func<VendingHouse, ParseResult, Task<(Sheet? Sheet, string? Fault)>> work, bool needsSigner)
    {
        if (said.GetValue(_json) && said.GetValue(_csv)) return Task.FromResult(CommandOutput.Fail("--json or --csv, not both"));
        return SellerBooks.RunAsync(new WantedBooks(said.GetRequiredValue(_data), said.GetRequiredValue(_offset), needsSigner), async house =>
        {
            (Sheet? sheet, string? fault) = await work(house, said).ConfigureAwait(false);
            sheet?.Write(said.GetValue(_json) ? SheetForm.Json : said.GetValue(_csv) ? SheetForm.Csv : SheetForm.Table);
            return fault is null ? CommandOutput.Success : CommandOutput.Fail(fault);
        });
    }
}
