namespace Latchkey.Vending.Makers.Calin;

/// <summary>An account at a CALIN-style token service.</summary>
/// <param name="BaseAddress">Where its calls lie, such as <c>https://tokens.example/api/</c>. TLS, unless it is this very machine.</param>
/// <param name="VendPassword">The second password, for tokens with energy; the first one where the service has one only.</param>
public sealed record CalinOptions(Uri BaseAddress, string Company, string User, MakerSecret Password, MakerSecret? VendPassword = null)
{
    public const int MaxNameLength = 64;
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Such services take up to half a minute.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The field in which this installation takes our id of a request; null where it takes none, which is the rule.</summary>
    public string? RequestIdField { get; init; }

    /// <summary>The call by which this installation finds a purchase by that id; null where it has none, which is the rule.</summary>
    public string? FindCall { get; init; }

    /// <summary>Null when the options can be used, otherwise what is wrong, in words.</summary>
    public string? Fault => this switch
    {
        { BaseAddress: { IsAbsoluteUri: false } } or { BaseAddress.Scheme: not ("https" or "http") } => "the address begins with https://",
        { BaseAddress: { Scheme: "http", IsLoopback: false } } => "passwords and tokens go over TLS: the address begins with https://",
        { BaseAddress: { UserInfo.Length: > 0 } } or { BaseAddress: { Query.Length: > 0 } } or { BaseAddress: { Fragment.Length: > 0 } } => "the address has no name, question or fragment in it",
        { Company.Length: 0 or > MaxNameLength } or { User.Length: 0 or > MaxNameLength } => $"company and user have 1 to {MaxNameLength} characters",
        _ when Timeout <= TimeSpan.Zero || Timeout > LongestTimeout => "the time-out is 1 to 120 seconds",
        _ when (FindCall is null) != (RequestIdField is null) => "the id's field and the call that finds by it are given together",
        _ when FindCall is { } call && !IsWord(call) => "the call that finds a purchase has letters, digits and _",
        _ when RequestIdField is { } name && (!IsWord(name) || CalinCalls.IsField(name)) => "the id's field has letters, digits and _, and is none of the others",
        _ => null,
    };

    private static bool IsWord(string text) => text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
