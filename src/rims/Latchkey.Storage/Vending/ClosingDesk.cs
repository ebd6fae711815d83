using Latchkey.Ledger;
using Latchkey.Storage.Ledger;

namespace Latchkey.Storage.Vending;

/// <summary>Closes periods: audits, closes, signs the closing entry. Only sound books are closed, because what is closed is said to be right.</summary>
/// <remarks>A difference between tokens and orders does not hold it up: it cannot be undone by waiting, and the reconciliation keeps naming it.</remarks>
public sealed class ClosingDesk(VendingHouse house, RootKey key, TimeProvider time)
{
    /// <param name="end">The first moment of the next period.</param>
    /// <param name="closedBy">Who answers for it.</param>
    /// <param name="keeper">Who keeps the books: the name in the published root.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async Task<ClosingOutcome> CloseAsync(DateTimeOffset end, string closedBy, string keeper, CancellationToken cancellationToken)
    {
        AuditReport audit = house.AuditLedger();
        if (!audit.IsIntact) return new ClosingOutcome.Refused(ClosingRefusal.BooksBroken, "the ledger is not intact; run audit verify");
        ClosingOutcome outcome = await house.Periods.CloseAsync(end, closedBy, cancellationToken).ConfigureAwait(false);
        if (outcome is not ClosingOutcome.Closed closed) return outcome;
        PublishedRoot root = key.Sign(keeper, audit, closed.Entry, house.Ledger.Entries(audit.EntriesRead, closed.Entry.Sequence), time.GetUtcNow());
        await house.Periods.KeepRootAsync(closed.Period.Number, root, cancellationToken).ConfigureAwait(false);
        return closed with { Period = closed.Period with { Root = root.Document } };
    }

    /// <summary>Signs a closed period whose root is missing, because the program ended in between; null where there is no such period or the books are broken.</summary>
    public async Task<PublishedRoot?> SignAsync(int number, string keeper, CancellationToken cancellationToken)
    {
        if (house.Periods.List().FirstOrDefault(p => p.Number == number) is not { Root: null } period) return null;
        AuditReport audit = house.AuditLedger();
        if (!audit.IsIntact) return null;
        RecordedEntry closing = house.Ledger.Entries(period.Sequence - 1, period.Sequence)[0];
        PublishedRoot root = key.Sign(keeper, audit, closing, [], time.GetUtcNow());
        return await house.Periods.KeepRootAsync(number, root, cancellationToken).ConfigureAwait(false) ? root : null;
    }
}
