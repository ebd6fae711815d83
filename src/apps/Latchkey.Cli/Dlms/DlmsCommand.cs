using System.CommandLine;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms ...</c>: a DLMS/COSEM client for any meter, and a decoder.</summary>
internal static class DlmsCommand
{
    public static Command Create()
    {
        var command = new Command("dlms", "Talks DLMS/COSEM to a meter: read, write, act, profile, list; and decodes what went over the line.");
        command.Subcommands.Add(DlmsReadCommand.Create());
        command.Subcommands.Add(DlmsWriteCommand.Create());
        command.Subcommands.Add(DlmsActCommand.Create());
        command.Subcommands.Add(DlmsProfileCommand.Create());
        command.Subcommands.Add(DlmsListCommand.Create());
        command.Subcommands.Add(DlmsDecodeCommand.Create());
        return command;
    }
}
