using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Latchkey.Server.Demo;
using Latchkey.Simulator.Loads;
using Latchkey.Testing;

namespace Latchkey.Server.Tests;

/// <summary>A real browser at a living park: the scripts are in <c>tests/browser</c>.</summary>
public sealed class BrowserTests(BrowserTests.LivingPark park) : IClassFixture<BrowserTests.LivingPark>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task ATenantWhoseRoomIsDark_BuysAndTypes_AndTheLampGoesOn()
    {
        Assert.SkipWhen(park.Missing is not null, park.Missing ?? string.Empty);
        park.UseUpTheCredit();
        Assert.Empty(await RunAsync("buy.mjs"));
    }

    [Fact]
    public async Task ACashiersDay_FromTheFirstCountToTheSlip()
    {
        Assert.SkipWhen(park.Missing is not null, park.Missing ?? string.Empty);
        Assert.Empty(await RunAsync("sell.mjs"));
    }

    [Fact]
    public async Task TwoOperators_AtTheirDesks_MoveMoneyAndLimits()
    {
        Assert.SkipWhen(park.Missing is not null, park.Missing ?? string.Empty);
        Assert.Empty(await RunAsync("desk.mjs"));
    }

    [Fact]
    public async Task ARefund_IsAskedByOneOperatorAndApprovedByAnother()
    {
        Assert.SkipWhen(park.Missing is not null, park.Missing ?? string.Empty);
        Assert.Empty(await RunAsync("ask.mjs"));
    }

    [Fact]
    public async Task EveryPage_InBothWidthsAndLanguages_IsSound()
    {
        Assert.SkipWhen(park.Missing is not null, park.Missing ?? string.Empty);
        Assert.Empty(await RunAsync("look.mjs"));
    }

    /// <summary>The steps that failed, each with its reason.</summary>
    private async Task<string[]> RunAsync(string script)
    {
        if (await NodePeer.RunAsync([script], LivingPark.Scripts, park.Environment(), Longest) is not { } ended) return [$"{script} took longer than {Longest}"];
        JsonElement[] steps = [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        string[] failed = [.. steps.Where(step => !step.GetProperty("ok").GetBoolean()).Select(step => $"{step.GetProperty("step")}: {step.GetProperty("error")}")];
        return failed.Length == 0 && ended.ExitCode != 0 ? [$"{script} ended with {ended.ExitCode}: {ended.Errors}"] : steps.Length == 0 ? [$"{script} did nothing"] : failed;
    }

    /// <summary>A demo park on a free port, with one day behind it.</summary>
    public sealed class LivingPark : IAsyncLifetime
    {
        private static readonly DemoRoomPlan TenantsRoom = DemoRoomPlan.Park[1];
        private readonly CancellationTokenSource _ends = new();
        private readonly string _directory = Directory.CreateTempSubdirectory("latchkey-park-").FullName;
        private DemoServer? _server;
        private Task _life = Task.CompletedTask;

        public static string Scripts => RepositoryRoot.Combine("tests", "browser");

        /// <summary>What this machine lacks, or null.</summary>
        public string? Missing { get; private set; }

        public async ValueTask InitializeAsync()
        {
            Missing = File.Exists("/usr/bin/chromium") ? NodePeer.Lacks("playwright-core") : "chromium is not installed";
            if (Missing is not null) return;
            var options = new DemoServerOptions { DataDirectory = _directory, Urls = $"http://127.0.0.1:{FreePort()}", DaysOfHistory = 1, Quiet = true };
            _server = await DemoServer.StartAsync(options, new Progress<double>(), CancellationToken.None);
            _life = _server.RunAsync(_ends.Token);
        }

        /// <summary>A large load runs until the supply is off; then the room has its usual one again.</summary>
        public void UseUpTheCredit()
        {
            DemoWorld world = _server!.World;
            ILoad usual = world.Meter(TenantsRoom).Use(meter =>
            {
                ILoad load = meter.Load;
                meter.Load = new ConstantLoad(12_000);
                return load;
            });
            for (int minutes = 0; minutes < 24 * 60 && IsLit(world); minutes += 10)
            {
                world.Clock.Advance(TimeSpan.FromMinutes(10));
                world.Meter(TenantsRoom).Use(meter =>
                {
                    if (world.Clock.GetUtcNow() > meter.Now) meter.AdvanceTo(world.Clock.GetUtcNow());
                });
            }

            world.Meter(TenantsRoom).Use(meter => { meter.Load = usual; });
            Assert.False(IsLit(world));
        }

        public IEnumerable<(string Name, string Value)> Environment()
        {
            DemoWelcome welcome = _server!.Welcome;
            yield return ("LATCHKEY_URL", welcome.Portal.ToString().TrimEnd('/'));
            yield return ("LATCHKEY_METER", welcome.FirstMeter);
            foreach ((string role, string variable) in new[] { ("manager", "LATCHKEY_OPERATOR"), ("auditor", "LATCHKEY_SECOND"), ("tenant", "LATCHKEY_TENANT"), ("li.na", "LATCHKEY_CASHIER"), ("zhou.wei", "LATCHKEY_CASHIER2") })
            {
                (string name, string password, _) = welcome.SignIns.Single(account => account.Name == role);
                yield return (variable, name);
                yield return (variable + "_PASSWORD", password);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _ends.CancelAsync();
            await _life;
            if (_server is not null) await _server.DisposeAsync();
            _ends.Dispose();
            Directory.Delete(_directory, recursive: true);
        }

        private static bool IsLit(DemoWorld world) => world.Meter(TenantsRoom).Use(meter => meter.Face.RelayLamp);

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
