using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.Access;

/// <summary>Reads <c>Authorization: Bearer lk_…</c> or <c>X-Api-Key: lk_…</c>. Cookies never open the API, so no page elsewhere can call it in a reader's name.</summary>
public sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccountBook accounts)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private const int LongestKey = 128;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Key() is not { } key) return Task.FromResult(AuthenticateResult.NoResult());
        ApiClientAccount? client = key.Length <= LongestKey ? accounts.FindClient(key) : null;
        return Task.FromResult(client is null ? AuthenticateResult.Fail("Unknown key.") : AuthenticateResult.Success(Ticket(client)));
    }

    private string? Key()
    {
        string header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        string own = Request.Headers["X-Api-Key"].ToString().Trim();
        return own.Length == 0 ? null : own;
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
