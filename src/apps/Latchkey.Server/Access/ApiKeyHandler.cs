using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.Access;

/// <summary>Reads <c>Authorization: Bearer lk_…</c>. Cookies never open the API, so no page elsewhere can call it in a reader's name.</summary>
public sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccountBook accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private const int LongestKey = 128;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return Task.FromResult(AuthenticateResult.NoResult());
        string key = header[Bearer.Length..].Trim();
        ApiClientAccount? client = key.Length <= LongestKey ? accounts.FindClient(key) : null;
        return Task.FromResult(client is null ? AuthenticateResult.Fail("Unknown key.") : AuthenticateResult.Success(Ticket(client)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private AuthenticationTicket Ticket(ApiClientAccount client)
    {
        Claim[] claims = [new(ClaimTypes.Name, client.Name), new(ClaimTypes.Role, PortalRoles.ApiClient)];
        return new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name);
    }
}
