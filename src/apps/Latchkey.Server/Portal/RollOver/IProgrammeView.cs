using Latchkey.Vending.Programmes;

namespace Latchkey.Server.Portal.RollOver;

/// <summary>A programme's name in the list of them.</summary>
/// <param name="State">Stable code: <c>drawn</c>, <c>running</c>, <c>paused</c>, <c>aborted</c>.</param>
public sealed record ProgrammeName(Guid Id, string Name, string State);

/// <summary>A programme with its picture.</summary>
public sealed record ProgrammeSheet(ProgrammeView View, ProgressCurve Curve);

/// <summary>A meter whose new key is not proven.</summary>
/// <param name="State">Stable code; <c>dark</c> where the moment has come and no set is made.</param>
/// <param name="Reason">What ends: <c>keyExpiry</c> or <c>endOfIdentifiers</c>.</param>
public sealed record DarkRow(
    string Pan, string Place, string Cohort, string Policy, string State, DateTimeOffset DarkAt, string Reason, DateOnly? LastPurchase, DateOnly? NextPurchase, string? Code);

/// <summary>Reads programmes of key changes.</summary>
public interface IProgrammeView
{
    /// <summary>The newest first.</summary>
    ValueTask<IReadOnlyList<ProgrammeName>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Null where there is none of this id. At most some seconds old.</summary>
    ValueTask<ProgrammeSheet?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Who goes dark when, the soonest first; null where there is no such programme or cohort.</summary>
    /// <param name="cohort">Its name; null takes all.</param>
    ValueTask<IReadOnlyList<DarkRow>?> DarkAsync(Guid id, string? cohort, ProgrammeMeterState? state, int limit, CancellationToken cancellationToken);
}
