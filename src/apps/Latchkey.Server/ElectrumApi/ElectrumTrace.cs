namespace Latchkey.Server.ElectrumApi;

/// <summary>Which message a request is about, kept beside it so that even a failure is answered under the right names.</summary>
/// <param name="OriginalId">The message that an advice or retry refers to.</param>
internal sealed record ElectrumTrace(string Type, string Id, string? OriginalId)
{
    private const string ItemName = "latchkey.electrum";
    private const int LongestId = 64;

    // The first part of an address behind the version, and how its messages are called.
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["meterLookups"] = RequestTypes.Lookup,
        ["tokenPurchases"] = RequestTypes.Purchase,
        ["tokenReprints"] = RequestTypes.Reprint,
        ["faultReports"] = RequestTypes.FaultReport,
        ["keyChangeTokenRequests"] = RequestTypes.KeyChange,
    };

    public static void Keep(HttpContext http, ElectrumTrace trace) => http.Items[ItemName] = trace;

    /// <summary>What was kept, or what the address tells where nothing was read yet.</summary>
    public static ElectrumTrace Of(HttpContext http) => http.Items.TryGetValue(ItemName, out object? kept) && kept is ElectrumTrace trace ? trace : OfPath(http.Request.Path.Value ?? string.Empty);

    internal static ElectrumTrace OfPath(string path)
    {
        string[] parts = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(2)];
        string type = parts.Length > 0 && Types.TryGetValue(parts[0], out string? known) ? known : RequestTypes.Purchase;
        string? first = parts.Length > 1 ? Shortened(parts[1]) : null, last = parts.Length > 3 ? Shortened(parts[3]) : null;
        return (parts.Length > 2 ? parts[2] : string.Empty).ToUpperInvariant() switch
        {
            "RETRY" or "RETRIES" => new ElectrumTrace(RequestTypes.Retry, last ?? first!, first),
            "CONFIRMATIONS" => new ElectrumTrace(RequestTypes.Confirmation, last ?? first!, first),
            "REVERSALS" => new ElectrumTrace(RequestTypes.Reversal, last ?? first!, first),
            _ when first is "trial" or "trials" => new ElectrumTrace(type, parts.Length > 2 ? Shortened(parts[2]) : string.Empty, null),
            _ => new ElectrumTrace(type, first ?? string.Empty, null),
        };
    }

    private static string Shortened(string text) => text.Length <= LongestId ? text : text[..LongestId];
}
