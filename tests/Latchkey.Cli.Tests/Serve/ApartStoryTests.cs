using System.Net;
using System.Text.Json;
using Latchkey.Custody.Apart;
using Latchkey.Vending;

namespace Latchkey.Cli.Tests.Serve;

/// <summary>A seller whose signer is a process of its own, from <c>init</c> on: it sells, refuses while the signer is away, and goes on by itself.</summary>
public sealed class ApartStoryTests
{
    private const string Stranger = "daemon";

    [Fact]
    public async Task Sell_WithTheSignerInAProcessOfItsOwn_StopsAndGoesOnWithIt()
    {
        using SellerStory story = await SellerStory.CreateAsync(s => $$"""{ "kind": "process", "socket": "{{s.Socket}}" }""");
        story.MakeSignerDirectory();
        await story.DoAsync("keys", "draw", story.SignerData, "--development", "--sgc", "000001");
        await TellAsync(story);
    }

    [Fact]
    public async Task Sell_WithTheKeysInATokenOfASignerElsewhere_StopsAndGoesOnWithIt()
    {
        using SoftHsm token = SoftHsm.Make();
        using SellerStory story = await SellerStory.CreateAsync(s => $$"""{ "kind": "process", "socket": "{{s.Socket}}" }""", token.Environment);
        story.MakeSignerDirectory();
        await token.ImportAsync(story, story.SignerData, token.Options);
        await TellAsync(story, token.Options);
        Assert.False(File.Exists(Path.Combine(story.SignerData, "custody.key")));
    }

