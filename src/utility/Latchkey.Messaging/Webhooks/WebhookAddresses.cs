using System.Net;
using System.Net.Sockets;

namespace Latchkey.Messaging.Webhooks;

/// <summary>Keeps webhooks away from the inside: whoever may name an address must not be able to reach what only this machine or its network can.</summary>
public static class WebhookAddresses
{
    // Everything that is not a public unicast address. Sources: the IANA registries of special-purpose addresses for IPv4 and IPv6.
    private static readonly IPNetwork[] Inside =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).Select(IPNetwork.Parse),
    ];

    /// <summary>Null for an address that may be kept, otherwise what is wrong with it. Names are looked up when they are called, not here.</summary>
    public static string? Fault(string text, bool allowPrivate, out Uri? address)
    {
        if (text.Length > WebhookEndpoint.LongestAddress || !Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("https" or "http"))
        {
            address = null;
            return "an address such as https://example.org/hooks, at most 500 characters";
        }

        if (address.UserInfo.Length > 0 || address.Fragment.Length > 0) return "an address without user, password or fragment";
        if (allowPrivate) return null;
        if (address.Scheme != Uri.UriSchemeHttps) return "an https address";
        bool isInside = address.IsLoopback || (IPAddress.TryParse(address.IdnHost.Trim('[', ']'), out IPAddress? literal) && IsInside(literal));
        return isInside ? "a public address: loopback and private ones are allowed by the server's settings alone" : null;
    }

    public static bool IsInside(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Inside.Any(network => network.Contains(plain));
    }

    /// <summary>A handler that looks a name up, refuses addresses inside, and connects to what it looked at: a name that changes in between gains nothing.</summary>
    public static SocketsHttpHandler Handler(bool allowPrivate) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectCallback = (context, stop) => ConnectAsync(context.DnsEndPoint, allowPrivate, stop),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowPrivate, CancellationToken cancellationToken)
    {
        IPAddress[] found = await Dns.GetHostAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false);
        IPAddress[] allowed = allowPrivate ? found : [.. found.Where(a => !IsInside(a))];
        if (allowed.Length == 0) throw new HttpRequestException("The address is loopback or private, which the settings do not allow.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
