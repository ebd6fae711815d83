using Latchkey.Server.Serve.Settings;

namespace Latchkey.Server;

/// <summary>Where a server listens and keeps what it must not forget.</summary>
public sealed record ServerOptions
{
    /// <summary>The directory of the database, the accounts and the cookie keys; created when it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Addresses to listen on, separated by semicolons. Loopback by default: opening the door is a decision.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>The zone in which the portal writes times.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Where people reach the server from outside; printed in the code of receipts. Null prints the bare seal.</summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>TLS with or without client certificates; null serves plain HTTP alone.</summary>
    public HttpsSettings? Https { get; init; }

    /// <summary>Tests give true: nothing is written to the console.</summary>
    public bool Quiet { get; init; }
}
