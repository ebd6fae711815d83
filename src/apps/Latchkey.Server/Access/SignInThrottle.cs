namespace Latchkey.Server.Access;

/// <summary>Slows down guessing: after five wrong tries for a name, or thirty from an address, no try is looked at for a while.</summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    public const int TriesPerName = 5;
    public const int TriesPerAddress = 30;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    // A flood of made-up names must not grow the memory: beyond this the oldest half is forgotten.
    private const int MostKeys = 20_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    /// <summary>How long to wait before a try is looked at; zero when it may be made now.</summary>
    public TimeSpan Wait(string name, string address)
    {
        lock (_gate)
        {
            TimeSpan forName = Wait(NameKey(name), TriesPerName), forAddress = Wait(AddressKey(address), TriesPerAddress);
            return forName > forAddress ? forName : forAddress;
        }
    }

    public void Failed(string name, string address)
    {
        lock (_gate)
        {
            Count(NameKey(name));
            Count(AddressKey(address));
        }
    }

    /// <summary>A right password clears the name; the address keeps its count, since it may be trying other names.</summary>
    public void Succeeded(string name)
    {
        lock (_gate) _failures.Remove(NameKey(name));
    }

    private static string NameKey(string name) => "n:" + name.Trim().ToLowerInvariant();

    private static string AddressKey(string address) => "a:" + address;

    private TimeSpan Wait(string key, int tries)
    {
        if (!_failures.TryGetValue(key, out Failures failures) || failures.Count < tries) return TimeSpan.Zero;
        TimeSpan left = failures.First + Window - clock.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Count(string key)
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool running = _failures.TryGetValue(key, out Failures failures) && now - failures.First < Window;
        _failures[key] = running ? failures with { Count = failures.Count + 1 } : new Failures(1, now);
        if (_failures.Count > MostKeys) Forget();
    }

    private void Forget()
    {
        foreach (string key in _failures.OrderBy(pair => pair.Value.First).Take(MostKeys / 2).Select(pair => pair.Key).ToArray()) _failures.Remove(key);
    }

    private readonly record struct Failures(int Count, DateTimeOffset First);
}
