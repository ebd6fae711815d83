using System.CommandLine;
using Latchkey.Cli.Audit;
using Latchkey.Cli.Bench;
using Latchkey.Cli.Demo;
using Latchkey.Cli.Receipts;
using Latchkey.Cli.Sellers;
using Latchkey.Cli.Serve;
using Latchkey.Cli.Tariffs;
using Latchkey.Cli.Vendors;
using Latchkey.Cli.Verify;

namespace Latchkey.Cli;

/// <summary>The root of the command line: one subcommand per thing a user does.</summary>
public static class LatchkeyCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Latchkey, an open-source prepaid electricity platform: meter, tokens, vending, portal.");
        root.Subcommands.Add(InitCommand.Create());
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(AuditCommand.Create());
        root.Subcommands.Add(Books.LedgerCommand.Create());
        root.Subcommands.Add(Books.ReconcileCommand.Create());
        root.Subcommands.Add(Settlements.SettlementCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(VerifyCommand.Create());
        root.Subcommands.Add(TariffCommand.Create());
        root.Subcommands.Add(Keys.KeysCommand.Create());
        root.Subcommands.Add(Signing.SignerCommand.Create());
        root.Subcommands.Add(MetersCommand.Create());
        root.Subcommands.Add(Makers.MakersCommand.Create());
        root.Subcommands.Add(ClientsCommand.Create());
        root.Subcommands.Add(AccountsCommand.Create());
        root.Subcommands.Add(RollOver.RollOverCommand.Create());
        root.Subcommands.Add(ReceiptCommand.Create());
        root.Subcommands.Add(VendorCommand.Create());
        root.Subcommands.Add(Insiders.ApproveCommand.Create());
        root.Subcommands.Add(Insiders.BudgetCommand.Create());
        root.Subcommands.Add(Insiders.IssueCommand.Create());
        root.Subcommands.Add(Insiders.TokenCommand.Create());
        root.Subcommands.Add(Webhooks.WebhooksCommand.Create());
        root.Subcommands.Add(Sts.StsCommand.Create());
        root.Subcommands.Add(Dlms.DlmsCommand.Create());
        root.Subcommands.Add(Meters.MeterCommand.Create());
        return root;
    }
}
