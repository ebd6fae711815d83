namespace Latchkey.Vending.Makers;

/// <summary>The makes whose meters get their tokens from the maker's service. None unless the seller turned it on.</summary>
public sealed class MakerServices : IDisposable
{
    public const int MaxCodeLength = 32;
    private readonly Dictionary<string, IMakerTokenService> _services;

    /// <param name="services">By make, in any spelling of capitals; closed with this.</param>
    /// <exception cref="ArgumentException">A make has characters that an account's name cannot have.</exception>
    public MakerServices(IEnumerable<KeyValuePair<string, IMakerTokenService>> services)
    {
        _services = new Dictionary<string, IMakerTokenService>(StringComparer.OrdinalIgnoreCase);
        foreach ((string make, IMakerTokenService service) in services)
        {
            if (!IsMake(make)) throw new ArgumentException($"'{make}' is no make.", nameof(services));
            _services.Add(make.ToLowerInvariant(), service);
        }
    }

    public static MakerServices None { get; } = new([]);

    /// <summary>Letters, digits and dashes, at most <see cref="MaxCodeLength"/>.</summary>
    public static bool IsMake(string make) => make.Length is > 0 and <= MaxCodeLength && make.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>The make's code, in small letters, where its service makes the tokens; null where our own signer does.</summary>
    public string? CodeOf(string? make) => !string.IsNullOrEmpty(make) && _services.ContainsKey(make) ? make.ToLowerInvariant() : null;

    /// <summary>Null where the make was turned off since.</summary>
    public IMakerTokenService? Find(string code) => _services.GetValueOrDefault(code);

    public void Dispose()
    {
        foreach (IMakerTokenService service in _services.Values) (service as IDisposable)?.Dispose();
    }

    /// <summary>The codes, by name.</summary>
    public IReadOnlyList<string> Codes => [.. _services.Keys.Order(StringComparer.Ordinal)];
}
