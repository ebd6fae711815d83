using System.Text.Json;
using Latchkey.Cli.Sts;
using Latchkey.Dlms.Security;

namespace Latchkey.Cli.Dlms;

/// <summary>What a client must hold to talk to a meter: a JSON file with hexadecimal keys, at the root or under "keys"; the line that
/// <c>latchkey meter run</c> prints is one too.</summary>
/// <remarks>Names are taken as <c>guek</c>, <c>gak</c>, <c>gbek</c>, <c>kek</c>, <c>password</c>, <c>secret</c>, <c>suite</c>,
/// <c>clientTitle</c>, <c>serverTitle</c>, <c>dedicated</c>; case, dashes and underscores do not matter.</remarks>
internal sealed class DlmsKeyFile
{
    private const int MaxFileSize = 1 << 16;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public static Result<DlmsKeyFile> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxFileSize) return new($"{path} is no key file: it is too long");
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            var file = new DlmsKeyFile();
            file.Take(document.RootElement);
            return new(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new($"the key file {path} cannot be read: {e.Message}");
        }
    }

    public byte[]? Guek => Hex("guek") ?? Hex("ek") ?? Hex("encryption");

    public byte[]? Gak => Hex("gak") ?? Hex("ak") ?? Hex("authentication");

    public byte[]? Kek => Hex("kek") ?? Hex("master");

    public byte[]? Dedicated => Hex("dedicated");

    public string? Password => _values.GetValueOrDefault("password") ?? _values.GetValueOrDefault("readingpassword") ?? _values.GetValueOrDefault("lls");

    public byte[]? Secret => Hex("secret") ?? Hex("hlssecret");

    public string? SigningKeyFile => _values.GetValueOrDefault("signingkey");

    public string? MeterCertificateFile => _values.GetValueOrDefault("metercertificate");

    public SystemTitle? ClientTitle => Title("clienttitle") ?? Title("clientsystemtitle");

    public SystemTitle? ServerTitle => Title("servertitle") ?? Title("serversystemtitle") ?? Title("systemtitle");

    /// <summary>As the file says; where it says nothing, keys of 32 octets are of suite 2.</summary>
    public SecuritySuite Suite => _values.GetValueOrDefault("suite") switch
    {
        "0" => SecuritySuite.Suite0,
        "1" => SecuritySuite.Suite1,
        "2" => SecuritySuite.Suite2,
        _ => Guek?.Length == 32 ? SecuritySuite.Suite2 : SecuritySuite.Suite0,
    };

    private void Take(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name = property.Name.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
            if (property.Value.ValueKind == JsonValueKind.String) _values.TryAdd(Lower(name), property.Value.GetString()!);
            else if (property.Value.ValueKind == JsonValueKind.Number) _values.TryAdd(Lower(name), property.Value.GetRawText());
            else if (string.Equals(name, "KEYS", StringComparison.Ordinal)) Take(property.Value);
        }
    }

    private static string Lower(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        for (int i = 0; i < target.Length; i++) target[i] = char.ToLowerInvariant(source[i]);
    });

    private byte[]? Hex(string name)
    {
        if (!_values.TryGetValue(name, out string? text)) return null;
        try
        {
            return Convert.FromHexString(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private SystemTitle? Title(string name) =>
        Hex(name) is byte[] octets && SystemTitle.TryRead(octets, out SystemTitle title) ? title : null;
}
