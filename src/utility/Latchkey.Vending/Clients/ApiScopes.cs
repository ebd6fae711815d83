namespace Latchkey.Vending;

/// <summary>What an API client may be allowed. The words stand in commands, tokens and documents and never change.</summary>
public static class ApiScopes
{
    /// <summary>Meters, their readings, events, debts, keys' state; tariffs and prices.</summary>
    public const string MetersRead = "meters.read";

    /// <summary>Sells through the seller's own channel, tries sales, reverses what has no token.</summary>
    public const string Sell = "sell";

    /// <summary>Sells out of one vendor's float: <c>sell.vendor:kiosk-1</c>.</summary>
    public const string SellVendorPrefix = "sell.vendor:";

    /// <summary>Reads and reprints the receipts of its own purchases.</summary>
    public const string ReceiptsRead = "receipts.read";

    /// <summary>Rooms, deliveries, messages, statements; everybody's purchases.</summary>
    public const string ReportsRead = "reports.read";

    /// <summary>Works on meters: blocks them and lets them buy again.</summary>
    public const string Operate = "operate";

    /// <summary>Keeps its own webhook endpoints.</summary>
    public const string Webhooks = "webhooks";

    private const int LongestVendor = 32;

    /// <summary>Every scope that has no name in it.</summary>
    public static IReadOnlyList<string> Plain { get; } = [MetersRead, Sell, ReceiptsRead, ReportsRead, Operate, Webhooks];

    public static bool IsKnown(string scope) => Plain.Contains(scope, StringComparer.Ordinal)
        || (VendorOf(scope) is { Length: > 0 and <= LongestVendor } vendor && vendor.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));

    /// <summary>The vendor that a scope names; null where it names none.</summary>
    public static string? VendorOf(string scope) => scope.StartsWith(SellVendorPrefix, StringComparison.Ordinal) ? scope[SellVendorPrefix.Length..] : null;
}
