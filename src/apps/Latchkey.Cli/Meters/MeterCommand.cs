using System.CommandLine;

namespace Latchkey.Cli.Meters;

/// <summary><c>latchkey meter …</c>: one virtual meter, and what the seller knows of a meter.</summary>
internal static class MeterCommand
{
    public static Command Create()
    {
        var command = new Command("meter", "A virtual meter as a process of its own; what the seller knows of a meter.");
        command.Subcommands.Add(MeterRunCommand.Create());
        command.Subcommands.Add(MeterTermsCommand.Demand());
        command.Subcommands.Add(MeterTermsCommand.Credits());
        return command;
    }
}
