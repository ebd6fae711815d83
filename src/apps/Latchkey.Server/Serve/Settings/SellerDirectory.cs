using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Server.ElectrumApi;
using Latchkey.Server.Platform;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Makers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Serve.Settings;

/// <summary>A seller's data directory: settings, tariffs, keys, books. Made by <c>latchkey init</c>, served by <c>latchkey serve</c>.</summary>
public sealed class SellerDirectory
{
    private const long LargestTariffFile = 16 * 1024 * 1024;
    private const int MostTariffFiles = 1_000;

    private SellerDirectory(string path, SellerSettings settings, TariffBook tariffs, StaTables? tables, MakerServices makers) =>
        (Path, Settings, Tariffs, Tables, Vending) = (path, settings, tariffs, tables, settings.ToVending() with { Makers = makers });

    public string Path { get; }

    public SellerSettings Settings { get; }

    public TariffBook Tariffs { get; }

    public StaTables? Tables { get; }

    /// <summary>What selling is opened with.</summary>
    public VendingOptions Vending { get; }

    public static bool IsOne(string path) => File.Exists(System.IO.Path.Combine(path, SettingsReader.FileName));

    /// <summary>The directory, or everything that is wrong with its files.</summary>
    public static (SellerDirectory? Directory, IReadOnlyList<SettingsFault> Faults) Open(string path)
    {
        (SellerSettings? settings, IReadOnlyList<SettingsFault> faults) = SettingsReader.Read(System.IO.Path.Combine(path, SettingsReader.FileName));
        if (settings is null) return (null, faults);
        List<SettingsFault> wrong = [];
        TariffBook? tariffs = ReadTariffs(path, wrong);
        StaTables? tables = settings.StaTables is { } file ? ReadTables(path, file, wrong) : null;
        MakerServices makers = MakerFiles.Open(path, settings.Makers, wrong);
        return wrong.Count == 0 ? (new SellerDirectory(path, settings, tariffs!, tables, makers), []) : (null, wrong);
    }

    /// <summary>What makes tokens besides keys, by a data directory's settings, or everything that is wrong; none where it has no settings.</summary>
    public static (TokenMaking? Making, IReadOnlyList<SettingsFault> Faults) OpenMaking(string path)
    {
        if (!IsOne(path)) return (new TokenMaking(null, MakerServices.None), []);
        (SellerSettings? settings, IReadOnlyList<SettingsFault> faults) = SettingsReader.Read(System.IO.Path.Combine(path, SettingsReader.FileName));
        if (settings is null) return (null, faults);
        List<SettingsFault> wrong = [];
        StaTables? tables = settings.StaTables is { } file ? ReadTables(path, file, wrong) : null;
        MakerServices makers = MakerFiles.Open(path, settings.Makers, wrong);
        if (wrong.Count == 0) return (new TokenMaking(tables, makers), []);
        makers.Dispose();
        return (null, wrong);
    }

    /// <summary>Makes the directory: files, keys, books. It must not be one already.</summary>
    public static async Task<SellerDirectory> CreateAsync(string path, string name, Currency currency, string offset, string zone, TimeProvider time, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(path);
        else System.IO.Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string tariffs = System.IO.Path.Combine(path, StarterFiles.TariffDirectory);
        System.IO.Directory.CreateDirectory(tariffs);
        await WriteNewAsync(System.IO.Path.Combine(tariffs, StarterFiles.TariffFileName), StarterFiles.Tariff(currency.Code!, currency.MinorDigits), cancellationToken).ConfigureAwait(false);
        await WriteNewAsync(System.IO.Path.Combine(path, StarterFiles.MetersFileName), StarterFiles.Meters, cancellationToken).ConfigureAwait(false);
        await WriteNewAsync(System.IO.Path.Combine(path, SettingsReader.FileName), StarterFiles.Settings(name, currency.Code!, offset, zone), cancellationToken).ConfigureAwait(false);
        (SellerDirectory? made, IReadOnlyList<SettingsFault> faults) = Open(path);
        if (made is null) throw new InvalidDataException(faults[0].ToString());

        // Opening the platform once draws the keys and makes the books, so that everything is there to be backed up before the first sale.
        using LatchkeyPlatform platform = await LatchkeyPlatform.OpenAsync(made.PlatformOptions(), [], time, NullLoggerFactory.Instance, cancellationToken).ConfigureAwait(false);
        return made;
    }

