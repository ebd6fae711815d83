using System.CommandLine;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts …</c>: tokens at the command line.</summary>
public static class StsCommand
{
    public static Command Create()
    {
        var command = new Command("sts", "Tokens of IEC 62055-41: make, read, explain, derive keys, compute vectors.");
        command.Subcommands.Add(StsEncodeCommand.Create());
        command.Subcommands.Add(StsDecodeCommand.Create());
        command.Subcommands.Add(StsExplainCommand.Create());
        command.Subcommands.Add(StsDeriveCommand.Create());
        command.Subcommands.Add(StsDarkCommand.Create());
        command.Subcommands.Add(StsVectorsCommand.Create());
        command.Subcommands.Add(StsTablesCommand.Create());
        return command;
    }
}
