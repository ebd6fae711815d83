using System.CommandLine;
using System.Globalization;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Transport.Links;
using Spectre.Console;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms list ADDRESS</c>: the objects that this association may see, and what it may do with them.</summary>
internal static class DlmsListCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connect = new DlmsConnectOptions();
        var command = new Command("list", "Lists the objects of this association with its rights.") { json };
        connect.AddTo(command);
        command.SetAction((parsed, stop) => connect.RunAsync(parsed, (session, token) => RunAsync(session, parsed.GetValue(json), token), stop));
        return command;
    }

    private static async Task<int> RunAsync(DlmsSession session, bool json, CancellationToken cancellationToken)
    {
        (ClientFailure failure, IReadOnlyList<DlmsListedObject> objects) = await DlmsObjectList.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail(DlmsFailureText.Of(failure));
        if (json)
        {
            CommandOutput.WriteJson(new
            {
                Objects = objects.Select(o => new { Class = (int)o.Class, Name = o.Class.ToString(), o.Version, o.Obis, o.Readable, o.Writable, o.Callable }),
            });
            return CommandOutput.Success;
        }

        Table table = new Table().RoundedBorder().AddColumns("class", "name", "version", "obis", "read", "write", "call");
        foreach (DlmsListedObject o in objects)
        {
            table.AddRow(
                ((int)o.Class).ToString(CultureInfo.InvariantCulture), o.Class.ToString(), o.Version.ToString(CultureInfo.InvariantCulture), o.Obis,
                Runs(o.Readable), Runs(o.Writable), Runs(o.Callable));
        }

        AnsiConsole.Write(table);
        Console.Out.WriteLine($"{objects.Count} objects");
        return CommandOutput.Success;
    }

    // "1-4, 6" in place of "1, 2, 3, 4, 6".
    private static string Runs(IReadOnlyList<int> indices)
    {
        var parts = new List<string>();
        for (int i = 0; i < indices.Count; i++)
        {
            int first = i;
            while (i + 1 < indices.Count && indices[i + 1] == indices[i] + 1) i++;
            parts.Add(first == i ? $"{indices[first]}" : $"{indices[first]}-{indices[i]}");
        }

        return string.Join(", ", parts);
    }
}
