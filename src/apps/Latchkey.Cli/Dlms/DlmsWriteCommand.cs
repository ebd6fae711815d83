using System.CommandLine;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms write ADDRESS PATH VALUE</c>.</summary>
internal static class DlmsWriteCommand
{
    public static Command Create()
    {
        var value = new Argument<string>("value") { Description = DlmsValueText.Forms + "." };
        var send = new DlmsSend(
            "CLASS/OBIS/ATTRIBUTE or OBIS/ATTRIBUTE",
            DefaultIndex: 2,
            (session, target, data, stop) => session.WriteAsync(new AttributeDescriptor(target.Class, target.Name, target.Index), data.View, stop),
            Print);
        return send.Into(new Command("write", "Writes one attribute."), value);
    }

    private static void Print(DlmsSession session, DlmsPath target, bool json)
    {
        if (json) CommandOutput.WriteJson(new JsonObject { ["path"] = target.ToString(), ["written"] = true });
        else Console.Out.WriteLine($"{target} written");
    }
}
