using System.CommandLine;

namespace Latchkey.Cli.Meters;

/// <summary><c>latchkey meter …</c>: one virtual meter.</summary>
internal static class MeterCommand
{
    public static Command Create()
    {
        var command = new Command("meter", "A virtual meter as a process of its own.");
        command.Subcommands.Add(MeterRunCommand.Create());
        return command;
    }
}
