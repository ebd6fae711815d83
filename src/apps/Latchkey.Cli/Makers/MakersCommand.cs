using System.CommandLine;
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

    public static Command Create() => new("makers", "Makers' own token services: which are on, what waits for people.") { List(), Waiting(), Settle(), Stop(), Resume() };

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
        var reason = new Option<string>("--reason") { Description = "How it is known: a call, a statement.", Required = true };
        var console = new TwoAtConsole();
        var command = new Command("settle", "Two people who asked the maker say what became of a request.") { Directory, order, token, none, reason, AsJson };
        foreach (Option option in console.Options) command.Options.Add(option);
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            TokenNumber found = default;
            if ((said.GetValue(token) is null) != said.GetValue(none)) return CommandOutput.Fail("either --token or --no-token is said");
            if (said.GetValue(token) is { } digits && !TokenNumber.TryParse(digits, out found)) return CommandOutput.Fail("a token has twenty digits");
            if (room.House.Makers.Find(said.GetRequiredValue(order)) is not { State: MakerRequestState.Asked } request) return CommandOutput.Fail("nothing is waiting under this id; 'latchkey makers waiting' lists what is");
            if (console.Read(said, room.Directory.Path, out TwoPeople people) is { } wrong) return CommandOutput.Fail(wrong);
            string? code = await room.House.Makers.SettleAsync(request.Id, said.GetValue(none) ? null : found, people, said.GetRequiredValue(reason), stop);
            if (code is not null) return CommandOutput.Fail(Explain(code));
            return await FinishAsync(room, request, said.GetValue(AsJson), stop);
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

    /// <summary>A purchase goes on by being asked for again; a token without energy is given to who asks for it again.</summary>
    private static async Task<int> FinishAsync(SellerRoom room, MakerRequest request, bool json, CancellationToken cancellationToken)
    {
        string state = "settled";
        if (room.House.Desk.Find(request.OrderId) is { } order)
        {
            await room.House.Desk.PlaceAsync(order.Command, cancellationToken);
            state = room.House.Desk.Find(order.Id)!.State.ToString().ToLowerInvariant();
        }

        if (json) CommandOutput.WriteJson(new { order = request.OrderId, state });
        else Console.Out.WriteLine($"{request.OrderId} is {state}");
        return CommandOutput.Success;
    }

    private static string Explain(string code) => code switch
    {
        VendingCodes.Busy => code + ": it was sent less than ten minutes ago and may be under way; wait",
        VendingCodes.MakerTokenRepeated => code + ": another purchase has this token",
        VendingCodes.RequestMalformed => code + ": the token is of another kind, or the reason is missing or too long",
        _ => code,
    };
}
