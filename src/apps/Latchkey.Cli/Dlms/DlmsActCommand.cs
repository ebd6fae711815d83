using System.CommandLine;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms act ADDRESS PATH [VALUE]</c>: calls a method.</summary>
internal static class DlmsActCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "CLASS/OBIS/METHOD or OBIS/METHOD." };
        var value = new Argument<string>("value") { Description = DlmsValueText.Forms + "; by default i8:0.", DefaultValueFactory = _ => "i8:0" };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connect = new DlmsConnectOptions();
        var command = new Command("act", "Calls one method, for example 115/0.0.19.40.0.255/1 token:12345678901234567890.") { path, value, json };
        connect.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            if (!DlmsPath.TryParse(parsed.GetRequiredValue(path), defaultIndex: 1, out DlmsPath target)) return Task.FromResult(CommandOutput.Fail("the path must be CLASS/OBIS/METHOD"));
            if (DlmsValueText.Parse(parsed.GetRequiredValue(value)) is not byte[] data) return Task.FromResult(CommandOutput.Fail("the value must be one of: " + DlmsValueText.Forms));
            return connect.RunAsync(parsed, (session, token) => RunAsync(session, target, data, parsed.GetValue(json), token), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(DlmsSession session, DlmsPath target, byte[] data, bool json, CancellationToken cancellationToken)
    {
        (DlmsPath[]? resolved, string? fault) = await DlmsObjectList.ResolveAsync(session, [target], cancellationToken).ConfigureAwait(false);
        if (resolved is null) return CommandOutput.Fail(fault!);
        target = resolved[0];
        ClientFailure failure = await InvokeAsync(session, target, data, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail($"{target}: {DlmsFailureText.Of(failure)}");
        Print(session, target, json);
        return CommandOutput.Success;
    }

    private static void Print(DlmsSession session, DlmsPath target, bool json)
    {
        DataView returned = session.Client.Value;
        if (json) CommandOutput.WriteJson(new JsonObject { ["path"] = target.ToString(), ["done"] = true, ["returned"] = DlmsValueText.Json(returned) });
        else Console.Out.WriteLine(returned.IsNull ? $"{target} done" : $"{target} done, returned {DlmsValueText.Print(returned)}");
    }

    private static Task<ClientFailure> InvokeAsync(DlmsSession session, DlmsPath target, byte[] data, CancellationToken cancellationToken)
    {
        _ = DataView.TryReadWhole(data, out DataView value);
        return session.InvokeAsync(new MethodDescriptor(target.Class, target.Name, target.Index), value, cancellationToken);
    }
}
