namespace Latchkey.Emulators.WeChat;

/// <summary>How the emulated WeChat behaves.</summary>
public sealed record WeChatEmulatorOptions
{
    public string AppId { get; init; } = "wxd678efh567hg6787";

    /// <summary>Everything the emulator makes up, but for secrets, follows from this.</summary>
    public int Seed { get; init; } = 1;

    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(7200);

    /// <summary>Templates that may be used, with the keys of their fields; empty takes any template.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Templates { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Templates that need one consent for each message.</summary>
    public IReadOnlySet<string> OneTimeTemplates { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Calls a day before error 45009.</summary>
    public int DailyQuota { get; init; } = 10_000_000;
}
