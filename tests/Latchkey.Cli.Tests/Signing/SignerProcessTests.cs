using System.Collections.Concurrent;
using System.Text.Json;
using Latchkey.Custody.Apart;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Cli.Tests.Signing;

/// <summary>A shop and a signer in two processes; the signer dies under load.</summary>
public sealed class SignerProcessTests
{
    private const int Sellers = 6, OrdersPerLife = 40;
    private static readonly int Kills = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 50 : 4;

    [Fact]
    public async Task Sell_WithASignerThatIsKilledAgainAndAgain_FinishesEveryOrderWithOneToken()
    {
        using Shop shop = await Shop.OpenAsync();
        using var process = new SignerProcess(shop.Directory);
        await process.PrepareAsync(long.MaxValue);
        using var signer = new RemoteSigner(new RemoteSignerOptions(process.Socket), TimeProvider.System);
        using VendingHouse house = Open(shop, signer);
        var orders = new ConcurrentBag<Guid>();
        var pending = new ConcurrentBag<Guid>();
        int next = 0;
        for (int life = 1; life <= Kills; life++)
        {
            await process.StartAsync();
            int sold = 0, last = life * OrdersPerLife;
            await Task.WhenAll(Enumerable.Range(0, Sellers).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var n && n <= last)
                {
                    OrderOutcome outcome = await house.Desk.PlaceAsync(Shop.Order(n, 10m, n % 2 == 0 ? Shop.Pan : Shop.OtherPan), CancellationToken.None);
                    orders.Add(Shop.Id(n));
                    if (outcome is OrderOutcome.Issued && Interlocked.Increment(ref sold) == OrdersPerLife / 2) process.Kill();
                    else if (outcome is OrderOutcome.Pending { Code: "signer-unavailable" }) pending.Add(Shop.Id(n));
                    else Assert.IsType<OrderOutcome.Issued>(outcome);
                }
            })));
            Interlocked.Exchange(ref next, last);
        }

        Assert.NotEmpty(pending);
        await process.StartAsync();
        await house.Desk.RecoverAsync(CancellationToken.None);
        TokenNumber[] tokens = [.. orders.Select(id => house.Desk.Find(id)!.Token!.Value)];
        Assert.Equal(Kills * OrdersPerLife, tokens.Distinct().Count());
        DailyReconciliation report = await house.ReconcileAsync(CancellationToken.None);
        Assert.True(report.IsIntact, string.Join("; ", report.Differences));
        Assert.Equal(tokens.Length, report.Tokens);
    }

    [Fact]
    public async Task Tokens_OfDevelopmentKeys_AreListedByOrderWithoutTheTokensThemselves()
    {
        using Shop shop = await Shop.OpenAsync();
        OrderOutcome.Issued issued = await shop.Buy(1);
        (int exit, string output, string _) = await SignerProcess.RunAsync("signer", "tokens", "--data", shop.Directory, "--development", "--json");
        Assert.Equal(0, exit);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement line = Assert.Single(document.RootElement.GetProperty("tokens").EnumerateArray());
        Assert.Equal(Shop.Id(1), line.GetProperty("order").GetGuid());
        Assert.DoesNotContain(issued.Receipt.Tokens[0].Number.Replace(" ", string.Empty, StringComparison.Ordinal), output, StringComparison.Ordinal);
        Assert.Equal(1, document.RootElement.GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("books.key is missing", "signer", "run", "--data", "{empty}", "--ledger", "{shop}", "--socket", "{empty}/s/signer")]
    [InlineData("There is no latchkey.db", "signer", "run", "--data", "{empty}", "--ledger", "{empty}", "--socket", "{empty}/s/signer")]
    [InlineData("signer-unavailable", "signer", "reconcile", "--socket", "{empty}/s/signer")]
    [InlineData("there is no signer's journal", "signer", "tokens", "--data", "{empty}")]
    [InlineData("the PIN is missing", "keys", "list", "{shop}", "--custody", "pkcs11", "--pkcs11-library", "/x.so", "--pkcs11-token", "t")]
    [InlineData("needs --pkcs11-library", "keys", "list", "{shop}", "--custody", "pkcs11")]
    [InlineData("belong to --custody pkcs11", "keys", "list", "{shop}", "--pin-file", "x")]
    [InlineData("--custody is software or pkcs11", "keys", "list", "{shop}", "--custody", "paper")]
    [InlineData("cannot be loaded", "keys", "list", "{shop}", "--custody", "pkcs11", "--pkcs11-library", "/no/such.so", "--pkcs11-token", "t", "--pin-file", "{pin}")]
    [InlineData("may be read by others", "keys", "list", "{shop}", "--custody", "pkcs11", "--pkcs11-library", "/x.so", "--pkcs11-token", "t", "--pin-file", "{open}")]
    public async Task Command_ThatCannotBeDone_SaysWhyInOneLineAndFails(string expected, params string[] arguments)
    {
        using Shop shop = await Shop.OpenAsync();
        using var empty = new Latchkey.Testing.TemporaryDirectory();
        await File.WriteAllTextAsync(empty.File("pin"), "7391846205\n");
        await File.WriteAllTextAsync(empty.File("open"), "7391846205\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(empty.File("pin"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetUnixFileMode(empty.File("open"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        (int exit, string output, string error) = await SignerProcess.RunAsync([.. arguments.Select(a => a
            .Replace("{empty}", empty.Path, StringComparison.Ordinal).Replace("{shop}", shop.Directory, StringComparison.Ordinal)
            .Replace("{pin}", empty.File("pin"), StringComparison.Ordinal).Replace("{open}", empty.File("open"), StringComparison.Ordinal))]);
        Assert.NotEqual(0, exit);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("7391846205", output + error, StringComparison.Ordinal);
    }

    private static VendingHouse Open(Shop shop, IOutsideSigner signer) => VendingHouse.Open(
        shop.House.Database, shop.Directory,
        new VendingHouseOptions(Shop.Options with { TidLeadMinutes = 1_000_000 }, new TariffBook([Shop.Blocks()])) { Signer = signer }, shop.Clock);
}
