using System.Net;
using System.Text.Json;
using Latchkey.Server.SelfCheck;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests.Serve;

/// <summary>What the server says of itself: the true state, in codes, without being made to work by who asks.</summary>
public sealed class SelfCheckTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Server_ThatCanSell_IsReady_AndWithoutItsSignerItIsHealthyAndNotReady()
    {
        await using var seller = new SellerServer();
        await seller.InitializeAsync();
        JsonElement signs = (await UntilAsync(seller, "/ready", HttpStatusCode.OK)).GetProperty("signs");
        Assert.Equal(["database", "disk", "keys", "ledger", "signer"], signs.EnumerateObject().Select(s => s.Name));
        await seller.Server.Platform.Vending.Keys.StopAsync("000001-1-2-2014", "looking", CancellationToken.None);
        Assert.Equal("no-usable-key", (await UntilAsync(seller, "/ready", HttpStatusCode.ServiceUnavailable)).GetProperty("signs").GetProperty("keys").GetString());
        await seller.StopAsync();

        seller.Serving = settings => settings with { Signer = AbsentSigner.Instance };
        await seller.StartAsync();
        JsonElement away = await UntilAsync(seller, "/ready", HttpStatusCode.ServiceUnavailable, "signer-unavailable");
        Assert.Equal(("failing", "ok", "not-checked"), (away.GetProperty("status").GetString(), away.GetProperty("signs").GetProperty("database").GetString(), away.GetProperty("signs").GetProperty("keys").GetString()));
        JsonElement health = await UntilAsync(seller, "/health", HttpStatusCode.OK);
        Assert.Equal(["database", "disk", "ledger"], health.GetProperty("signs").EnumerateObject().Select(s => s.Name));
    }

    [Theory]
    [InlineData(DiskProbe.LowBytes, VitalState.Well, "ok")]
    [InlineData(DiskProbe.LowBytes - 1, VitalState.Warning, "disk-low")]
    [InlineData(DiskProbe.FullBytes, VitalState.Warning, "disk-low")]
    [InlineData(DiskProbe.FullBytes - 1, VitalState.Failing, "disk-full")]
    [InlineData(0, VitalState.Failing, "disk-full")]
    public async Task Disk_ByWhatIsLeft(long free, VitalState state, string code)
    {
        Vital found = Assert.Single(await new DiskProbe(() => free).LookAsync(CancellationToken.None));
        Assert.Equal((state, code), (found.State, found.Code));
    }

    public static TheoryData<string, SignerKey[], VitalState> Keys => new()
    {
        { "no-usable-key", [], VitalState.Failing },
        { "ok", [Key()], VitalState.Well },
        { "no-usable-key", [Key() with { StoppedReason = "drill" }], VitalState.Failing },
        { "no-usable-key", [Key(signed: 1_000)], VitalState.Failing },
        { "no-usable-key", [Key() with { ActiveFrom = Now.AddDays(1) }, Key() with { IssueUntil = Now }], VitalState.Failing },
        { "key-stopped", [Key(), Key() with { StoppedReason = "reconciliation" }], VitalState.Warning },
        { "key-limit-low", [Key(), Key(signed: 901)], VitalState.Warning },
        { "ok", [Key(signed: 900)], VitalState.Well },
        { "ok", [Key(), Key() with { StoppedReason = "over", IssueUntil = Now }], VitalState.Well },
        { "ok", [Key() with { CreditLimit = long.MaxValue }], VitalState.Well },
    };

    [Theory, MemberData(nameof(Keys))]
    public void Keys_ByWhatTheyMaySign(string code, SignerKey[] keys, VitalState state)
    {
        Vital found = SignerProbe.Judge(keys, Now);
        Assert.Equal((state, code), (found.State, found.Code));
        Assert.Equal(state == VitalState.Well, found.Detail is null);
    }

    [Fact]
    public async Task Probe_ThatHangsOrFails_CountsAsFailing_AndAStrangerIsToldNoDetail()
    {
        var time = new FakeTimeProvider();
        var hanging = new Probe("hanging", _ => new TaskCompletionSource<IReadOnlyList<Vital>>().Task);
        var broken = new Probe("broken", _ => throw new IOException("secret path"));
        int looks = 0;
        var freezing = new Probe("freezing", _ => looks++ == 0 ? Task.FromResult<IReadOnlyList<Vital>>([Vital.Well("freezing")]) : new TaskCompletionSource<IReadOnlyList<Vital>>().Task);
        using var watch = new VitalWatch([hanging, broken, freezing], time, NullLogger<VitalWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => Codes(watch) is ["check-failed", "ok", "not-checked"], TimeSpan.FromSeconds(30)), string.Join(' ', Codes(watch)));

        // What it said long ago is not what is.
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("not-checked", Codes(watch)[1]);
        await watch.StopAsync(CancellationToken.None);
    }

    private static string[] Codes(VitalWatch watch) => [.. watch.Look(ofTheServerOnly: false).Select(v => v.Code)];

    private static SignerKey Key(long signed = 0) => new("000001-1-2-2014", "ABCDEF", DateTimeOffset.UnixEpoch, null, 1_000, new KeyCounters(1, 1, signed), null);

    private static async Task<JsonElement> UntilAsync(SellerServer seller, string address, HttpStatusCode wanted, string? sign = null)
    {
        using var http = new HttpClient { BaseAddress = seller.Server.Addresses[0] };
        for (int i = 0; ; i++)
        {
            using HttpResponseMessage answer = await SellerServer.GetAsync(http, address);
            JsonElement body = await SellerServer.JsonAsync(answer);
            if (answer.StatusCode == wanted && (sign is null || body.GetProperty("signs").EnumerateObject().Any(s => s.Value.GetString() == sign))) return body;
            Assert.True(i < 150, $"{address} stays {answer.StatusCode}: {body}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
        }
    }

    private sealed class Probe(string name, Func<CancellationToken, Task<IReadOnlyList<Vital>>> look) : IVitalProbe
    {
        public IReadOnlyList<string> Names { get; } = [name];

        public bool IsOfTheServer => true;

        public TimeSpan Every => TimeSpan.FromSeconds(1);

        public async ValueTask<IReadOnlyList<Vital>> LookAsync(CancellationToken cancellationToken) => await look(cancellationToken);
    }
}
