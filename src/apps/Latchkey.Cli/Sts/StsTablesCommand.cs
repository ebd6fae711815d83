using System.CommandLine;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts tables FILE</c>: whether a file holds usable EA07 tables.</summary>
internal static class StsTablesCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A file {\"s1\":[16],\"s2\":[16],\"p\":[64]}." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("tables", "Checks a file of EA07 tables; does not print what is in it.") { file, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string file, bool json)
    {
        Result<StaTables?> read = StsKeyOptions.ReadTables(file);
        if (read.Fault is { } fault) return CommandOutput.Fail(fault);
        if (json) CommandOutput.WriteJson(new { file, valid = true, sample = read.Value!.IsSample });
        else Console.Out.WriteLine(read.Value!.IsSample ? "These are the standard's sample tables: no real meter uses them." : "The tables are well-formed permutations.");
        return CommandOutput.Success;
    }
}
