using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Latchkey.Cli.Verify;

/// <summary><c>latchkey verify [PATH] [--tables FILE]</c>: computes every vector it finds and compares.</summary>
public static class VerifyCommand
{
    private static readonly IVectorArea[] Areas = [new Sts.StsVectorArea(), new TariffArea(), new DlmsArea(), new MeterMessageArea(), new WeChatPayArea(),
        new WeChatCallbackArea(), new WebhookArea()];

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A vector file or a folder of them.", DefaultValueFactory = _ => DefaultPath() };
        var tables = new Option<string?>("--tables") { Description = "STA tables of a licensed user, as JSON {\"s1\":[16],\"s2\":[16],\"p\":[64]}." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("verify", "Checks conformance against every vector file under a path.") { path, tables, json };
        command.SetAction(result => Run(result.GetRequiredValue(path), result.GetValue(tables), result.GetValue(json)));
        return command;
    }

    private static int Run(string path, string? tables, bool json)
    {
        if (!File.Exists(path) && !Directory.Exists(path)) return CommandOutput.Fail($"there is no file or folder '{path}'");
        if (tables is not null && !File.Exists(tables)) return CommandOutput.Fail($"there is no tables file '{tables}'");

        VerifiedFile[] files = [.. Files(path).Select(file => Verify(file, tables) with { Path = ShownAs(file, path) })];
        if (json) CommandOutput.WriteJson(Document(files));
        else Print(files);
        return files.Any(file => file.Count(VectorVerdict.Failed) > 0) || files.Length == 0 ? CommandOutput.Failure : CommandOutput.Success;
    }

    private static string DefaultPath() => Directory.Exists("vectors") ? "vectors" : Path.Combine(AppContext.BaseDirectory, "..", "..", "vectors");

    private static IEnumerable<string> Files(string path) => File.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string ShownAs(string file, string path) => Directory.Exists(path) ? Path.GetRelativePath(path, file) : Path.GetFileName(file);

    private static VerifiedFile Verify(string file, string? tables)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException e)
        {
            return new VerifiedFile(file, "unreadable", [VectorOutcome.Failed("file", e.Message)]);
        }

        using (document)
        {
            IVectorArea? area = Array.Find(Areas, candidate => candidate.Recognises(Path.GetFileName(file), document.RootElement));
            return area is null
                ? new VerifiedFile(file, "none", [VectorOutcome.Skipped("file", "no part of the product computes vectors of this form yet")])
                : new VerifiedFile(file, area.Name, [.. area.Run(document.RootElement, tables)]);
        }
    }

    private static void Print(VerifiedFile[] files)
    {
        Table table = new Table().RoundedBorder().AddColumns("file", "area", "passed", "failed", "skipped");
        foreach (VerifiedFile file in files)
        {
            int failed = file.Count(VectorVerdict.Failed);
            table.AddRow(
                Markup.Escape(file.Path), Markup.Escape(file.Area), Number(file, VectorVerdict.Passed),
                failed > 0 ? $"[red]{failed}[/]" : "0", Number(file, VectorVerdict.Skipped));
        }

        AnsiConsole.Write(table);
        foreach ((string reason, int count) in SkipReasons(files)) AnsiConsole.MarkupLine(Markup.Escape($"skipped {count}: {reason}"));
        foreach (VerifiedFile file in files)
        {
            foreach (VectorOutcome outcome in file.Outcomes.Where(o => o.Verdict == VectorVerdict.Failed))
                AnsiConsole.MarkupLine("[red]failed[/] " + Markup.Escape($"{file.Path} {outcome.Id}: {outcome.Reason}"));
        }

        Console.Out.WriteLine($"{Total(files, VectorVerdict.Passed)} passed, {Total(files, VectorVerdict.Failed)} failed, {Total(files, VectorVerdict.Skipped)} skipped");
    }

    private static object Document(VerifiedFile[] files) => new
    {
        passed = Total(files, VectorVerdict.Passed),
        failed = Total(files, VectorVerdict.Failed),
        skipped = Total(files, VectorVerdict.Skipped),
        files = files.Select(file => new
        {
            path = file.Path,
            area = file.Area,
            vectors = file.Outcomes.Select(o => new { id = o.Id, verdict = o.Verdict.ToString().ToLowerInvariant(), reason = o.Reason }),
        }),
    };

    private static IEnumerable<(string Reason, int Count)> SkipReasons(VerifiedFile[] files) =>
        files.SelectMany(file => file.Outcomes).Where(o => o.Verdict == VectorVerdict.Skipped)
            .GroupBy(o => o.Reason ?? "no reason given", StringComparer.Ordinal).Select(group => (group.Key, group.Count()));

    private static string Number(VerifiedFile file, VectorVerdict verdict) =>
        file.Count(verdict).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static int Total(VerifiedFile[] files, VectorVerdict verdict) => files.Sum(file => file.Count(verdict));

    private sealed record VerifiedFile(string Path, string Area, IReadOnlyList<VectorOutcome> Outcomes)
    {
        public int Count(VectorVerdict verdict) => Outcomes.Count(o => o.Verdict == verdict);
    }
}
