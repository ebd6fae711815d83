using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Latchkey.Server.Access;
using Latchkey.Vending;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Latchkey.Server.ElectrumApi;

/// <summary>Basic authentication of the contract's clients. Wrong passwords are slowed down as at the sign-in page.</summary>
public sealed class ElectrumSignIn(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, SignInThrottle throttle, IServiceProvider services)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ElectrumBasic";
    public const string Role = "electrum-client";
    private const int LongestHeader = 512;

    // Checking a kept password is slow on purpose; a client that calls all day is checked once per password that was right.
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);
    private static readonly ConcurrentDictionary<string, byte[]> Proven = new(StringComparer.Ordinal);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (services.GetService<ElectrumSettings>() is not { } settings || !TryRead(out string user, out string password)) return Task.FromResult(AuthenticateResult.NoResult());
        bool isRight = IsRight(settings, user, password) || IsApiClient(user, password);
        return Task.FromResult(isRight ? AuthenticateResult.Success(Ticket(user)) : AuthenticateResult.Fail("Unknown client."));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Basic realm=\"prepaidutility\"";
        ElectrumTrace trace = ElectrumTrace.Of(Context);
        return ElectrumError.UnknownClient.For(trace.Type, trace.Id, trace.OriginalId).ExecuteAsync(Context);
    }

    private bool TryRead(out string user, out string password)
    {
        (user, password) = (string.Empty, string.Empty);
        string text = Request.Headers.Authorization.ToString();
        if (text.Length > LongestHeader || !AuthenticationHeaderValue.TryParse(text, out AuthenticationHeaderValue? header)) return false;
        if (!string.Equals(header.Scheme, "Basic", StringComparison.OrdinalIgnoreCase)) return false;
        Span<byte> decoded = stackalloc byte[LongestHeader];
        if (!Convert.TryFromBase64String(header.Parameter ?? string.Empty, decoded, out int length)) return false;
        string pair = Encoding.UTF8.GetString(decoded[..length]);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return false;
        (user, password) = (pair[..colon], pair[(colon + 1)..]);
        return true;
    }

    private bool IsRight(ElectrumSettings settings, string user, string password)
    {
        if (settings.Clients.FirstOrDefault(c => c.User == user) is not { } client) return false;
        byte[] proof = HMACSHA256.HashData(ProcessKey, Encoding.UTF8.GetBytes(client.Password + "\n" + password));
        if (Proven.TryGetValue(user, out byte[]? known) && CryptographicOperations.FixedTimeEquals(known, proof)) return true;
        string address = Context.Connection.RemoteIpAddress?.ToString() ?? string.Empty;

        // By name and address together: a stranger's wrong guesses must not lock a client out that calls from elsewhere.
        string guesser = $"{user}@{address}";
        if (throttle.Wait(guesser, address) > TimeSpan.Zero) return false;
        if (!PasswordHash.Matches(password, client.Password))
        {
            throttle.Failed(guesser, address);
            return false;
        }

        throttle.Succeeded(guesser);
        Proven[user] = proof;
        return true;
    }

    /// <summary>A client of the interface that may sell: its name and its key.</summary>
    private bool IsApiClient(string user, string key)
    {
        if (services.GetService<IApiClients>()?.Find(user) is not { MaySell: true } client || ClientAccess.DigestOf(key) is not { } digest) return false;
        DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        bool isKey = IsSame(digest, client.KeySha256) || IsSame(digest, client.EarlierKeySha256);
        if (!isKey || ClientAccess.Refusal(client, digest, Context.Connection.ClientCertificate, now) is not null) return false;
        Context.Items[ClientAccess.ItemName] = client;
        return true;
    }

    private static bool IsSame(string digest, string? kept) => kept is not null && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(digest), Encoding.ASCII.GetBytes(kept));

    private AuthenticationTicket Ticket(string user)
    {
        Claim[] claims = [new(ClaimTypes.Name, user), new(ClaimTypes.Role, Role)];
        return new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name);
    }
}
