using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using Latchkey.Server.Api;
using Latchkey.Vending;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.Access;

/// <summary>
/// Knows a client by <c>Authorization: Bearer lk_…</c> or <c>X-Api-Key: lk_…</c>, or by the certificate of its connection. Cookies never open the API,
/// so no page elsewhere can call it in a reader's name.
/// </summary>
public sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccountBook accounts, IServiceProvider services)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private const int LongestKey = 128;
    private (string Code, string Detail)? _refusal;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        X509Certificate2? certificate = Request.IsHttps ? await Context.Connection.GetClientCertificateAsync(Context.RequestAborted) : null;
        string? key = Key();
        if (key is null && certificate is null) return AuthenticateResult.NoResult();
        if (services.GetService<IApiClients>() is { } book && FindIn(book, key, certificate) is { } client)
        {
            _refusal = ClientAccess.Refusal(client, ClientAccess.DigestOf(key), certificate, services.GetRequiredService<TimeProvider>().GetUtcNow());
            return _refusal is null ? AuthenticateResult.Success(Ticket(client)) : AuthenticateResult.Fail(_refusal.Value.Code);
        }

        // Accounts of the data directory's own file: the demo's key, which may do everything.
        if (key is { Length: <= LongestKey } && accounts.FindClient(key) is { } account)
            return AuthenticateResult.Success(Ticket(new ApiClient(account.Name, ApiScopes.Plain, ClientAccess.Unlimited, DateTimeOffset.UnixEpoch)));
        if (key is null) _refusal = ("client-certificate-unknown", "No API client is bound to the certificate of this connection. Send a key, or have the certificate bound with 'latchkey clients'.");
        return AuthenticateResult.Fail("Unknown client.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        (string code, string detail) = _refusal ?? Problems.ForStatus(StatusCodes.Status401Unauthorized);
        return Problems.Of(StatusCodes.Status401Unauthorized, code, detail).ExecuteAsync(Context);
    }

    private static ApiClient? FindIn(IApiClients book, string? key, X509Certificate2? certificate)
    {
        if (key is not null) return key.Length <= LongestKey && ClientAccess.DigestOf(key) is { } digest ? book.FindByKey(digest) : null;
        return certificate is null ? null : book.FindByCertificate(ClientAccess.ByThumbprint(certificate).Name) ?? book.FindByCertificate(ClientAccess.ByIssuer(certificate).Name);
    }

    private string? Key()
    {
        string header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return header[Bearer.Length..].Trim();
        string own = Request.Headers["X-Api-Key"].ToString().Trim();
        return own.Length == 0 ? null : own;
    }

    private AuthenticationTicket Ticket(ApiClient client)
    {
        Context.Items[ClientAccess.ItemName] = client;
        Claim[] claims = [new(ClaimTypes.Name, client.Name), new(ClaimTypes.Role, PortalRoles.ApiClient)];
        return new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name);
    }
}
