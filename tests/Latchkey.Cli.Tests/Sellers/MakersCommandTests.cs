using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Cli.Tests.Sellers;

/// <summary>The commands around makers' tokens, on a directory whose service has lost an answer.</summary>
[Collection("console")]
public sealed class MakersCommandTests : IDisposable
{
    private const string Meter = "600727000000000009";
    private static readonly Guid Order = new("00000000-0000-0000-0000-000000000009");
    private readonly TemporaryDirectory _directory = new();

    private string Park => _directory.Path + "/park";

    [Fact]
    public async Task Settle_WithTheTokenOfTheMaker_FinishesThePurchase()
    {
        await PrepareAsync();
        string token = TokenNumber.FromBlock(TokenClass.CreditTransfer, 12_345).ToString();
        Assert.Contains(Order.ToString(), (await RunAsync("makers", "waiting", Park, "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await Settle("--token", token, "--second", "Ann")).Code);
        Assert.Equal(1, (await Settle("--token", "123", "--second", "Bo")).Code);
        Assert.Equal(1, (await Settle("--no-token", "--token", token, "--second", "Bo")).Code);
        (int code, string said) = await Settle("--token", token, "--second", "Bo", "--json");
        Assert.Equal((0, "posted"), (code, JsonDocument.Parse(said).RootElement.GetProperty("state").GetString()));
        Assert.Equal("[]", (await RunAsync("makers", "waiting", Park, "--json")).Out.Trim());
        Assert.True(OfflineAudit.Verify(Park).Report.IsIntact);
    }

    [Fact]
    public async Task Settle_WithNoToken_GivesTheMoneyBack()
    {
        await PrepareAsync();
        (int code, string said) = await Settle("--no-token", "--second", "Bo");
        Assert.Equal((0, true), (code, said.Contains("declined", StringComparison.Ordinal)));
        Assert.Equal(1, (await Settle("--no-token", "--second", "Bo")).Code);
    }

    [Fact]
    public async Task Settle_WhereThereAreAccounts_TakesTheirPasswordsAndNotNames()
    {
        await PrepareAsync();
        AccountBook accounts = AccountBook.Open(Park);
        string ann = accounts.SetAccount("ann", "Ann", PortalRoles.Operator, null), bo = accounts.SetAccount("bo", "Bo", PortalRoles.Operator, null);
        Assert.Equal(1, (await Settle("--no-token", "--second", "Bo")).Code);
        Assert.Equal(1, (await Settle("--no-token", "--second", "Bo", "--first-password-file", Secret("a", ann), "--second-password-file", Secret("b", "guessed"))).Code);
        Assert.Equal(1, (await Settle("--no-token", "--second", "ann", "--first-password-file", Secret("a", ann), "--second-password-file", Secret("b", ann))).Code);
        Assert.Equal(0, (await Settle("--no-token", "--second", "Bo", "--first-password-file", Secret("a", ann), "--second-password-file", Secret("b", bo))).Code);
    }

    [Fact]
    public async Task Stop_AndResume_AreSeenInTheList()
    {
        await PrepareAsync();
        Assert.Equal(1, (await RunAsync("makers", "stop", Park, "elster", "--reason", "x")).Code);
        Assert.Equal(0, (await RunAsync("makers", "stop", Park, "CALIN", "--reason", "statement differs")).Code);
        Assert.Contains("statement differs", (await RunAsync("makers", "list", Park, "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync("makers", "resume", Park, "calin", "--first", "Ann", "--second", "Ann")).Code);
        Assert.Equal(0, (await RunAsync("makers", "resume", Park, "calin", "--first", "Ann", "--second", "Bo")).Code);
        Assert.DoesNotContain("statement differs", (await RunAsync("makers", "list", Park, "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meters_ShowWhoMakesTheirTokens()
    {
        await PrepareAsync();
        Assert.Equal(0, (await RunAsync("meters", "add", Park, "600727000000000017", "--sgc", "000001", "--tariff", "STARTER", "--make", "elster", "--json")).Code);
        JsonElement calin = JsonDocument.Parse((await RunAsync("meters", "show", Park, Meter, "--json")).Out).RootElement;
        JsonElement other = JsonDocument.Parse((await RunAsync("meters", "show", Park, "600727000000000017", "--json")).Out).RootElement;
        Assert.Equal(("CALIN", "calin"), (calin.GetProperty("make").GetString(), calin.GetProperty("tokensBy").GetString()));
        Assert.Equal(("elster", "signer"), (other.GetProperty("make").GetString(), other.GetProperty("tokensBy").GetString()));
        Assert.Contains("CALIN", (await RunAsync("meters", "list", Park, "--json")).Out, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private string Secret(string name, string password)
    {
        string path = _directory.File(name);
        File.WriteAllText(path, password + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private Task<(int Code, string Out)> Settle(params string[] rest) =>
        RunAsync(["makers", "settle", Park, Order.ToString(), "--first", "Ann", "--reason", "the maker's records", .. rest]);

    private static async Task<(int Code, string Out)> RunAsync(params string[] args)
    {
        using var said = new StringWriter();
        TextWriter before = Console.Out;
        Console.SetOut(said);
        try
        {
            return (await LatchkeyCommand.Create().Parse(args).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken), said.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }

    /// <summary>A purchase of a quarter of an hour ago of which nobody knows.</summary>
    private async Task PrepareAsync()
    {
        await SellerDirectory.CreateAsync(Park, "Park", Currency.Cny, "+08:00", "UTC", TimeProvider.System, CancellationToken.None);
        string settings = Park + "/settings.json", text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, text.Replace(
            "\"signer\":", "\"makers\": [ { \"make\": \"calin\", \"url\": \"http://127.0.0.1:9\", \"company\": \"c\", \"user\": \"u\", \"secrets\": \"calin.secret\" } ], \"signer\":", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Park + "/calin.secret", "password\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Park + "/calin.secret", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(0, (await RunAsync("meters", "add", Park, Meter, "--sgc", "000001", "--tariff", "STARTER", "--make", "CALIN", "--json")).Code);

        (SellerDirectory? directory, _) = SellerDirectory.Open(Park);
        var clock = new ManualClock(TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(15));
        VendingOptions vending = directory!.Vending with { Makers = new MakerServices([new("calin", new Forgetful())]) };
        using VendingHouse house = VendingHouse.Open(Park, new VendingHouseOptions(vending, directory.Tariffs), clock);
        var order = new PlaceOrder(Order, MeterPan.Parse(Meter), Money.FromMajor(50, Currency.Cny), "api", "pay-1");
        Assert.IsType<OrderOutcome.Pending>(await house.Desk.PlaceAsync(order, CancellationToken.None));
    }

    private sealed class Forgetful : IMakerTokenService
    {
        public bool KnowsRequests => false;

        public bool Makes(MakerTokenKind kind) => true;

        public Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken) => Task.FromResult<MakerOutcome>(new MakerOutcome.Unknown("lost"));

        public Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken) => MakeAsync(wish, cancellationToken);
    }
}
