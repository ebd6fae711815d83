namespace Latchkey.Emulators.Calin;

/// <summary>How the emulated token service is set up.</summary>
public sealed record CalinEmulatorOptions
{
    public string Company { get; init; } = "Riverside";

    public string User { get; init; } = "POS1";

    /// <summary>Draws passwords, keys and random bits: the same seed repeats a run.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long a late answer takes.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The field in which it takes the caller's id; null takes none, as the family does. With it the same id again is still a second token.</summary>
    public string? RequestIdField { get; init; }

    /// <summary>The call that finds a sale by that id; null has none.</summary>
    public string? FindCall { get; init; }
}

/// <summary>A token that the service made, whoever heard of it.</summary>
/// <param name="Tenths">0.1 kWh; zero for a token without energy.</param>
/// <param name="RequestId">The caller's id where it was given one.</param>
public sealed record CalinSale(string Call, string MeterNumber, long Tenths, string Token, string? RequestId)
{
    /// <summary>By the service's clock.</summary>
    public DateTimeOffset At { get; init; }
}
