using System.Net;
using System.Text;
using Latchkey.Server.Access;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Server.Tests;

public sealed class AccessTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task TheApi_WithoutAKey_AsksForOne()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller(withKey: false);
        HttpResponseMessage answer = await client.GetAsync(new Uri("/v1/rooms", UriKind.Relative));
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        await PurchaseApiTests.IsProblemAsync(answer, HttpStatusCode.Unauthorized, "api-key-missing");
    }

    [Fact]
    public async Task TheApi_WithAWrongKey_RefusesIt()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller(withKey: false);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "lk_wrong");
        await PurchaseApiTests.IsProblemAsync(await client.GetAsync(new Uri("/v1/rooms", UriKind.Relative)), HttpStatusCode.Unauthorized, "api-key-missing");
    }

    [Fact]
    public async Task TheApi_WithAPortalCookie_StaysClosed()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser browser = new(server);
        Assert.Equal(HttpStatusCode.Found, (await browser.SignInAsync("operator", server.OperatorPassword)).StatusCode);
        await PurchaseApiTests.IsProblemAsync(await browser.GetAsync("/v1/rooms"), HttpStatusCode.Unauthorized, "api-key-missing");
    }

    [Theory]
    [InlineData("/park")]
    [InlineData("/meters/600727000000000009")]
    [InlineData("/orders")]
    [InlineData("/messages")]
    [InlineData("/my")]
    [InlineData("/my/meter")]
    public async Task APage_WithoutSignIn_LeadsToTheSignIn(string page)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser browser = new(server);
        HttpResponseMessage answer = await browser.GetAsync(page);
        Assert.Equal((HttpStatusCode.Found, "/signin"), (answer.StatusCode, answer.Headers.Location!.AbsolutePath));
    }

    [Theory]
    [InlineData("/park", "Chen Café")]
    [InlineData("/orders", "12840.00 CNY")]
    [InlineData("/messages", "余额不足10元，请及时充值")]
    [InlineData("/meters/600727000000000009", "600727")]
    public async Task AnOperatorsPage_ForATenant_IsNotShown(string page, string secret)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser tenant = new(server), operatorBrowser = new(server);
        await tenant.SignInAsync("wang", server.TenantPassword);
        await operatorBrowser.SignInAsync("operator", server.OperatorPassword);
        Assert.DoesNotContain(secret, await tenant.ReadAsync(page), StringComparison.Ordinal);
        Assert.Contains(secret, await operatorBrowser.ReadAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_WithAWrongPassword_SaysWhatToDoAndSetsNoCookie()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser browser = new(server);
        HttpResponseMessage answer = await browser.SignInAsync("operator", "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("Check both and try again", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/park")).StatusCode);
    }

    [Fact]
    public async Task SignIn_WithoutItsAntiforgeryToken_IsRefused()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller(withKey: false);
        using var form = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Entry.Name", "operator"), new("Entry.Password", server.OperatorPassword)]);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync(new Uri("/signin", UriKind.Relative), form)).StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task SignIn_AskedToComeBackElsewhere_StaysHere(string back)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser browser = new(server);
        HttpResponseMessage answer = await browser.SignInAsync("operator", server.OperatorPassword, back);
        Assert.DoesNotContain("evil", answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public void Guessing_AfterFiveTries_IsSlowedEvenForTheRightPassword()
    {
        var clock = new FakeTimeProvider(Start);
        AccountBook book = AccountBook.InMemory();
        string password = book.SetAccount("operator", "Operator", PortalRoles.Operator, null);
        var desk = new SignInDesk(book, new SignInThrottle(clock));
        for (int i = 0; i < SignInThrottle.TriesPerName; i++) Assert.IsType<SignInOutcome.Wrong>(desk.Try("Operator", "guess", "1.2.3.4"));
        Assert.IsType<SignInOutcome.TooMany>(desk.Try("operator", password, "5.6.7.8"));
        clock.Advance(SignInThrottle.Window);
        Assert.IsType<SignInOutcome.Welcome>(desk.Try("operator", password, "5.6.7.8"));
    }

    [Fact]
    public void Guessing_ManyNamesFromOneAddress_IsSlowed()
    {
        var throttle = new SignInThrottle(new FakeTimeProvider(Start));
        for (int i = 0; i < SignInThrottle.TriesPerAddress; i++) throttle.Failed($"name-{i}", "1.2.3.4");
        Assert.NotEqual(TimeSpan.Zero, throttle.Wait("another", "1.2.3.4"));
        Assert.Equal(TimeSpan.Zero, throttle.Wait("another", "5.6.7.8"));
    }

    [Fact]
    public void TheAccountFile_HoldsNoSecret_AndIsRead_AgainAfterARestart()
    {
        string directory = Directory.CreateTempSubdirectory("latchkey-accounts-").FullName;
        AccountBook book = AccountBook.Open(directory);
        string password = book.SetAccount("wang", "Wang Li", PortalRoles.Tenant, "t1"), key = book.SetApiClient("till");
        string file = File.ReadAllText(Path.Combine(directory, AccountBook.FileName));
        Assert.DoesNotContain(password, file, StringComparison.Ordinal);
        Assert.DoesNotContain(key, file, StringComparison.Ordinal);

        AccountBook again = AccountBook.Open(directory);
        Assert.Equal(("t1", "till"), (again.Find("WANG ", password)?.TenantId, again.FindClient(key)?.Name));
        Assert.Null(again.Find("wang", password + "x"));
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pbkdf2-sha256$0$00$00")]
    [InlineData("pbkdf2-sha256$99999999999$00112233445566778899aabbccddeeff$00")]
    [InlineData("md5$1$2$3")]
    public void AKeptPassword_ThatIsNone_MatchesNothing(string kept) => Assert.False(PasswordHash.Matches("", kept));

    [Fact]
    public async Task EveryPage_KeepsItsPowersToItself()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser browser = new(server);
        HttpResponseMessage answer = await browser.GetAsync("/signin");
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.DoesNotContain("http://", (await answer.Content.ReadAsStringAsync()).Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANotification_IsHandedOnByteForByte()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller(withKey: false);
        byte[] body = [0x7B, 0x20, 0xFF, 0x00, 0x7D];
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync(new Uri("/v1/payments/wechat/notify", UriKind.Relative), new ByteArrayContent(body))).StatusCode);
        Assert.Equal(body, server.Park.LastCallback);
    }

    [Fact]
    public async Task ANotification_ThatIsForged_IsAProblem()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        server.Park.CallbackRefusal = "signature-wrong";
        using HttpClient client = server.Caller(withKey: false);
        HttpResponseMessage answer = await client.PostAsync(new Uri("/v1/payments/wechat/notify", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"));
        await PurchaseApiTests.IsProblemAsync(answer, HttpStatusCode.Unauthorized, "signature-wrong");
    }
}
