using Latchkey.Vending;

namespace Latchkey.Server.Portal.Books;

/// <summary>The three sets of books held against each other.</summary>
/// <param name="At">When.</param>
/// <param name="Entries">Entries that were replayed.</param>
/// <param name="NotCompared">The code of why tokens were not compared, <c>signer-unavailable</c>; null when they were.</param>
/// <param name="ChainHead">SHA-256 of the newest entry, in hexadecimal: what is published outside is this.</param>
public sealed record BooksCheck(DateTimeOffset At, bool IsIntact, long Entries, string ChainHead, long Tokens, long Orders, string? LedgerProblem, IReadOnlyList<AuditDifference> Differences, string? NotCompared = null)
{
    /// <summary>Nothing is known to be wrong, and not everything was looked at.</summary>
    public bool IsUnknown => NotCompared is not null && LedgerProblem is null;
}

/// <summary>Ledger, orders and the signer's journal, for who must answer for them.</summary>
public interface IBooksView
{
    /// <summary>The newest check; made now where there is none yet, or where <paramref name="again"/> asks for it.</summary>
    Task<BooksCheck> CheckAsync(bool again, CancellationToken cancellationToken);
}
