using System.Globalization;
using System.Net;
using Latchkey.Server.Api;
using Latchkey.Vending;

namespace Latchkey.Server.Access;

/// <summary>What an endpoint asks of its caller: any one of these scopes.</summary>
internal sealed record ScopeNeeded(IReadOnlyList<string> AnyOf);

/// <summary>Stands before every endpoint of the API: address, rate, concurrency, scope. Each refusal says its code and what to do.</summary>
internal sealed class ApiGate(ClientTraffic traffic) : IEndpointFilter
{
    public const string ScopeMissing = "scope-missing", AddressNotAllowed = "address-not-allowed", RateLimit = "rate-limit", ConcurrencyLimit = "concurrency-limit";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        ApiClient client = ClientAccess.Of(http);
        if (!IsAllowedFrom(client, http.Connection.RemoteIpAddress))
            return Problems.Of(StatusCodes.Status403Forbidden, AddressNotAllowed, "This client may not call from this address.");
        if (MissingScope(http, client) is { } missing)
            return Problems.Of(StatusCodes.Status403Forbidden, ScopeMissing, $"This client lacks the scope '{missing}'. Ask who runs this server to grant it.");
        if (traffic.TryEnter(client) is { } wait) return TooMany(http, wait.Wait, wait.IsConcurrency);
        try
        {
            return await next(context);
        }
        finally
        {
            traffic.Leave(client);
        }
    }

    internal static IResult TooMany(HttpContext http, TimeSpan wait, bool isConcurrency)
    {
        http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return isConcurrency
            ? Problems.Of(StatusCodes.Status429TooManyRequests, ConcurrencyLimit, "This client has as many requests under way as it may. Wait for an answer, then send the next.")
            : Problems.Of(StatusCodes.Status429TooManyRequests, RateLimit, "This client has sent as many requests as it may in a minute. Try again after the time in Retry-After.");
    }

    internal static bool IsAllowedFrom(ApiClient client, IPAddress? address)
    {
        if (client.Limits.Networks.Count == 0) return true;
        if (address is null) return false;
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return client.Limits.Networks.Any(text => IPNetwork.TryParse(text, out IPNetwork network) && network.Contains(plain));
    }

    private static string? MissingScope(HttpContext http, ApiClient client)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ScopeNeeded>() is not { } needed) return "an endpoint that names no scope";
        bool has = needed.AnyOf.Any(scope => scope == ApiScopes.Sell ? client.MaySell : client.Scopes.Contains(scope, StringComparer.Ordinal));
        return has ? null : needed.AnyOf[0];
    }
}

internal static class ScopeRules
{
    /// <summary>The caller needs any one of these scopes.</summary>
    internal static TBuilder Needs<TBuilder>(this TBuilder builder, params string[] anyOf)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ScopeNeeded(anyOf));
}