    /// <summary>What a server is started with.</summary>
    public ServeSettings ToServe() => new()
    {
        Vending = Vending,
        Bundles = Settings.Bundles,
        Tariffs = Tariffs,
        ApiChannel = Settings.ApiChannel,
        Zone = Settings.Zone,
        StaTables = Tables,
        WebhooksToPrivateAddresses = Settings.WebhooksToPrivateAddresses,
        Electrum = Settings.PrepaidUtility is { } p
            ? new ElectrumSettings
            {
                Utility = new UtilityProfile(p.UtilityName, p.Address, p.VatRegistration, p.ClientId, p.Message, p.InstitutionId),
                Clients = [],
                Channel = p.Channel,
                Currency = Settings.Currency,
                Minimum = p.Minimum,
                Maximum = p.Maximum,
            }
            : null,
    };

    public ServerOptions ToServer(string? urls) => new()
    {
        DataDirectory = Path, Urls = urls ?? Settings.Urls, Zone = Settings.Zone, PublicAddress = Settings.PublicAddress, Https = Settings.Https,
    };

    private PlatformOptions PlatformOptions() => new() { DataDirectory = Path, Vending = Vending, Tariffs = Tariffs, StaTables = Tables, Bundles = Settings.Bundles };

    private static TariffBook? ReadTariffs(string path, List<SettingsFault> faults)
    {
        string directory = System.IO.Path.Combine(path, StarterFiles.TariffDirectory);
        string[] files = System.IO.Directory.Exists(directory) ? [.. System.IO.Directory.EnumerateFiles(directory, "*.json").Order(StringComparer.Ordinal).Take(MostTariffFiles)] : [];
        if (files.Length == 0) faults.Add(new SettingsFault(StarterFiles.TariffDirectory, 1, string.Empty, "there is no tariff; put a file such as starter.json here, 'latchkey tariff check' tells whether it is sound"));
        List<Tariff> tariffs = [];
        foreach (string file in files) tariffs.AddRange(ReadTariffFile(file, faults));
        try
        {
            return faults.Count == 0 ? new TariffBook(tariffs) : null;
        }
        catch (ArgumentException e)
        {
            faults.Add(new SettingsFault(StarterFiles.TariffDirectory, 1, string.Empty, e.Message));
            return null;
        }
    }

    private static List<Tariff> ReadTariffFile(string file, List<SettingsFault> faults)
    {
        string name = StarterFiles.TariffDirectory + "/" + System.IO.Path.GetFileName(file);
        List<Tariff> read = [];
        try
        {
            if (new FileInfo(file).Length > LargestTariffFile) throw new InvalidDataException("the file is larger than 16 MB");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (JsonElement json in Items(document.RootElement))
            {
                if (TariffJson.TryRead(json, out Tariff? tariff, out string? fault)) read.Add(tariff!);
                else faults.Add(new SettingsFault(name, 1, json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out JsonElement id) ? id.ToString() : string.Empty, fault!));
            }
        }
        catch (JsonException e)
        {
            faults.Add(new SettingsFault(name, (int)(e.LineNumber ?? 0) + 1, string.Empty, "this is not JSON"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            faults.Add(new SettingsFault(name, 1, string.Empty, e.Message));
        }

        return read;
    }

    private static IEnumerable<JsonElement> Items(JsonElement root) => root.ValueKind switch
    {
        JsonValueKind.Array => root.EnumerateArray(),
        JsonValueKind.Object when root.TryGetProperty("tariffs", out JsonElement list) && list.ValueKind == JsonValueKind.Array => list.EnumerateArray(),
        _ => [root],
    };

    private static StaTables? ReadTables(string path, string file, List<SettingsFault> faults)
    {
        string full = System.IO.Path.Combine(path, file);
        if (!File.Exists(full)) faults.Add(new SettingsFault(file, 1, string.Empty, "there is no such file in the data directory; staTables names it"));
        else if (StaTablesFile.TryRead(File.ReadAllBytes(full), out StaTables? tables, out string? fault)) return tables;
        else faults.Add(new SettingsFault(file, 1, string.Empty, $"it holds no tables: {fault}"));
        return null;
    }

    private static async Task WriteNewAsync(string path, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        await using var file = new FileStream(path, options);
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>EA07's tables, null for the standard's sample tables, and the makes whose own services make tokens.</summary>
public sealed record TokenMaking(StaTables? Tables, MakerServices Makers);
