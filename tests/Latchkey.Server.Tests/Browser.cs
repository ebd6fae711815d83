using System.Net;
using System.Text.RegularExpressions;

namespace Latchkey.Server.Tests;

/// <summary>As much of a browser as plain pages need: cookies, and a form with its antiforgery token.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(ServerFixture server)
        : this(server.Address)
    {
    }

    public Browser(Uri address) =>
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = address };

    public Task<HttpResponseMessage> GetAsync(string address) => _client.GetAsync(new Uri(address, UriKind.Relative));

    public async Task<string> ReadAsync(string address) => WebUtility.HtmlDecode(await (await GetAsync(address)).Content.ReadAsStringAsync());

    public async Task<HttpResponseMessage> SignInAsync(string name, string password, string? back = null)
    {
        string address = back is null ? "/signin" : "/signin?back=" + Uri.EscapeDataString(back);
        string page = await (await GetAsync(address)).Content.ReadAsStringAsync();
        using var form = new FormUrlEncodedContent(
        [
            new("_handler", "sign-in"), new("__RequestVerificationToken", AntiforgeryToken().Match(page).Groups[1].Value), new("Entry.Name", name), new("Entry.Password", password),
        ]);
        return await _client.PostAsync(new Uri(address, UriKind.Relative), form);
    }

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryToken();
}
