using System.CommandLine;
using System.Text.Json;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts vectors FILE [--tables FILE]</c>: each vector's outcome from its inputs alone, one JSON line each.</summary>
internal static class StsVectorsCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A file in the form of vectors/sts/vectors.json." };
        var tables = new Option<string?>("--tables") { Description = "EA07 tables of a licensed user, as JSON {\"s1\":[16],\"s2\":[16],\"p\":[64]}." };
        var command = new Command("vectors", "Computes vectors from their inputs; prints one JSON line for each.") { file, tables };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(tables)));
        return command;
    }

    private static int Run(string file, string? tablesFile)
    {
        if (!File.Exists(file)) return CommandOutput.Fail($"there is no file '{file}'");
        Result<StaTables?> tables = tablesFile is null ? new((StaTables?)null) : StsKeyOptions.ReadTables(tablesFile);
        if (tables.Fault is { } fault) return CommandOutput.Fail(fault);

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException e)
        {
            return CommandOutput.Fail($"'{file}' is not JSON: {e.Message}");
        }

        using (document)
        {
            if (StsVectorFile.Vectors(document.RootElement) is not { } vectors) return CommandOutput.Fail($"'{file}' has no list of vectors");
            foreach (JsonElement vector in vectors) Console.Out.WriteLine(StsVectorRunner.Run(vector, tables.Value).ToJsonLine());
            return CommandOutput.Success;
        }
    }
}
