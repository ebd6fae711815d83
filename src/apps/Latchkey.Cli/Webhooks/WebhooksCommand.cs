using System.CommandLine;
using System.Globalization;
using Latchkey.Messaging.Webhooks;
using Latchkey.Storage.Messaging;
using Latchkey.Vending;

namespace Latchkey.Cli.Webhooks;

/// <summary><c>latchkey webhooks …</c>: where clients are told of what happens, as the operator keeps it for them. A secret is drawn, shown once, kept sealed.</summary>
internal static class WebhooksCommand
{
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);
    private static readonly Argument<string> Directory = new("directory") { Description = "The data directory." };
    private static readonly Argument<Guid> Id = new("id") { Description = "The endpoint's id, as in the list." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create() => new("webhooks", "Where clients are told of what happens: addresses, tests, sending again.") { Add(), List(), Test(), Replay(), Rotate(), Remove() };

    private static Command Add()
    {
        var client = new Argument<string>("client") { Description = "Whose it is, as in 'clients list'. It is told of that client's purchases; of everybody's where the client may read reports." };
        var address = new Argument<string>("url") { Description = "A public https address; others where webhooks.allowPrivateAddresses says so." };
        var events = new Option<string[]>("--event")
        {
            Description = "Kinds of events, or * for all: " + string.Join(", ", WebhookEventTypes.All) + ".", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => ["*"],
        };
        var command = new Command("add", "Adds an endpoint and shows its secret, once.") { Directory, client, address, events, AsJson };
        command.SetAction((said, stop) => InRoom(said, async room =>
        {
            string name = said.GetRequiredValue(client);
            if (room.Clients.Find(name) is not { } owner) return CommandOutput.Fail($"there is no client '{name}'; 'latchkey clients add' makes one");
            if (!owner.Scopes.Contains(ApiScopes.Webhooks, StringComparer.Ordinal)) return CommandOutput.Fail($"the client '{name}' has not the scope '{ApiScopes.Webhooks}'");
            if (WebhookAddresses.Fault(said.GetRequiredValue(address), room.Settings.WebhooksToPrivateAddresses, out Uri? where) is { } fault) return CommandOutput.Fail("write " + fault);
            string[] wanted = [.. said.GetRequiredValue(events).Distinct(StringComparer.Ordinal)];
            if (wanted.FirstOrDefault(e => !WebhookEventTypes.IsKnown(e)) is { } stranger)
                return CommandOutput.Fail($"there is no event '{stranger}'; known are {string.Join(", ", WebhookEventTypes.All)} and *");
            bool seesAll = owner.Scopes.Contains(ApiScopes.ReportsRead, StringComparer.Ordinal);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            var endpoint = new WebhookEndpoint(Guid.CreateVersion7(now), name, where!, wanted, seesAll, WebhookSecrets.New(), now);
            if (!await room.Hooks.AddAsync(endpoint, stop)) return CommandOutput.Fail($"the client '{name}' has {WebhookEndpoint.MostPerClient} endpoints already; remove one");
            return ShowSecret(said, endpoint, null);
        }, stop));
        return command;
    }

    private static Command List()
    {
        var client = new Option<string?>("--client") { Description = "Only of this client." };
        var command = new Command("list", "Endpoints with how they stand; never their secrets.") { Directory, client, AsJson };
        command.SetAction((said, stop) => InRoom(said, room =>
        {
            (WebhookEndpoint, WebhookStanding)[] all = [.. room.Hooks.List(said.GetValue(client)).Select(e => (e, room.Hooks.StandingOf(e.Id)))];
            if (said.GetValue(AsJson)) CommandOutput.WriteJson(all.Select(e => WebhookLines.Document(e.Item1, e.Item2)));
            else foreach (string line in all.SelectMany(e => WebhookLines.Of(e.Item1, e.Item2, TimeProvider.System.GetUtcNow())).DefaultIfEmpty("no webhooks")) Console.Out.WriteLine(line);
            return Task.FromResult(CommandOutput.Success);
        }, stop));
        return command;
    }

    private static Command Test()
    {
        var command = new Command("test", "Sends a test event; the running server sends it within a second.") { Directory, Id };
        command.SetAction((said, stop) => OfOne(said, async (room, endpoint) =>
        {
            await room.Hooks.TestAsync(endpoint.Id, TimeProvider.System.GetUtcNow(), stop);
            Console.Out.WriteLine($"a test event is on its way to {endpoint.Address}; 'webhooks list' says what came of it");
            return CommandOutput.Success;
        }, stop));
        return command;
    }

    private static Command Replay()
    {
        var from = new Option<string>("--from") { Description = "The moment, as 2026-11-22T09:30:00+08:00 or 2026-11-22 (UTC); at most 30 days back.", Required = true };
        var command = new Command("replay", "Sends the events from a moment on again; an endpoint that was given up is told again.") { Directory, Id, from, AsJson };
        command.SetAction((said, stop) => OfOne(said, async (room, endpoint) =>
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            if (!DateTimeOffset.TryParse(said.GetRequiredValue(from), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset moment))
                return CommandOutput.Fail($"'{said.GetValue(from)}' is no moment; write it as 2026-11-22T09:30:00+08:00");
            if (moment > now || now - moment > EventsKept) return CommandOutput.Fail("--from is a moment of the last 30 days: events are kept no longer");
            await room.Hooks.ChangeAsync(endpoint.Id, e => e with { DisabledReason = null, FailingSince = null }, stop);
            int events = await room.Hooks.ReplayAsync(endpoint.Id, moment, now, stop);
            if (said.GetValue(AsJson)) CommandOutput.WriteJson(new { id = endpoint.Id, events });
            else Console.Out.WriteLine($"{events} events are sent again to {endpoint.Address}");
            return CommandOutput.Success;
        }, stop));
        return command;
    }

    private static Command Rotate()
    {
        var hours = new Option<int>("--keep-hours") { Description = "So long the old secret signs beside the new one; 0 ends it at once.", DefaultValueFactory = _ => 24 };
        var command = new Command("rotate", "Draws a new secret and shows it, once.") { Directory, Id, hours, AsJson };
        command.SetAction((said, stop) => OfOne(said, async (room, endpoint) =>
        {
            if (said.GetValue(hours) is < 0 or > 24 * 30) return CommandOutput.Fail("--keep-hours is 0 to 720");
            DateTimeOffset until = TimeProvider.System.GetUtcNow().AddHours(said.GetValue(hours));
            await room.Hooks.ChangeAsync(endpoint.Id, WebhookSecrets.Rotated(until), stop);
            return ShowSecret(said, room.Hooks.Find(endpoint.Id)!, until);
        }, stop));
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Ends an endpoint; what was on its way to it is dropped.") { Directory, Id };
        command.SetAction((said, stop) => OfOne(said, async (room, endpoint) =>
        {
            await room.Hooks.RemoveAsync(endpoint.Id, stop);
            Console.Out.WriteLine($"{endpoint.Client} is told nothing at {endpoint.Address} any more");
            return CommandOutput.Success;
        }, stop));
        return command;
    }

    private static Task<int> InRoom(ParseResult said, Func<WebhookRoom, Task<int>> work, CancellationToken cancellationToken) =>
        WebhookRoom.RunAsync(said.GetRequiredValue(Directory), work, cancellationToken);

    private static Task<int> OfOne(ParseResult said, Func<WebhookRoom, WebhookEndpoint, Task<int>> work, CancellationToken cancellationToken) => InRoom(
        said, async room => room.Hooks.Find(said.GetValue(Id)) is { } endpoint ? await work(room, endpoint) : CommandOutput.Fail($"there is no webhook {said.GetValue(Id)}; see 'webhooks list'"), cancellationToken);

    private static int ShowSecret(ParseResult said, WebhookEndpoint endpoint, DateTimeOffset? earlierUntil)
    {
        if (said.GetValue(AsJson)) CommandOutput.WriteJson(new { id = endpoint.Id, client = endpoint.Client, url = endpoint.Address, events = endpoint.Events, secret = endpoint.Secret, earlierSecretUntil = earlierUntil });
        else
        {
            Console.Out.WriteLine($"{endpoint.Id}  {endpoint.Address}");
            Console.Out.WriteLine($"secret {endpoint.Secret}  (shown this once)");
            if (earlierUntil is { } until) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the earlier secret signs too until {until:yyyy-MM-dd HH:mm} UTC"));
        }

        return CommandOutput.Success;
    }
}
