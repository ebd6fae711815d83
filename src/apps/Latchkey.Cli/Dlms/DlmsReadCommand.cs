using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms read ADDRESS PATH...</c>: attributes, several in one request where the meter takes lists.</summary>
internal static class DlmsReadCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("paths") { Description = "CLASS/OBIS/ATTRIBUTE, OBIS/ATTRIBUTE or OBIS (attribute 2).", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connect = new DlmsConnectOptions();
        var command = new Command("read", "Reads attributes.") { paths, json };
        connect.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            var wanted = new List<DlmsPath>();
            foreach (string text in parsed.GetRequiredValue(paths))
            {
                if (!DlmsPath.TryParse(text, defaultIndex: 2, out DlmsPath path)) return Task.FromResult(CommandOutput.Fail($"'{text}' is not CLASS/OBIS/ATTRIBUTE"));
                wanted.Add(path);
            }

            return connect.RunAsync(parsed, (session, token) => RunAsync(session, [.. wanted], parsed.GetValue(json), token), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(DlmsSession session, DlmsPath[] paths, bool json, CancellationToken cancellationToken)
    {
        (DlmsPath[]? resolved, string? fault) = await DlmsObjectList.ResolveAsync(session, paths, cancellationToken).ConfigureAwait(false);
        if (resolved is null) return CommandOutput.Fail(fault!);
        var results = new JsonArray();
        bool good = true;
        foreach (DlmsPath path in resolved)
        {
            ClientFailure failure = await session.ReadAsync(new AttributeDescriptor(path.Class, path.Name, path.Index), default, cancellationToken).ConfigureAwait(false);
            good &= failure.Kind == ClientFailureKind.None;
            JsonObject result = Result(path, session, failure);
            if (failure.Kind == ClientFailureKind.None && path.Index == 2 && path.Class is InterfaceClass.Register or InterfaceClass.ExtendedRegister)
                await ScaleAsync(session, path, result, cancellationToken).ConfigureAwait(false);
            results.Add(result);
            if (!json) Print(result);
            if (failure.Kind == ClientFailureKind.NoAnswer) return CommandOutput.Fail(DlmsFailureText.Of(failure));
        }

        if (json) CommandOutput.WriteJson(new JsonObject { ["values"] = results });
        return good ? CommandOutput.Success : CommandOutput.Failure;
    }

    private static JsonObject Result(DlmsPath path, DlmsSession session, ClientFailure failure)
    {
        var result = new JsonObject { ["path"] = path.ToString(), ["class"] = path.Class.ToString() };
        if (failure.Kind != ClientFailureKind.None)
        {
            result["error"] = DlmsFailureText.Of(failure);
            return result;
        }

        DataView value = session.Client.Value;
        result["type"] = value.Tag.ToString();
        result["value"] = DlmsValueText.Json(value);
        result["text"] = DlmsValueText.Print(value);
        result["data"] = Convert.ToHexString(value.Encoded);
        return result;
    }

    // A register's number means nothing without its scaler and unit.
    private static async Task ScaleAsync(DlmsSession session, DlmsPath path, JsonObject result, CancellationToken cancellationToken)
    {
        if (result["value"] is not JsonValue number || !number.TryGetValue(out long raw)) return;
        ClientFailure failure = await session.ReadAsync(new AttributeDescriptor(path.Class, path.Name, 3), default, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None || !TryScaler(session.Client.Value, out int scaler, out byte unit)) return;
        decimal scaled = raw;
        for (int i = 0; i < Math.Abs(scaler); i++) scaled = scaler < 0 ? scaled / 10 : scaled * 10;
        result["scaled"] = scaled;
        result["unit"] = DlmsUnits.Symbol(unit);
        result["text"] = string.Create(CultureInfo.InvariantCulture, $"{scaled} {DlmsUnits.Symbol(unit)}").TrimEnd();
    }

    private static bool TryScaler(DataView value, out int scaler, out byte unit)
    {
        (scaler, unit) = (0, 0);
        DataItems fields = value.Items;
        if (!fields.TryTake(DataTag.Integer, out long power) || !fields.TryTake(DataTag.Enum, out long number)) return false;
        (scaler, unit) = ((int)power, (byte)number);
        return Math.Abs(scaler) <= 12;
    }

    private static void Print(JsonObject result) =>
        Console.Out.WriteLine($"{(string?)result["path"],-28} {(string?)(result["text"] ?? result["error"])}");
}
