using Latchkey.Quantities;

namespace Latchkey.Server.Portal.Park;

/// <summary>Whether the load switch of a meter lets energy through, as the meter last said.</summary>
public enum SupplyState { Unknown = 0, On = 1, Off = 2 }

/// <summary>How long ago the meter was heard, judged by its own reporting interval.</summary>
public enum LinkState { Never = 0, Online = 1, Late = 2, Lost = 3 }

/// <summary>Where a balance stands against the park's thresholds.</summary>
public enum BalanceMark { Unknown = 0, Good = 1, Low = 2, Empty = 3 }

/// <summary>A room with its tenant and its meter on one line.</summary>
/// <param name="Balance">Energy left in the meter by its own totals; null until the meter has reported.</param>
/// <param name="Worth">The balance at the tenant's price, as the reminder judges it; null with the balance.</param>
public sealed record RoomLine(
    string RoomId,
    string Building,
    string Room,
    string? Tenant,
    string? Pan,
    Energy? Balance,
    Money? Worth,
    Power? Power,
    SupplyState Supply,
    BalanceMark Mark,
    LinkState Link,
    DateTimeOffset? LastContact,
    bool Tampered);

/// <summary>The park a portal looks at.</summary>
public sealed record ParkOverview(string Name, DateTimeOffset AsOf, IReadOnlyList<RoomLine> Rooms);

/// <summary>Reads the park; what a tenant may see of it goes through <see cref="TopUps.ITopUps"/> instead.</summary>
public interface IParkView
{
    ValueTask<ParkOverview> ReadAsync(CancellationToken cancellationToken);
}
