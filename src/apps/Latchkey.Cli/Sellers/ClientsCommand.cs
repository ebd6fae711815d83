using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Access;
using Latchkey.Vending;

namespace Latchkey.Cli.Sellers;

/// <summary><c>latchkey clients …</c>: programs that may call the interface. A key is drawn, shown once, and kept only as its hash.</summary>
internal static class ClientsCommand
{
    private static readonly Argument<string> Directory = new("directory") { Description = "The data directory." };
    private static readonly Argument<string> Name = new("name") { Description = "The client's name: lower-case letters, digits and dashes. Never given twice." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create() => new("clients", "Programs that may call the interface: keys, certificates, scopes, limits.") { Add(), List(), Rotate(), Bind(), Disable("disable", true), Disable("enable", false) };

    private static Command Add()
    {
        var scopes = new Option<string[]>("--scope") { Description = "meters.read, sell, sell.vendor:NAME, receipts.read, reports.read, operate or webhooks; more than once.", Required = true, AllowMultipleArgumentsPerToken = true };
        var rate = new Option<int>("--per-minute") { Description = "Requests in a minute.", DefaultValueFactory = _ => ApiClientLimits.Usual.RequestsPerMinute };
        var concurrent = new Option<int>("--concurrent") { Description = "Requests at one time.", DefaultValueFactory = _ => ApiClientLimits.Usual.Concurrent };
        var money = new Option<long?>("--per-day") { Description = "Minor units it may sell in a day of the seller's clock; no limit without it." };
        var networks = new Option<string[]>("--from") { Description = "An address range it may call from, such as 10.0.0.0/8; more than once; anywhere without it.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int?>("--days") { Description = "It ends after so many days; no end without it." };
        var command = new Command("add", "Adds a client and shows its key, once.") { Directory, Name, scopes, rate, concurrent, money, networks, days, AsJson };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            string name = said.GetRequiredValue(Name);
            var limits = new ApiClientLimits(said.GetValue(rate), said.GetValue(concurrent), said.GetValue(money), said.GetValue(networks) ?? []);
            string[] wanted = said.GetRequiredValue(scopes);
            if (Fault(name, wanted, limits, said.GetValue(days)) is { } fault) return CommandOutput.Fail(fault);
            foreach (string vendor in wanted.Select(ApiScopes.VendorOf).OfType<string>())
                if (room.House.Vendors.Find(vendor) is null) return CommandOutput.Fail($"there is no vendor '{vendor}'; 'latchkey vendor save' opens one");
            (string key, string digest) = ClientAccess.NewKey();
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            var client = new ApiClient(name, wanted, limits, now, digest, ExpiresAt: said.GetValue(days) is { } end ? now.AddDays(end) : null);
            if (!await room.Clients.AddAsync(client, stop)) return CommandOutput.Fail($"there is a client '{name}' already; names are never given twice");
            return ShowKey(said, name, key, null);
        }));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All clients with scopes and limits; never their keys.") { Directory, AsJson };
        command.SetAction((said, _) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), room =>
        {
            DateOnly today = room.Directory.Vending.Day(TimeProvider.System.GetUtcNow());
            if (!said.GetValue(AsJson))
            {
                ClientLines.Print(room.Clients.List(), c => room.Clients.SoldOn(c.Name, today), TimeProvider.System.GetUtcNow());
                return Task.FromResult(CommandOutput.Success);
            }

            CommandOutput.WriteJson(room.Clients.List().Select(c => new
            {
                name = c.Name, scopes = c.Scopes, perMinute = c.Limits.RequestsPerMinute, concurrent = c.Limits.Concurrent, perDay = c.Limits.MinorUnitsPerDay, soldToday = room.Clients.SoldOn(c.Name, today),
                from = c.Limits.Networks, certificate = c.Certificate?.Name.Replace('\n', ' '), expires = c.ExpiresAt, disabled = c.IsDisabled,
            }).ToArray());
            return Task.FromResult(CommandOutput.Success);
        }));
        return command;
    }

    private static Command Rotate()
    {
        var hours = new Option<int>("--keep-hours") { Description = "So long the old key stays good beside the new one; 0 ends it at once.", DefaultValueFactory = _ => 24 };
        var command = new Command("rotate", "Draws a new key and shows it, once.") { Directory, Name, hours, AsJson };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            if (said.GetValue(hours) is < 0 or > 24 * 90) return CommandOutput.Fail("--keep-hours is 0 to 2160");
            string name = said.GetRequiredValue(Name);
            (string key, string digest) = ClientAccess.NewKey();
            DateTimeOffset until = TimeProvider.System.GetUtcNow().AddHours(said.GetValue(hours));
            bool done = await room.Clients.ChangeAsync(name, c => c with { KeySha256 = digest, EarlierKeySha256 = c.KeySha256, EarlierUntil = until }, stop);
            return done ? ShowKey(said, name, key, until) : CommandOutput.Fail($"there is no client '{name}'");
        }));
        return command;
    }

    private static Command Bind()
    {
        var file = new Option<string?>("--certificate") { Description = "A PEM file with the client's certificate; without it the binding ends." };
        var issuer = new Option<bool>("--by-issuer") { Description = "Any certificate of the same issuer for the same subject will do, so that it may be renewed." };
        var command = new Command("bind", "Binds a client to a TLS certificate: without it the client is refused from then on.") { Directory, Name, file, issuer };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            string name = said.GetRequiredValue(Name);
            ClientCertificate? bound = null;
            if (said.GetValue(file) is { } path)
            {
                if (TryRead(path, out X509Certificate2? certificate) is { } fault) return CommandOutput.Fail(fault);
                using (certificate) bound = said.GetValue(issuer) ? ClientAccess.ByIssuer(certificate!) : ClientAccess.ByThumbprint(certificate!);
            }

            if (said.GetValue(issuer) && room.Directory.Settings.Https?.ClientAuthorities is null)
                return CommandOutput.Fail("--by-issuer needs https.clientAuthorities in settings.json: a name alone anybody can write");
            if (!await room.Clients.ChangeAsync(name, c => c with { Certificate = bound }, stop)) return CommandOutput.Fail($"there is no client '{name}', or the certificate is another client's");
            Console.Out.WriteLine(bound is null ? $"{name} is bound to no certificate" : $"{name} is bound to {bound.Name.Replace('\n', ' ')}");
            return CommandOutput.Success;
        }));
        return command;
    }

    private static Command Disable(string verb, bool isDisabled)
    {
        var command = new Command(verb, isDisabled ? "Refuses the client from now on." : "Lets the client in again.") { Directory, Name };
        command.SetAction((said, stop) => SellerRoom.RunAsync(said.GetRequiredValue(Directory), async room =>
        {
            string name = said.GetRequiredValue(Name);
            if (!await room.Clients.ChangeAsync(name, c => c with { IsDisabled = isDisabled }, stop)) return CommandOutput.Fail($"there is no client '{name}'");
            Console.Out.WriteLine($"{name} is {(isDisabled ? "disabled" : "enabled")}");
            return CommandOutput.Success;
        }));
        return command;
    }

    private static string? Fault(string name, string[] scopes, ApiClientLimits limits, int? days)
    {
        if (!ApiClient.IsName(name)) return "a client's name has 1 to 48 lower-case letters, digits and dashes";
        if (scopes.FirstOrDefault(s => !ApiScopes.IsKnown(s)) is { } stranger) return $"there is no scope '{stranger}'; known are {string.Join(", ", ApiScopes.Plain)} and {ApiScopes.SellVendorPrefix}NAME";
        if (scopes.Count(s => ApiScopes.VendorOf(s) is not null || s == ApiScopes.Sell) > 1) return "a client sells through one channel: the seller's own, or one vendor's";
        if (limits.RequestsPerMinute is < 1 or > 1_000_000) return "--per-minute is 1 to 1000000";
        if (limits.Concurrent is < 1 or > 10_000) return "--concurrent is 1 to 10000";
        if (limits.MinorUnitsPerDay is < 1) return "--per-day is above 0";
        if (limits.Networks.Count > ApiClientLimits.MostNetworks) return "at most 32 address ranges";
        if (limits.Networks.FirstOrDefault(n => !IPNetwork.TryParse(n, out _)) is { } range) return $"'{range}' is no address range such as 10.0.0.0/8 or 192.0.2.7/32";
        return days is < 1 or > 3_660 ? "--days is 1 to 3660" : null;
    }

    private static string? TryRead(string path, out X509Certificate2? certificate)
    {
        certificate = null;
        try
        {
            certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"'{path}' is no certificate in PEM form: {e.Message}";
        }
    }

    private static int ShowKey(ParseResult said, string name, string key, DateTimeOffset? earlierUntil)
    {
        if (said.GetValue(AsJson)) CommandOutput.WriteJson(new { name, key, earlierKeyUntil = earlierUntil });
        else
        {
            Console.Out.WriteLine($"{name}: key {key}  (shown this once)");
            if (earlierUntil is { } until) Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the earlier key is good until {until:yyyy-MM-dd HH:mm} UTC"));
        }

        return CommandOutput.Success;
    }
}