    // signer.user is a name, as operators write it; the kernel knows numbers.
    [Fact]
    public async Task Sell_WithTheSignersUserByItsName_TakesTheSignerOfThatUser_AndNobodyElses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && MachineUser.Find(Stranger) is { } number && number != MachineUser.Own, $"needs Linux and a second user of the machine named '{Stranger}': a signer of another user than the settings name");
        using SoftHsm token = SoftHsm.Make();
        using SellerStory story = await SellerStory.CreateAsync(s => $$"""{ "kind": "process", "socket": "{{s.Socket}}", "user": "{{Stranger}}" }""", token.Environment);
        story.MakeSignerDirectory();
        await token.ImportAsync(story, story.SignerData, token.Options);
        await story.StartSignerAsync(token.Options);
        await story.ServeAsync();
        Assert.Contains($"where {MachineUser.Describe(MachineUser.Find(Stranger)!.Value)} is expected", await story.Server.LineAsync("NOT SELLING YET"), StringComparison.Ordinal);
        using HttpResponseMessage refused = await story.BuyAsync(Guid.CreateVersion7());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "signer-unavailable"), (refused.StatusCode, await SellerStory.CodeAsync(refused)));
        await story.SettingsAsync($"\"{Stranger}\"", $"\"{Environment.UserName}\"");
        await story.ServeAgainAsync();
        using HttpResponseMessage sold = await story.BuyAsync(Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.Created, sold.StatusCode);
        await story.UntilAsync("/ready", HttpStatusCode.OK, body => body.GetProperty("signs").GetProperty("keys").GetString() == "ok");
    }

    [Fact]
    public async Task Sell_WithTheKeysInATokenOfTheServer_TakesThePinFromItsFileAndShowsItNowhere()
    {
        using SoftHsm token = SoftHsm.Make();
        using SellerStory story = await SellerStory.CreateAsync(_ => token.Settings, token.Environment);

        // The journal that 'init' made is of keys in software, and has none.
        await token.ImportAsync(story, story.Data, []);
        await story.ServeAsync();
        using HttpResponseMessage sold = await story.BuyAsync(Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.Created, sold.StatusCode);
        Assert.False(JsonDocument.Parse(await sold.Content.ReadAsStringAsync()).RootElement.TryGetProperty("watermark", out JsonElement mark) && mark.ValueKind != JsonValueKind.Null);
        await story.UntilAsync("/ready", HttpStatusCode.OK);
        Assert.Contains("Energy and tokens agree.", await story.DoAsync("ledger", "units", "--data", story.Data), StringComparison.Ordinal);
        Assert.DoesNotContain(SoftHsm.Pin, story.Server.Said, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(story.Data, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
            Assert.DoesNotContain(SoftHsm.Pin, await ReadAsync(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000", "The PIN of token 'latchkey' is wrong")]
    [InlineData("", "is empty")]
    [InlineData("open", "may be read by others; set its mode to 600")]
    public async Task Serve_WithAPinThatIsNotRight_SaysWhatToDoAndIsNotToBeTriedAgain(string pin, string expected)
    {
        using SoftHsm token = SoftHsm.Make(pin is "open" ? SoftHsm.Pin : pin);
        if (pin is "open" && !OperatingSystem.IsWindows()) File.SetUnixFileMode(token.PinFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        using SellerStory story = await SellerStory.CreateAsync(_ => token.Settings, token.Environment);
        await AssertNotServedAsync(story, expected);
    }

    [Theory]
    [InlineData("""{ "kind": "in-process", "custody": "pkcs11", "library": "/no/such/library.so", "token": "t", "pinFile": "pin" }""", "there is no such file. Install the software of the token's maker")]
    [InlineData("""{ "kind": "in-process", "custody": "pkcs11", "library": "/no/such/library.so", "token": "t", "pinFile": "nothing" }""", "cannot be read")]
    [InlineData("""{ "kind": "in-process", "custody": "pkcs11", "library": "/no/such/library.so", "token": "t" }""", "set LATCHKEY_PKCS11_PIN")]
    [InlineData("""{ "kind": "in-process", "custody": "pkcs11", "library": "/x.so", "token": "t", "pin": "4711" }""", "signer.pin: a PIN does not belong into this file")]
    [InlineData("""{ "kind": "process", "socket": "/run/x/signer", "user": "no-such-user-here" }""", "signer.user: this machine knows no user 'no-such-user-here'")]
    [InlineData("""{ "kind": "process" }""", "signer.socket: this setting is missing")]
    public async Task Serve_WithASignerThatIsSetWrongly_SaysWhatToDoInOneLine(string signer, string expected)
    {
        using SellerStory story = await SellerStory.CreateAsync(_ => """{ "kind": "in-process" }""");
        await story.SettingsAsync("""{ "kind": "in-process" }""" + "\n", signer + "\n");
        string pin = Path.Combine(story.Data, "pin");
        await File.WriteAllTextAsync(pin, SoftHsm.Pin);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(pin, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await AssertNotServedAsync(story, expected);
    }

    private static async Task AssertNotServedAsync(SellerStory story, string expected)
    {
        (int exit, string output, string error) = await story.TryAsync("serve", "--data", story.Data, "--urls", "http://127.0.0.1:0");
        Assert.Equal(CommandOutput.NotConfigured, exit);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain(SoftHsm.Pin, output + error, StringComparison.Ordinal);
    }

    private static async Task TellAsync(SellerStory story, params string[] custody)
    {
        // The server comes up without its signer, says so, and does not sell.
        await story.ServeAsync();
        Assert.Contains($"there is no socket at {story.Socket}: start the signer", await story.Server.LineAsync("NOT SELLING YET"), StringComparison.Ordinal);
        Guid waiting = Guid.CreateVersion7(), second = Guid.CreateVersion7(), third = Guid.CreateVersion7();
        using HttpResponseMessage early = await story.BuyAsync(waiting);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "signer-unavailable"), (early.StatusCode, await SellerStory.CodeAsync(early)));
        Assert.NotNull(early.Headers.RetryAfter);

        // It comes: what was held is finished by itself, and sales are made.
        await story.StartSignerAsync(custody);
        await story.UntilAsync($"/v1/purchases/{waiting}", HttpStatusCode.OK, body => body.GetProperty("tokens").GetArrayLength() == 1);
        using HttpResponseMessage sold = await story.BuyAsync(second);
        Assert.Equal(HttpStatusCode.Created, sold.StatusCode);
        await story.UntilAsync("/ready", HttpStatusCode.OK, body => body.GetProperty("signs").GetProperty("keys").GetString() == "ok");
        Assert.Contains("Energy and tokens agree.", await story.DoAsync("ledger", "units", "--data", story.Data), StringComparison.Ordinal);

        // It is killed: sales are refused with the reason, reading goes on, nothing is given back that may have a token.
        story.KillSigner();
        using HttpResponseMessage refused = await story.BuyAsync(third), reversal = await story.ReverseAsync(third), reversed = await story.ReverseAsync(second);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "signer-unavailable"), (refused.StatusCode, await SellerStory.CodeAsync(refused)));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "signer-unavailable"), (reversal.StatusCode, await SellerStory.CodeAsync(reversal)));
        Assert.Equal((HttpStatusCode.Conflict, "token-already-issued"), (reversed.StatusCode, await SellerStory.CodeAsync(reversed)));
        Assert.Equal("held", (await story.GetAsync($"/v1/purchases/{third}")).Body.GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.OK, (await story.GetAsync($"/v1/meters/{SellerStory.Meter}/record")).Status);
        JsonElement ready = await story.UntilAsync("/ready", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(("signer-unavailable", "ok"), (ready.GetProperty("signs").GetProperty("signer").GetString(), ready.GetProperty("signs").GetProperty("database").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await story.GetAsync("/health")).Status);
        (int exit, string _, string error) = await story.TryAsync("ledger", "units", "--data", story.Data);
        Assert.Equal(1, exit);
        Assert.Contains("signer-unavailable: ", error, StringComparison.Ordinal);

        // It is started again: the sale goes through, once, and all books agree.
        await story.StartSignerAsync(custody);
        using HttpResponseMessage again = await story.BuyAsync(third);
        Assert.Contains(again.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.OK]);
        await story.DoAsync("signer", "reconcile", "--socket", story.Socket);
        Assert.Contains("0 open", await story.DoAsync("reconcile", "run", "--data", story.Data, "--provider", "api="), StringComparison.Ordinal);
        string tokens = string.Concat((await Task.WhenAll(((Guid[])[waiting, second, third]).Select(id => story.GetAsync($"/v1/purchases/{id}")))).Select(p => p.Body.GetProperty("tokens")[0].GetString()));
        Assert.Equal(3, tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries).Chunk(5).Select(t => string.Concat(t)).Distinct().Count());
        Assert.False(File.Exists(Path.Combine(story.Data, "signer.db-wal")), "the seller's directory has a journal in use");
    }

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
