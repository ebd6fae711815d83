using System.CommandLine;

namespace Latchkey.Cli.Signing;

/// <summary><c>latchkey signer …</c>: the signer in a process of its own, and what it has made.</summary>
internal static class SignerCommand
{
    public static Command Create() => new("signer", "The signer in a process of its own: runs it, has it reconcile, lists what development keys made.")
    {
        SignerRunCommand.Create(), SignerReconcileCommand.Create(), SignerTokensCommand.Create(),
    };
}
