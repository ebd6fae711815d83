using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Makers.Calin;

namespace Latchkey.Server.Serve.Settings;

/// <summary>How this server shows itself over TLS, and whose client certificates it believes. Paths are inside the data directory.</summary>
/// <param name="ClientAuthorities">A PEM file of the authorities whose client certificates are taken; null takes any, and a client is then known by its certificate's thumbprint alone.</param>
public sealed record HttpsSettings(string Url, string Certificate, string Key, string? ClientAuthorities);

/// <summary>The prepaid-utility contract as this seller offers it.</summary>
public sealed record PrepaidUtilitySettings(
    string Channel, long Minimum, long Maximum, string UtilityName, string Address, string VatRegistration, string ClientId, string Message, string InstitutionId);

/// <summary>A make whose meters get their tokens from the maker's own service.</summary>
/// <param name="Make">As the meters' <c>make</c> says it.</param>
/// <param name="Url">Where the service's calls lie.</param>
/// <param name="Secrets">A file inside the data directory with the passwords.</param>
/// <param name="RequestIdField">The field in which the service takes our id of a request; null where it takes none.</param>
/// <param name="FindCall">The call that finds a purchase by that id; null where there is none.</param>
public sealed record MakerSettings(string Make, Uri Url, string Company, string User, string Secrets, TimeSpan Timeout, string? RequestIdField, string? FindCall)
{
    public CalinOptions ToOptions(MakerSecret password, MakerSecret? vendPassword) =>
        new(Url, Company, User, password, vendPassword) { Timeout = Timeout, RequestIdField = RequestIdField, FindCall = FindCall };
}

/// <summary>What a seller set in <c>settings.json</c>. No secret is in it.</summary>
public sealed record SellerSettings
{
    public required string SellerName { get; init; }

    public string? SellerAddress { get; init; }

    public string SellerTaxNumber { get; init; } = string.Empty;

    /// <summary>The clock of token identifiers: one offset for ever.</summary>
    public required TimeSpan UtcOffset { get; init; }

    public required TimeZoneInfo Zone { get; init; }

    public required Currency Currency { get; init; }

    public required string Urls { get; init; }

    public Uri? PublicAddress { get; init; }

    public required IReadOnlyList<SalesChannel> Channels { get; init; }

    public required string ApiChannel { get; init; }

    /// <summary>The channels that pay for refunds and free energy; none are given without.</summary>
    public BundleOptions Bundles { get; init; } = BundleOptions.None;

    public int TidLeadMinutes { get; init; } = 60;

    /// <summary>A file inside the data directory with the EA07 tables of a licensed user; null takes the standard's sample tables.</summary>
    public string? StaTables { get; init; }

    public HttpsSettings? Https { get; init; }

    public PrepaidUtilitySettings? PrepaidUtility { get; init; }

    /// <summary>Who makes the tokens.</summary>
    public SignerSettings Signer { get; init; } = new SignerSettings.InSoftware();

    /// <summary>Makes whose own services make the tokens; none unless they are named.</summary>
    public IReadOnlyList<MakerSettings> Makers { get; init; } = [];

    /// <summary>Whether webhooks may go to loopback and private addresses.</summary>
    public bool WebhooksToPrivateAddresses { get; init; }

    public VendingOptions ToVending() => new(SellerName, UtcOffset, Channels)
    {
        SellerAddress = SellerAddress, SellerTaxNumber = SellerTaxNumber, TidLeadMinutes = TidLeadMinutes,
    };
}
