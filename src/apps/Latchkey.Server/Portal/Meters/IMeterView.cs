using Latchkey.Quantities;
using Latchkey.Server.Portal.Park;

namespace Latchkey.Server.Portal.Meters;

/// <summary>Everything the head end knows of one meter.</summary>
/// <param name="Granted">Credit ever granted, by the meter's own total.</param>
/// <param name="Consumed">Energy ever consumed, by the meter's own total.</param>
/// <param name="SupplyReason">Stable code of why the supply is as it is, for example <c>no-credit</c>.</param>
public sealed record MeterDetail(
    string Pan,
    string Model,
    string? RoomId,
    string Place,
    string? Tenant,
    Energy? Balance,
    Energy? Granted,
    Energy? Consumed,
    Money? Worth,
    SupplyState Supply,
    string SupplyReason,
    bool Tampered,
    Voltage? Voltage,
    Current? Current,
    Power? Power,
    LinkState Link,
    DateTimeOffset? LastContact,
    string? Module,
    string? MetrologyVersion,
    string? MetrologyHash);

/// <summary>One point of a meter's history: power and balance at an instant.</summary>
public readonly record struct MeterPoint(DateTimeOffset At, Power Power, Energy Balance);

/// <summary>Something the meter reported, with its code in the platform's table of reasons.</summary>
public sealed record MeterEventLine(DateTimeOffset At, string Code, string? Detail);

/// <summary>Reads one meter, its history and its events.</summary>
public interface IMeterView
{
    ValueTask<MeterDetail?> FindAsync(string pan, CancellationToken cancellationToken);

    /// <summary>Points in time order, at most <paramref name="limit"/>, thinned evenly when there are more.</summary>
    ValueTask<IReadOnlyList<MeterPoint>> HistoryAsync(string pan, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken);

    /// <summary>The newest events first, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<MeterEventLine>> EventsAsync(string pan, int limit, CancellationToken cancellationToken);
}

/// <summary>Version and SHA-256 of a meter's legally relevant program.</summary>
public sealed record MetrologyLine(string Version, string Hash);

/// <summary>Hands and eyes at a virtual meter. A meter in a real cabinet has none: <see cref="Look"/> gives null.</summary>
public interface IMeterHands
{
    FaceView? Look(string pan);

    /// <summary>What the metrology of this meter says of itself, computed when asked; null where no hand reaches.</summary>
    MetrologyLine? Identity(string pan);

    void PressKey(string pan, char key);

    /// <summary>Opens or closes a cover, brings or removes the magnet, switches the mains.</summary>
    void Move(string pan, FacePart part, bool on);

    /// <summary>Plugs the module of that name, or pulls the present one when the name is null.</summary>
    void Plug(string pan, string? module);

    /// <summary>The names of the modules that fit the slot.</summary>
    IReadOnlyList<string> Modules { get; }
}

/// <summary>What an operator may order at a meter.</summary>
public interface IMeterCommands
{
    /// <summary>Asks the meter for a reading now. Null when the wish is on its way, else a stable refusal code.</summary>
    ValueTask<string?> ReadNowAsync(string pan, CancellationToken cancellationToken);

    /// <summary>Makes a clear-tamper token and sends it to the meter. Null when it is on its way, else a stable refusal code.</summary>
    ValueTask<string?> ClearTamperAsync(string pan, string requestedBy, string approvedBy, CancellationToken cancellationToken);
}
