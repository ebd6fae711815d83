using System.CommandLine;
using Latchkey.Cli.Insiders;
using Latchkey.Cli.Sellers;
using Latchkey.Cli.Vendors;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Cli.Makers;

/// <summary><c>latchkey makers …</c>: tokens that makers' own services make, and the requests of which nobody knows.</summary>
internal static class MakersCommand
{
    private const int MostWaiting = 1_000;
    private static readonly Argument<string> Directory = new("directory") { Description = "The data directory." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create() => new("makers", "Makers' own token services: which are on, what waits for people.") { List(), Waiting(), Settle(), Stop(), Resume(), StatementCommand.Create(Directory, AsJson) };

    private static Command List()
    {
        var command = new Command("list", "The makes that the settings turn on, and whether one is stopped.") { Directory, AsJson };
        command.SetAction((said, _) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), room =>
        {
            VendorPrinter.Print(
                room.Directory.Settings.Makers.Select(m => new { make = m.Make.ToLowerInvariant(), url = m.Url.ToString(), company = m.Company, user = m.User, stopped = room.House.Makers.StoppedReason(m.Make.ToLowerInvariant()) ?? string.Empty }).ToArray(),
                said.GetValue(AsJson));
            return Task.FromResult(CommandOutput.Success);
        }));
        return command;
    }

    private static Command Waiting()
    {
        var command = new Command("waiting", "Requests that were sent and have no answer: ask the maker what became of them.") { Directory, AsJson };
        command.SetAction((said, _) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), room =>
        {
            VendorPrinter.Print(
                room.House.Makers.Waiting(MostWaiting).Select(r => new { order = r.OrderId, r.Make, meter = r.Pan.Drn.ToString(), kind = r.Kind.ToString(), kwh = r.Tenths / 10m, asked = r.AskedAt }).ToArray(),
                said.GetValue(AsJson));
            return Task.FromResult(CommandOutput.Success);
        }));
        return command;
    }

    private static Command Settle()
    {
        var order = new Argument<Guid>("order") { Description = "The purchase or approval, as 'waiting' shows it." };
        var token = new Option<string?>("--token") { Description = "The twenty digits that the maker's records have for it." };
        var none = new Option<bool>("--no-token") { Description = "The maker has made none: the money goes back." };
        var command = new Command("settle", "Asks for an approval of what the maker said of a request; it is done with the second person's word.")
        {
            Directory, order, token, none, IssueCommand.Reason, IssueCommand.RequestId, InsiderHouse.Name, AsJson,
        };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            TokenNumber found = default;
            if ((said.GetValue(token) is null) != said.GetValue(none)) return CommandOutput.Fail("either --token or --no-token is said");
            if (said.GetValue(token) is { } digits && !TokenNumber.TryParse(digits.Replace(" ", string.Empty, StringComparison.Ordinal), out found)) return CommandOutput.Fail("a token has twenty digits");
            if (room.House.Makers.EffectOf(said.GetRequiredValue(order), said.GetValue(none) ? null : found, out _) is not { } effect)
                return CommandOutput.Fail("nothing is waiting under this id; 'latchkey makers waiting' lists what is");
            ApprovalOutcome outcome = await room.House.Acts.AskAsync(
                said.GetValue(IssueCommand.RequestId) ?? IssueCommand.NewId(), effect, said.GetRequiredValue(IssueCommand.Reason), InsiderHouse.Person(said), ApprovalDesk.UsualLifetime, stop);
            if (outcome is ApprovalOutcome.Refused refused) return CommandOutput.Fail($"{refused.Code}: {refused.Detail}");
            VendorPrinter.Print(InsiderHouse.View(outcome), said.GetValue(AsJson));
            return CommandOutput.Success;
        }));
        return command;
    }

    private static Command Stop()
    {
        var make = new Argument<string>("make") { Description = "The make." };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var command = new Command("stop", "Nothing is asked of a make's service any more; its purchases wait.") { Directory, make, reason };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            if (room.Directory.Vending.Makers.CodeOf(said.GetRequiredValue(make)) is not { } code) return CommandOutput.Fail($"the settings turn no make '{said.GetValue(make)}' on");
            await room.House.Makers.StopAsync(code, said.GetRequiredValue(reason), stop);
            Console.Out.WriteLine($"{code} is stopped");
            return CommandOutput.Success;
        }));
        return command;
    }

    private static Command Resume()
    {
        var make = new Argument<string>("make") { Description = "The make." };
        var console = new TwoAtConsole();
        var command = new Command("resume", "The service is asked again, after two people have looked.") { Directory, make };
        foreach (Option option in console.Options) command.Options.Add(option);
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            if (room.Directory.Vending.Makers.CodeOf(said.GetRequiredValue(make)) is not { } code) return CommandOutput.Fail($"the settings turn no make '{said.GetValue(make)}' on");
            if ((console.Read(said, room.Directory.Path, out TwoPeople people) ?? await room.House.Makers.ResumeAsync(code, people, stop)) is { } wrong) return CommandOutput.Fail(wrong);
            Console.Out.WriteLine($"{code} is asked again");
            return CommandOutput.Success;
        }));
        return command;
    }
}
