using Latchkey.Ledger;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Settlements;

/// <summary>A file as it was kept.</summary>
/// <param name="Lines">How many it has; <paramref name="Known"/> of them an earlier file had brought.</param>
/// <param name="Posted">How many of its own lines stand in the ledger.</param>
public sealed record SettlementRecord(
    string Channel, string Id, string Fingerprint, DateTimeOffset From, DateTimeOffset To, int Lines, int Known, DateTimeOffset KeptAt, int Posted)
{
    /// <summary>True where every line of it stands in the ledger.</summary>
    public bool IsPosted => Known + Posted == Lines;
}

/// <summary>What a line moved; minor units.</summary>
/// <param name="Bank">To the account that the service settles to; below zero for a refund.</param>
/// <param name="Fee">To the expense.</param>
/// <param name="Suspense">What nobody has sold for it: above zero where more came than was sold, below where less.</param>
public sealed record SettlementMoves(long Bank, long Fee, long Suspense);

/// <summary>A line as it was kept; not booked yet where it has no moves.</summary>
public sealed record SettlementRow(string Paper, PaperLine Line, SettlementMoves? Moves);

/// <summary>Money of one payment that is in suspense; <paramref name="MinorUnits"/> as in <see cref="SettlementMoves"/>.</summary>
public sealed record SettlementDifference(string Channel, string Reference, LedgerUnit Unit, long MinorUnits, DateTimeOffset Since);

/// <summary>What all booked lines and acts of a channel come to.</summary>
public sealed record SettlementTotals(string Channel, LedgerUnit Unit, SettlementMoves Moves);

/// <summary>What became of booking a file.</summary>
public abstract record SettlementOutcome
{
    private SettlementOutcome()
    {
    }

    /// <summary>Every line stands in the ledger.</summary>
    /// <param name="New">Lines that this call booked: none, where the file was read before.</param>
    /// <param name="Differences">What is in suspense of its payments.</param>
    public sealed record Posted(SettlementRecord Record, int New, IReadOnlyList<SettlementDifference> Differences) : SettlementOutcome;

    /// <summary>Nothing was booked. The code is one of <see cref="VendingCodes"/>.</summary>
    public sealed record Refused(string Code, string Detail) : SettlementOutcome;
}
