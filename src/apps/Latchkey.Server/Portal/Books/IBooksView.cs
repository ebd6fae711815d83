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

/// <summary>A closed period with the root that was signed of it.</summary>
/// <param name="Entry">The number of the entry that closed it.</param>
/// <param name="Head">What was signed, in hexadecimal; null while nothing is.</param>
/// <param name="Holds">The books still have that hash at that entry.</param>
public sealed record RootLine(int Period, DateTimeOffset Through, long Entry, string? Head, string? Keeper, DateTimeOffset? SignedAt, bool Holds);

/// <summary>Something that two sets of books do not agree on, with its owner.</summary>
/// <param name="Days">Its age.</param>
/// <param name="Explanation">What was found out; null while nothing was.</param>
public sealed record FindingLine(int Number, int Days, string Code, string Subject, string Problem, string Amount, string Owner, string? Explanation);

/// <summary>What a payment service has settled, from its booked files.</summary>
/// <param name="File">The newest that was booked.</param>
/// <param name="IsWhole">Every line of that file stands in the ledger.</param>
public sealed record SettledLine(string Channel, string File, bool IsWhole, string Bank, string Fees, string Suspense);

/// <summary>What lies beside the books: signed roots, the newest first, what is open, the oldest first, and what payment services settled.</summary>
public sealed record BooksPapers(IReadOnlyList<RootLine> Roots, IReadOnlyList<FindingLine> Findings, IReadOnlyList<SettledLine> Settled);

/// <summary>Ledger, orders and the signer's journal, for who must answer for them.</summary>
public interface IBooksView
{
    /// <summary>The newest check; made now where there is none yet, or where <paramref name="again"/> asks for it.</summary>
    /// <remarks>Where it is asked for several times within some seconds, one check answers all of them, and says when it was made. Where it is asked for, money is compared too: floats, tenders, settlements, meters. What differs is kept with its age.</remarks>
    Task<BooksCheck> CheckAsync(bool again, CancellationToken cancellationToken);

    BooksPapers Papers();
}
