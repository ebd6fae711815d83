namespace Latchkey.Vending;

/// <summary>How much a client may do.</summary>
/// <param name="RequestsPerMinute">Above zero.</param>
/// <param name="Concurrent">Requests at one time; above zero.</param>
/// <param name="MinorUnitsPerDay">What it may sell in a day of the seller's clock; null without a limit.</param>
/// <param name="Networks">Address ranges it may call from, as <c>10.0.0.0/8</c>; empty for anywhere.</param>
public sealed record ApiClientLimits(int RequestsPerMinute, int Concurrent, long? MinorUnitsPerDay, IReadOnlyList<string> Networks)
{
    public const int MostNetworks = 32;

    public static ApiClientLimits Usual { get; } = new(600, 16, null, []);
}

/// <summary>The certificate a client must show: one certificate, or whatever an authority issued to a name.</summary>
/// <param name="Thumbprint">SHA-256 of the certificate, 64 hexadecimal digits in capitals; null where issuer and subject decide.</param>
public sealed record ClientCertificate(string? Thumbprint, string? Issuer, string? Subject)
{
    /// <summary>One text for the whole binding: no two clients have the same.</summary>
    public string Name => Thumbprint is { } print ? "sha256:" + print : $"issued:{Issuer}\n{Subject}";
}

/// <summary>A program that may call the interface. Of its key only the SHA-256 is kept.</summary>
/// <param name="Name">Lower-case letters, digits and dashes; never given to another client again, because purchases carry it.</param>
/// <param name="KeySha256">Of the key in force, 64 hexadecimal digits; null for a client of certificates alone.</param>
/// <param name="EarlierKeySha256">Of the key before a change, good until <paramref name="EarlierUntil"/>.</param>
/// <param name="ExpiresAt">From then on nothing is answered; null without an end.</param>
public sealed record ApiClient(
    string Name,
    IReadOnlyList<string> Scopes,
    ApiClientLimits Limits,
    DateTimeOffset CreatedAt,
    string? KeySha256 = null,
    string? EarlierKeySha256 = null,
    DateTimeOffset? EarlierUntil = null,
    DateTimeOffset? ExpiresAt = null,
    ClientCertificate? Certificate = null,
    bool IsDisabled = false)
{
    public const int LongestName = 48;

    /// <summary>The channel it sells through: a vendor's where a scope names one, otherwise null for the seller's own.</summary>
    public string? Vendor => Scopes.Select(ApiScopes.VendorOf).FirstOrDefault(v => v is not null);

    public bool MaySell => Scopes.Contains(ApiScopes.Sell, StringComparer.Ordinal) || Vendor is not null;

    public static bool IsName(string text) => text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && text[0] != '-';
}

/// <summary>Whether a purchase may be counted to a client's day. Numbers are not stored.</summary>
public enum SpendOutcome
{
    /// <summary>Counted, or counted before under the same id.</summary>
    Counted = 1,

    /// <summary>The day's limit does not hold it.</summary>
    OverLimit = 2,

    /// <summary>Another client made a purchase with this id.</summary>
    OthersPurchase = 3,
}

/// <summary>Where clients and what they sold in a day are kept.</summary>
public interface IApiClients
{
    ApiClient? Find(string name);

    /// <summary>The client with that key, in force or earlier; it is for the caller to look at the times.</summary>
    ApiClient? FindByKey(string keySha256);

    ApiClient? FindByCertificate(string certificateName);

    IReadOnlyList<ApiClient> List();

    /// <summary>Adds a client; false where the name, the key or the certificate is another's.</summary>
    Task<bool> AddAsync(ApiClient client, CancellationToken cancellationToken);

    /// <summary>Changes what is kept; false where there is none, or where the certificate is another's.</summary>
    Task<bool> ChangeAsync(string name, Func<ApiClient, ApiClient> change, CancellationToken cancellationToken);

    /// <summary>Counts a purchase to the client's day before it is made. The same id is counted once.</summary>
    Task<SpendOutcome> CountAsync(Guid purchase, ApiClient client, DateOnly day, long minorUnits, CancellationToken cancellationToken);

    /// <summary>Takes a purchase out of the count: it was refused.</summary>
    Task UncountAsync(Guid purchase, string client, CancellationToken cancellationToken);

    /// <summary>What is counted to a client's day, in minor units.</summary>
    long SoldOn(string client, DateOnly day);
}
