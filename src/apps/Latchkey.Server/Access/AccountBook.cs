using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Latchkey.Server.Access;

/// <summary>Accounts and API keys of one installation, in one small file that only its owner can read. No secret is kept, only what checks one.</summary>
public sealed class AccountBook
{
    public const string FileName = "accounts.json";
    public const string KeyPrefix = "lk_";

    // Twenty letters and digits without those that look alike: 99 bits, easy to read aloud.
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
    private const int SecretLength = 20;
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    // A name nobody has takes as long to refuse as a wrong password, so that names cannot be told apart by time.
    private static readonly string NobodysPassword = PasswordHash.Of(NewSecret());
    private readonly Lock _gate = new();
    private readonly string? _path;
    private Content _content;

    private AccountBook(string? path, Content content) => (_path, _content) = (path, content);

    /// <summary>True when nobody can sign in yet.</summary>
    public bool IsEmpty => _content.Accounts.Count == 0;

    /// <summary>Opens the book of a data directory, or an empty one that is written with the first account.</summary>
    public static AccountBook Open(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        Content content = File.Exists(path)
            ? JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Format) ?? throw new InvalidDataException($"{FileName} is empty.")
            : new Content([], []);
        return new AccountBook(path, content);
    }

    /// <summary>A book that is forgotten with the process.</summary>
    public static AccountBook InMemory() => new(null, new Content([], []));

    /// <summary>Sets the account with a new random password and returns that password: the only time it can be seen.</summary>
    public string SetAccount(string name, string displayName, string role, string? tenantId, string? vendor = null)
    {
        string password = NewSecret();
        var account = new PortalAccount(Normal(name), displayName, role, PasswordHash.Of(password), tenantId, vendor);
        Change(content => content with { Accounts = [.. content.Accounts.Where(a => a.Name != account.Name), account] });
        return password;
    }

    /// <summary>Sets an API client with a new random key and returns that key: the only time it can be seen.</summary>
    public string SetApiClient(string name)
    {
        string key = KeyPrefix + NewSecret() + NewSecret();
        Change(content => content with { Clients = [.. content.Clients.Where(c => c.Name != name), new ApiClientAccount(name, Digest(key))] });
        return key;
    }

    /// <summary>The account with that name and password, or null.</summary>
    public PortalAccount? Find(string name, string password)
    {
        string wanted = Normal(name);
        PortalAccount? account = _content.Accounts.FirstOrDefault(a => a.Name == wanted);
        bool matches = PasswordHash.Matches(password, account?.Password ?? NobodysPassword);
        return matches ? account : null;
    }

    /// <summary>The client that holds the key, or null.</summary>
    public ApiClientAccount? FindClient(string key)
    {
        byte[] digest = Encoding.ASCII.GetBytes(Digest(key));
        return _content.Clients.FirstOrDefault(c => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(c.KeySha256), digest));
    }

    /// <summary>A random secret of twenty letters and digits.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Alphabet, SecretLength);

    private static string Normal(string name) => name.Trim().ToLowerInvariant();

    private static string Digest(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private void Change(Func<Content, Content> change)
    {
        lock (_gate)
        {
            Content next = change(_content);
            if (_path is not null) Write(_path, next);
            _content = next;
        }
    }

    // A new file beside the old one, then a rename: a crash leaves one or the other, whole.
    private static void Write(string path, Content content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string fresh = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(fresh, options))
        {
            JsonSerializer.Serialize(file, content, Format);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }

    private sealed record Content(IReadOnlyList<PortalAccount> Accounts, IReadOnlyList<ApiClientAccount> Clients);
}
