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
    private DateTime _writtenAt;

    private AccountBook(string? path, Content content) => (_path, _content) = (path, content);

    /// <summary>True when nobody can sign in yet.</summary>
    public bool IsEmpty => Current().Accounts.Count == 0;

    public IReadOnlyList<PortalAccount> Accounts => Current().Accounts;

    /// <summary>Opens the book of a data directory, or an empty one that is written with the first account.</summary>
    public static AccountBook Open(string dataDirectory)
    {
        string path = Path.Combine(dataDirectory, FileName);
        return new AccountBook(path, Read(path)) { _writtenAt = WrittenAt(path) };
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

    /// <summary>Ends an account's sign-in; false where there is none of that name.</summary>
    public bool Disable(string name)
    {
        string wanted = Normal(name);
        if (Current().Accounts.All(a => a.Name != wanted)) return false;
        Change(content => content with { Accounts = [.. content.Accounts.Select(a => a.Name == wanted ? a with { IsDisabled = true } : a)] });
        return true;
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
        PortalAccount? account = Current().Accounts.FirstOrDefault(a => a.Name == wanted);
        bool matches = PasswordHash.Matches(password, account?.Password ?? NobodysPassword);
        return matches && account is { IsDisabled: false } ? account : null;
    }

    /// <summary>The client that holds the key, or null.</summary>
    public ApiClientAccount? FindClient(string key)
    {
        byte[] digest = Encoding.ASCII.GetBytes(Digest(key));
        return Current().Clients.FirstOrDefault(c => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(c.KeySha256), digest));
    }

    /// <summary>A random secret of twenty letters and digits.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetString(Alphabet, SecretLength);

    /// <summary>A name as it is kept.</summary>
    public static string Normal(string name) => name.Trim().ToLowerInvariant();

    private static string Digest(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private void Change(Func<Content, Content> change)
    {
        lock (_gate)
        {
            Content next = change(Current());
            if (_path is not null) Write(_path, next);
            _content = next;
            if (_path is not null) _writtenAt = WrittenAt(_path);
        }
    }

    // A command may have changed the file beside a running server: it is read again when its time is another.
    private Content Current()
    {
        if (_path is null) return _content;
        lock (_gate)
        {
            DateTime written = WrittenAt(_path);
            if (written != _writtenAt) (_content, _writtenAt) = (Read(_path), written);
            return _content;
        }
    }

    private static DateTime WrittenAt(string path) => File.GetLastWriteTimeUtc(path);

    private static Content Read(string path) => File.Exists(path)
        ? JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Format) ?? throw new InvalidDataException($"{FileName} is empty.")
        : new Content([], []);

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
