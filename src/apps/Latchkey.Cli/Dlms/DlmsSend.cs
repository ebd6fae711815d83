using System.CommandLine;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary>What writing an attribute and calling a method have in common: one place in the meter, one value for it.</summary>
/// <param name="Form">How a path is to be written.</param>
/// <param name="DefaultIndex">The attribute or method that is meant where the path names none.</param>
/// <param name="Send">Hands the value over.</param>
/// <param name="Print">Tells that it was taken; the last argument asks for JSON.</param>
internal sealed record DlmsSend(
    string Form,
    sbyte DefaultIndex,
    Func<DlmsSession, DlmsPath, DataSent, CancellationToken, Task<ClientFailure>> Send,
    Action<DlmsSession, DlmsPath, bool> Print)
{
    /// <summary>Adds the arguments and the work to <paramref name="command"/>.</summary>
    public Command Into(Command command, Argument<string> value)
    {
        var path = new Argument<string>("path") { Description = Form + "." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var connect = new DlmsConnectOptions();
        command.Add(path);
        command.Add(value);
        command.Add(json);
        connect.AddTo(command);
        command.SetAction((parsed, stop) =>
        {
            if (!DlmsPath.TryParse(parsed.GetRequiredValue(path), DefaultIndex, out DlmsPath target)) return Fail("the path must be " + Form);
            if (DlmsValueText.Parse(parsed.GetRequiredValue(value)) is not byte[] data) return Fail("the value must be one of: " + DlmsValueText.Forms);
            return connect.RunAsync(parsed, (session, token) => RunAsync(session, target, new DataSent(data), parsed.GetValue(json), token), stop);
        });
        return command;
    }

    private static Task<int> Fail(string message) => Task.FromResult(CommandOutput.Fail(message));

    private async Task<int> RunAsync(DlmsSession session, DlmsPath target, DataSent data, bool json, CancellationToken cancellationToken)
    {
        (DlmsPath[]? resolved, string? fault) = await DlmsObjectList.ResolveAsync(session, [target], cancellationToken).ConfigureAwait(false);
        if (resolved is null) return CommandOutput.Fail(fault!);
        target = resolved[0];
        ClientFailure failure = await Send(session, target, data, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return CommandOutput.Fail($"{target}: {DlmsFailureText.Of(failure)}");
        Print(session, target, json);
        return CommandOutput.Success;
    }
}

/// <summary>The encoded value on its way; a view of it cannot be held across a wait.</summary>
internal readonly record struct DataSent(byte[] Bytes)
{
    public DataView View
    {
        get
        {
            _ = DataView.TryReadWhole(Bytes, out DataView view);
            return view;
        }
    }
}
