using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;
using Spectre.Console;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms profile ADDRESS OBIS [--from --to | --entries]</c>: the rows of a profile under the names of its columns.</summary>
internal static class DlmsProfileCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("obis") { Description = "The profile, for example 1.0.99.1.0.255." };
        var from = new Option<DateTimeOffset?>("--from") { Description = "First instant." };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Last instant." };
        var entries = new Option<string?>("--entries") { Description = "FIRST-LAST by number, from 1; LAST 0 is the newest." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connect = new DlmsConnectOptions();
        var command = new Command("profile", "Reads a profile by range of time or by number.") { name, from, to, entries, json };
        connect.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            if (!DlmsPath.TryParse(parsed.GetRequiredValue(name), defaultIndex: 2, out DlmsPath path)) return Task.FromResult(CommandOutput.Fail("the profile must be an OBIS name"));
            if (!TryRange(parsed.GetValue(entries), out EntryDescriptor range)) return Task.FromResult(CommandOutput.Fail("--entries must be FIRST-LAST, from 1"));
            return connect.RunAsync(
                parsed, (session, token) => RunAsync(session, path.Name, parsed.GetValue(from), parsed.GetValue(to), range, parsed.GetValue(json), token), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        DlmsSession session, LogicalName name, DateTimeOffset? from, DateTimeOffset? to, EntryDescriptor range, bool json, CancellationToken cancellationToken)
    {
        ClientFailure failure = await session.ReadAsync(Attribute(name, 3), default, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail("the columns: " + DlmsFailureText.Of(failure));
        CaptureObject[] columns = Columns(session.Client.Value);
        if (columns.Length == 0) return CommandOutput.Fail("the profile has no columns");
        failure = await ReadAsync(session, name, columns[0], from, to, range, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail("the rows: " + DlmsFailureText.Of(failure));
        if (json) WriteJson(name, columns, session.Client.Value);
        else Print(columns, session.Client.Value);
        return CommandOutput.Success;
    }

    private static Task<ClientFailure> ReadAsync(
        DlmsSession session, LogicalName name, CaptureObject clock, DateTimeOffset? from, DateTimeOffset? to, EntryDescriptor range, CancellationToken cancellationToken)
    {
        var writer = new AxdrWriter(new byte[128]);
        byte selector = 0;
        if (from is not null || to is not null)
        {
            RangeDescriptor.WriteTimes(
                ref writer, clock, from is { } first ? CosemDateTime.From(first) : CosemDateTime.Unspecified, to is { } last ? CosemDateTime.From(last) : CosemDateTime.Unspecified);
            selector = RangeDescriptor.Selector;
        }
        else if (range != default)
        {
            range.Write(ref writer);
            selector = EntryDescriptor.Selector;
        }

        if (selector == 0) return session.ReadAsync(Attribute(name, 2), default, cancellationToken);
        _ = DataView.TryReadWhole(writer.Written, out DataView parameters);
        return session.ReadAsync(Attribute(name, 2), new SelectiveAccess(selector, parameters), cancellationToken);
    }

    private static void WriteJson(LogicalName name, CaptureObject[] columns, DataView rows) => CommandOutput.WriteJson(new JsonObject
    {
        ["profile"] = name.ToString(),
        ["columns"] = new JsonArray([.. columns.Select(c => (JsonNode)Title(c))]),
        ["rows"] = DlmsValueText.Json(rows),
    });

    private static void Print(CaptureObject[] columns, DataView rows)
    {
        Table table = new Table().RoundedBorder();
        foreach (CaptureObject column in columns) table.AddColumn(Markup.Escape(Title(column)));
        int count = 0;
        foreach (DataView row in rows.Items)
        {
            var cells = new List<string>();
            foreach (DataView cell in row.Items) cells.Add(Markup.Escape(DlmsValueText.Print(cell)));
            table.AddRow([.. cells.Take(columns.Length)]);
            count++;
        }

        AnsiConsole.Write(table);
        Console.Out.WriteLine(count == 1 ? "1 row" : $"{count} rows");
    }

    private static CaptureObject[] Columns(DataView list)
    {
        var columns = new List<CaptureObject>();
        foreach (DataView item in list.Items)
            if (CaptureObject.TryRead(item, out CaptureObject column)) columns.Add(column);
        return [.. columns];
    }

    private static string Title(CaptureObject column) => string.Create(CultureInfo.InvariantCulture, $"{column.Name}/{column.Attribute}");

    private static AttributeDescriptor Attribute(LogicalName name, sbyte index) => new(InterfaceClass.ProfileGeneric, name, index);

    private static bool TryRange(string? text, out EntryDescriptor range)
    {
        range = default;
        if (text is null) return true;
        string[] parts = text.Split('-');
        bool valid = parts.Length == 2 && uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint first) & uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out uint last)
            && first >= 1 && (last == 0 || last >= first);
        if (valid) range = new EntryDescriptor(uint.Parse(parts[0], CultureInfo.InvariantCulture), uint.Parse(parts[1], CultureInfo.InvariantCulture), 1, 0);
        return valid;
    }
}
