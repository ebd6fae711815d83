using System.CommandLine;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms write ADDRESS PATH VALUE</c>.</summary>
internal static class DlmsWriteCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "CLASS/OBIS/ATTRIBUTE or OBIS/ATTRIBUTE." };
        var value = new Argument<string>("value") { Description = DlmsValueText.Forms + "." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connect = new DlmsConnectOptions();
        var command = new Command("write", "Writes one attribute.") { path, value, json };
        connect.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            if (!DlmsPath.TryParse(parsed.GetRequiredValue(path), defaultIndex: 2, out DlmsPath target)) return Task.FromResult(CommandOutput.Fail("the path must be CLASS/OBIS/ATTRIBUTE"));
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
        ClientFailure failure = await WriteAsync(session, target, data, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail($"{target}: {DlmsFailureText.Of(failure)}");
        if (json) CommandOutput.WriteJson(new JsonObject { ["path"] = target.ToString(), ["written"] = true });
        else Console.Out.WriteLine($"{target} written");
        return CommandOutput.Success;
    }

    private static Task<ClientFailure> WriteAsync(DlmsSession session, DlmsPath target, byte[] data, CancellationToken cancellationToken)
    {
        _ = DataView.TryReadWhole(data, out DataView value);
        return session.WriteAsync(new AttributeDescriptor(target.Class, target.Name, target.Index), value, cancellationToken);
    }
}
