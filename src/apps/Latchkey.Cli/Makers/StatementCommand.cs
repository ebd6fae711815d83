using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Sellers;
using Latchkey.Cli.Vendors;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Cli.Makers;

/// <summary><c>latchkey makers statement DIRECTORY MAKE FILE</c>: the maker's own list of a month's tokens against ours.</summary>
internal static class StatementCommand
{
    private const long LargestFile = 256L * 1024 * 1024;

    public static Command Create(Argument<string> directory, Option<bool> json)
    {
        var make = new Argument<string>("make") { Description = "The make." };
        var file = new Argument<string>("file") { Description = "The maker's list of a month's tokens: CSV with the heading " + MakerStatementFile.Heading + ", or JSON with the same names in a list 'sales'." };
        var month = new Option<string>("--month") { Description = "The month that it covers completely, by the seller's clock: 2026-11.", Required = true };
        var command = new Command("statement", "Keeps a maker's statement of a month and names what differs from our journal; fails while something does.") { directory, make, file, month, json };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(directory), async room =>
        {
            if (room.Directory.Vending.Makers.CodeOf(said.GetRequiredValue(make)) is not { } code) return CommandOutput.Fail($"the settings turn no make '{said.GetValue(make)}' on");
            if (!DateOnly.TryParseExact(said.GetRequiredValue(month), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)) return CommandOutput.Fail("--month is written as 2026-11");
            if (await ReadAsync(said.GetRequiredValue(file), stop) is not { } text) return CommandOutput.Fail($"'{said.GetValue(file)}' cannot be read, or is larger than 256 MB");
            if (MakerStatementFile.Read(text, code, out IReadOnlyList<StatedToken> lines) is { } fault) return CommandOutput.Fail($"{said.GetValue(file)}: {fault}");
            DateTimeOffset from = StartOf(first, room.House.Offset), to = StartOf(first.AddMonths(1), room.House.Offset);
            if (lines.FirstOrDefault(l => l.At < from || l.At >= to) is { } outside) return CommandOutput.Fail($"{said.GetValue(file)}: a token of {outside.At:yyyy-MM-dd HH:mm}Z is not of {said.GetValue(month)}");
            await room.House.Papers.KeepAsync(new MakerStatement(code, from, to, lines), stop);
            return Print(code, lines.Count, room.House.Reconciliation.CompareStatements(), said.GetValue(json));
        }));
        return command;
    }

    private static int Print(string make, int count, IReadOnlyList<Finding> findings, bool json)
    {
        if (json)
        {
            CommandOutput.WriteJson(new { make, tokens = count, differences = findings.Select(f => new { f.Code, f.Subject, f.Problem, f.Since, kwh = f.Amount / 10m }) });
        }
        else
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} tokens in the statement of {make}, {findings.Count} differences"));
            if (findings.Count > 0) VendorPrinter.Print(findings.Select(f => new { code = f.Code, about = f.Subject, kwh = f.Amount / 10m, problem = f.Problem }).ToArray(), asJson: false);
        }

        return findings.Count == 0 ? CommandOutput.Success : CommandOutput.Fail($"{findings.Count} differences; the next reconciliation keeps them until they are explained");
    }

    private static async Task<string?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(file) is { Exists: true, Length: <= LargestFile } ? await File.ReadAllTextAsync(file, cancellationToken) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DateTimeOffset StartOf(DateOnly day, TimeSpan offset) => new(day, TimeOnly.MinValue, offset);
}
