using System.Globalization;
using System.Text.Json;
using Latchkey.Quantities;
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
    private readonly DateTimeOffset _asked = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(15);

    private string Park => _directory.Path + "/park";

    [Fact]
    public async Task Settle_WithTheTokenOfTheMaker_AsksForAnApproval_ThatFinishesThePurchase()
    {
        await PrepareAsync();
        string token = TokenNumber.FromBlock(TokenClass.CreditTransfer, 12_345).ToString();
        Assert.Contains(Order.ToString(), (await ConsoleCommand.RunAsync("makers", "waiting", Park, "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await Settle("--token", "123")).Code);
        Assert.Equal(1, (await Settle("--no-token", "--token", token)).Code);
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "settle", Park, Guid.Empty.ToString(), "--as", "Ann", "--reason", "x", "--no-token")).Code);
        (int code, string said) = await Settle("--token", token, "--json");
        JsonElement asked = JsonDocument.Parse(said).RootElement;
        Assert.Equal((0, "open", "maker-answer"), (code, asked.GetProperty("state").GetString(), asked.GetProperty("what").GetString()));

        // One account under two names is one person; somebody at the portal is another.
        Guid id = asked.GetProperty("id").GetGuid();
        Assert.Equal(1, (await ConsoleCommand.RunAsync("approve", "give", id.ToString(), "--as", "Bo", "--data", Park)).Code);
        Assert.Contains(Order.ToString(), (await ConsoleCommand.RunAsync("makers", "waiting", Park, "--json")).Out, StringComparison.Ordinal);
        await GiveAtPortalAsync(id);
        Assert.Equal("[]", (await ConsoleCommand.RunAsync("makers", "waiting", Park, "--json")).Out.Trim());
        Assert.Equal(1, (await Settle("--no-token")).Code);
        Assert.True(OfflineAudit.Verify(Park).Report.IsIntact);
    }

    [Fact]
    public async Task Statement_ThatListsWhatWeDoNotKnow_IsNamed_UntilTheOrderIsSettled()
    {
        await PrepareAsync();
        string token = TokenNumber.FromBlock(TokenClass.CreditTransfer, 12_345).ToString(), month = _asked.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        long tenths = Tenths();
        string file = _directory.File("statement.csv");
        await File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"{MakerStatementFile.Heading}\n{_asked:yyyy-MM-ddTHH:mm:ssZ},POS_Purchase,{MeterPan.Parse(Meter).Drn},{tenths / 10m},kWh,{token},\n"));
        string[] statement = ["makers", "statement", Park, "calin", file, "--month", month, "--json"];
        (int code, string said) = await ConsoleCommand.RunAsync(statement);
        JsonElement difference = Assert.Single(JsonDocument.Parse(said).RootElement.GetProperty("differences").EnumerateArray().ToArray());
        Assert.Equal((1, "maker-token-not-ours"), (code, difference.GetProperty("code").GetString()));
        Assert.DoesNotContain(token, said, StringComparison.Ordinal);

        JsonElement asked = JsonDocument.Parse((await Settle("--token", token, "--json")).Out).RootElement;
        await GiveAtPortalAsync(asked.GetProperty("id").GetGuid());
        Assert.Equal(0, (await ConsoleCommand.RunAsync(statement)).Code);
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "statement", Park, "elster", file, "--month", month)).Code);
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "statement", Park, "calin", file, "--month", "2020-01")).Code);
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "statement", Park, "calin", file + "x", "--month", month)).Code);
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "statement", Park, "calin", file, "--month", "November")).Code);
    }

    [Fact]
    public async Task Stop_AndResume_AreSeenInTheList()
    {
        await PrepareAsync();
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "stop", Park, "elster", "--reason", "x")).Code);
        Assert.Equal(0, (await ConsoleCommand.RunAsync("makers", "stop", Park, "CALIN", "--reason", "statement differs")).Code);
        Assert.Contains("statement differs", (await ConsoleCommand.RunAsync("makers", "list", Park, "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await ConsoleCommand.RunAsync("makers", "resume", Park, "calin", "--first", "Ann", "--second", "Ann")).Code);
        Assert.Equal(0, (await ConsoleCommand.RunAsync("makers", "resume", Park, "calin", "--first", "Ann", "--second", "Bo")).Code);
        Assert.DoesNotContain("statement differs", (await ConsoleCommand.RunAsync("makers", "list", Park, "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meters_ShowWhoMakesTheirTokens()
    {
        await PrepareAsync();
        Assert.Equal(0, (await ConsoleCommand.RunAsync("meters", "add", Park, "600727000000000017", "--sgc", "000001", "--tariff", "STARTER", "--make", "elster", "--json")).Code);
        JsonElement calin = JsonDocument.Parse((await ConsoleCommand.RunAsync("meters", "show", Park, Meter, "--json")).Out).RootElement;
        JsonElement other = JsonDocument.Parse((await ConsoleCommand.RunAsync("meters", "show", Park, "600727000000000017", "--json")).Out).RootElement;
        Assert.Equal(("CALIN", "calin"), (calin.GetProperty("make").GetString(), calin.GetProperty("tokensBy").GetString()));
        Assert.Equal(("elster", "signer"), (other.GetProperty("make").GetString(), other.GetProperty("tokensBy").GetString()));
        Assert.Contains("CALIN", (await ConsoleCommand.RunAsync("meters", "list", Park, "--json")).Out, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private Task<(int Code, string Out)> Settle(params string[] rest) =>
        ConsoleCommand.RunAsync(["makers", "settle", Park, Order.ToString(), "--as", "Ann", "--reason", "the maker's records", .. rest]);

    /// <summary>The second person, at the portal of the server beside.</summary>
    private async Task GiveAtPortalAsync(Guid id)
    {
        using VendingHouse house = Open(TimeProvider.System);
        Assert.IsType<ApprovalOutcome.Done>(await house.Acts.ApproveAsync(id, ApprovalPerson.AtPortal("bo", isOperator: true), CancellationToken.None));
        Assert.Equal(OrderState.Posted, house.Desk.Find(Order)!.State);
    }

    private long Tenths()
    {
        using VendingHouse house = Open(TimeProvider.System);
        return house.Desk.Find(Order)!.Terms!.TenthsGranted;
    }

    private VendingHouse Open(TimeProvider time)
    {
        (SellerDirectory? directory, _) = SellerDirectory.Open(Park);
        VendingOptions vending = directory!.Vending with { Makers = new MakerServices([new("calin", new Forgetful())]) };
        return VendingHouse.Open(Park, new VendingHouseOptions(vending, directory.Tariffs), time);
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
        Assert.Equal(0, (await ConsoleCommand.RunAsync("meters", "add", Park, Meter, "--sgc", "000001", "--tariff", "STARTER", "--make", "CALIN", "--json")).Code);

        using VendingHouse house = Open(new ManualClock(_asked));
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
