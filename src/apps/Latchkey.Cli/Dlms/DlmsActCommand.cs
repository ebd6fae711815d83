using System.CommandLine;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms act ADDRESS PATH [VALUE]</c>: calls a method.</summary>
internal static class DlmsActCommand
{
    public static Command Create()
    {
        var value = new Argument<string>("value") { Description = DlmsValueText.Forms + "; by default i8:0.", DefaultValueFactory = _ => "i8:0" };
        var send = new DlmsSend(
            "CLASS/OBIS/METHOD or OBIS/METHOD",
            DefaultIndex: 1,
            (session, target, data, stop) => session.InvokeAsync(new MethodDescriptor(target.Class, target.Name, target.Index), data.View, stop),
            Print);
        return send.Into(new Command("act", "Calls one method, for example 115/0.0.19.40.0.255/1 token:12345678901234567890."), value);
    }

    private static void Print(DlmsSession session, DlmsPath target, bool json)
    {
        DataView returned = session.Client.Value;
        if (json) CommandOutput.WriteJson(new JsonObject { ["path"] = target.ToString(), ["done"] = true, ["returned"] = DlmsValueText.Json(returned) });
        else Console.Out.WriteLine(returned.IsNull ? $"{target} done" : $"{target} done, returned {DlmsValueText.Print(returned)}");
    }
}
