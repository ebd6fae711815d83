using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Server.Serve.Settings;

/// <summary>Reads <c>settings.json</c>. Every fault of the file is told at once, each with its line and what to do.</summary>
public static class SettingsReader
{
    public const string FileName = "settings.json";
    private const long LargestBytes = 256 * 1024;
    private const long MostMinorUnits = 1_000_000_000_00;
    private const int MostChannels = 32, LongestName = 64, LongestCode = 32, MostMakers = 16;
    private static readonly TimeSpan FarthestOffset = TimeSpan.FromHours(14);

    /// <summary>The settings, or every fault.</summary>
    public static (SellerSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(string path)
    {
        if (!File.Exists(path)) return (null, [new SettingsFault(FileName, 1, string.Empty, "the file is missing; 'latchkey init' writes one")]);
        if (new FileInfo(path).Length > LargestBytes) return (null, [new SettingsFault(FileName, 1, string.Empty, "the file is larger than 256 kB")]);
        return Read(File.ReadAllBytes(path));
    }

    internal static (SellerSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(byte[] utf8)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        (SettingsNode? root, SettingsFault? broken) = SettingsNode.Parse(utf8.AsSpan().StartsWith(mark) ? utf8[mark.Length..] : utf8, FileName);
        if (root is null) return (null, [broken!]);
        if (root.Kind != System.Text.Json.JsonTokenType.StartObject) return (null, [new SettingsFault(FileName, root.Line, string.Empty, "an object { … } is expected")]);
        List<SettingsFault> faults = [];
        SellerSettings settings = Read(new SettingsPlace(root, FileName, faults));
        return faults.Count == 0 ? (settings, faults) : (null, [.. faults.OrderBy(f => f.Line)]);
    }

    private static SellerSettings Read(SettingsPlace root)
    {
        SettingsPlace? seller = root.Part("seller");
        if (seller is null) root.Fault("seller", "who sells is missing; add \"seller\": { \"name\": \"…\" }");
        string name = seller?.Required("name") ?? string.Empty;
        if (seller is not null && (name.Trim().Length == 0 || name.Length > LongestName)) seller.Fault("name", "1 to 64 characters, as printed on receipts");
        SalesChannel[] channels = ReadChannels(root);
        BundleOptions bundles = ReadGifts(root.Part("gifts"), channels);
        var settings = new SellerSettings
        {
            SellerName = name,
            SellerAddress = seller?.OptionalText("address"),
            SellerTaxNumber = seller?.Text("taxNumber", string.Empty) ?? string.Empty,
            UtcOffset = root.Parsed<TimeSpan>("utcOffset", null, Offset, "write the seller's clock as +08:00, at most 14 hours from UTC") ?? default,
            Zone = ZoneOf(root),
            Currency = root.Parsed<Currency>("currency", null, text => Currency.TryParse(text, out Currency code) ? code : null, "write an ISO 4217 code that is sold here, such as CNY, ZAR or KES") ?? default,
            Urls = UrlsOf(root),
            PublicAddress = AddressOf(root),
            Channels = channels,
            ApiChannel = ApiChannelOf(root, channels),
            Bundles = bundles,
            TidLeadMinutes = (int)root.Whole("tidLeadMinutes", 60, 0, 7 * 24 * 60),
            StaTables = root.OptionalText("staTables"),
            Https = ReadHttps(root.Part("https")),
            PrepaidUtility = ReadPrepaidUtility(root.Part("prepaidUtility"), channels),
            Signer = SignerSettingsReader.Read(root.Part("signer")),
            Makers = ReadMakers(root),
            WebhooksToPrivateAddresses = ReadWebhooks(root.Part("webhooks")),
        };
        seller?.RefuseOthers();
        root.OptionalText("$schema");
        root.RefuseOthers();
        return settings;
    }

    private static SalesChannel[] ReadChannels(SettingsPlace root)
    {
        List<SalesChannel> channels = [];
        IReadOnlyList<SettingsPlace> parts = root.Parts("channels");
        if (parts.Count is 0 or > MostChannels) root.Fault("channels", "1 to 32 ways of buying are expected, for example [ { \"code\": \"api\", \"funding\": \"clearing\" } ]");
        foreach (SettingsPlace part in parts)
        {
            string code = part.Required("code");
            if (code.Length > 0 && !IsCode(code)) part.Fault("code", "lower-case letters, digits and dashes, at most 32");
            if (channels.Any(c => c.Code == code)) part.Fault("code", $"'{code}' is there twice; codes are unique");
            FundingKind funding = part.Parsed<FundingKind>("funding", "clearing", Funding, "write \"clearing\" (a payment service owes the money) or \"float\" (it was paid in beforehand)") ?? FundingKind.Clearing;
            long minimum = part.Whole("minimum", 1, 1, MostMinorUnits), maximum = part.Whole("maximum", 100_000_00, 1, MostMinorUnits);
            if (minimum > maximum) part.Fault("maximum", "the largest sale is below the smallest");
            channels.Add(new SalesChannel(code, funding, minimum, maximum, part.OptionalText("tariff")));
            part.RefuseOthers();
        }

        return [.. channels];
    }

    private static string ApiChannelOf(SettingsPlace root, SalesChannel[] channels)
    {
        string code = root.Text("apiChannel", channels.Length > 0 ? channels[0].Code : string.Empty);
        if (channels.Length > 0 && channels.All(c => c.Code != code)) root.Fault("apiChannel", $"'{code}' is none of the channels; name one of {string.Join(", ", channels.Select(c => c.Code))}");
        return code;
    }

    /// <summary>Which channels pay for what a customer does not. Each takes of its budget, so that two people say how much there may be.</summary>
    private static BundleOptions ReadGifts(SettingsPlace? part, SalesChannel[] channels)
    {
        if (part is null) return BundleOptions.None;
        var gifts = new BundleOptions(Gift(part, "freeUnits", channels, BudgetKind.FreeUnits), Gift(part, "refunds", channels, BudgetKind.Refunds));
        part.RefuseOthers();
        return gifts;
    }

    private static string? Gift(SettingsPlace part, string name, SalesChannel[] channels, BudgetKind budget)
    {
        if (part.OptionalText(name) is not { } code) return null;
        int index = Array.FindIndex(channels, c => c.Code == code);
        if (index < 0) part.Fault(name, $"'{code}' is none of the channels; add it there or name another");
        else if (channels[index].Budget is not null) part.Fault(name, $"'{code}' pays for something else already; each gift has a channel of its own");
        else channels[index] = channels[index] with { Budget = budget };
        return code;
    }

    private static HttpsSettings? ReadHttps(SettingsPlace? part)
    {
        if (part is null) return null;
        var https = new HttpsSettings(part.Required("url"), part.Required("certificate"), part.Required("key"), part.OptionalText("clientAuthorities"));
        if (https.Url.Length > 0 && !(Uri.TryCreate(https.Url, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttps)) part.Fault("url", "write an address to listen on, such as https://0.0.0.0:5443");
        part.RefuseOthers();
        return https;
    }

    private static PrepaidUtilitySettings? ReadPrepaidUtility(SettingsPlace? part, SalesChannel[] channels)
    {
        if (part is null) return null;
        string channel = part.Required("channel");
        if (channels.All(c => c.Code != channel)) part.Fault("channel", $"'{channel}' is none of the channels; add it there or name another");
        var settings = new PrepaidUtilitySettings(
            channel, part.Whole("minimum", 1_00, 0, MostMinorUnits), part.Whole("maximum", 100_000_00, 1, MostMinorUnits), part.Required("utilityName"), part.Text("address", string.Empty),
            part.Text("vatRegNum", string.Empty), part.Text("clientId", string.Empty), part.Text("message", string.Empty), part.Required("institutionId"));
        part.RefuseOthers();
        return settings;
    }

    private static MakerSettings[] ReadMakers(SettingsPlace root)
    {
        List<MakerSettings> makers = [];
        foreach (SettingsPlace part in root.Parts("makers").Take(MostMakers))
        {
            string make = part.Required("make");
            if (make.Length > 0 && !MakerServices.IsMake(make)) part.Fault("make", "letters, digits and dashes, at most 32, as the meters' make says it");
            if (makers.Any(m => string.Equals(m.Make, make, StringComparison.OrdinalIgnoreCase))) part.Fault("make", $"'{make}' is there twice");
            if (part.Text("kind", "calin") != "calin") part.Fault("kind", "write \"calin\": the kind of service that is known here");
            string url = part.Required("url"), secrets = part.Required("secrets");
            if (secrets.Length > 0 && (Path.IsPathRooted(secrets) || secrets.Contains("..", StringComparison.Ordinal))) part.Fault("secrets", "name a file inside the data directory");
            var maker = new MakerSettings(
                make, Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address : new Uri("about:blank"), part.Required("company"), part.Required("user"), secrets,
                TimeSpan.FromSeconds(part.Whole("timeoutSeconds", 60, 1, 120)), part.OptionalText("requestIdField"), part.OptionalText("findCall"));
            if (MakerSecret.TryCreate("-", out MakerSecret? any) && maker.ToOptions(any!, null).Fault is { } fault) part.Fault("url", fault);
            part.RefuseOthers();
            makers.Add(maker);
        }

        return [.. makers];
    }

    private static bool ReadWebhooks(SettingsPlace? part)
    {
        if (part is null) return false;
        bool allowed = part.Flag("allowPrivateAddresses", false);
        part.RefuseOthers();
        return allowed;
    }

    private static TimeZoneInfo ZoneOf(SettingsPlace root)
    {
        string id = root.Text("zone", "UTC");
        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone)) return zone;
        root.Fault("zone", $"this machine knows no time zone '{id}'; write one such as Asia/Shanghai");
        return TimeZoneInfo.Utc;
    }

    private static string UrlsOf(SettingsPlace root)
    {
        string urls = root.Text("urls", "http://127.0.0.1:5080");
        bool isGood = urls.Split(';').All(text => Uri.TryCreate(text.Replace("*", "any", StringComparison.Ordinal), UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp);
        if (!isGood) root.Fault("urls", "write addresses to listen on, such as http://127.0.0.1:5080; TLS is set under https");
        return urls;
    }

    private static Uri? AddressOf(SettingsPlace root)
    {
        if (root.OptionalText("publicAddress") is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https") return address;
        root.Fault("publicAddress", "write the address people reach this server at, such as https://power.example.org");
        return null;
    }

    private static TimeSpan? Offset(string text) =>
        text.Length == 6 && text[0] is '+' or '-' && TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out TimeSpan offset) && offset <= FarthestOffset
            ? text[0] == '-' ? -offset : offset
            : null;

    private static FundingKind? Funding(string text) => text switch { "clearing" => FundingKind.Clearing, "float" => FundingKind.Float, _ => null };

    private static bool IsCode(string text) => text.Length <= LongestCode && text[0] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
