using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Findings and their history, and the outside papers they are held against.</summary>
public interface IReconciliationStore
{
    /// <summary>Keeps a run: what is new, what is still there, and, of the kinds that were seen whole, what is gone.</summary>
    Task<ReconciliationRun> KeepAsync(
        IReadOnlySet<ReconciliationKind> kinds, IReadOnlyList<Finding> findings, Func<ReconciliationKind, string> ownerOf, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The oldest first; cleared ones only where asked for.</summary>
    IReadOnlyList<ReconciliationItem> List(ReconciliationKind? kind, bool withCleared, int limit);

    ReconciliationItem? Find(int number);

    /// <summary>False where there is no such finding.</summary>
    Task<bool> AssignAsync(int number, string owner, CancellationToken cancellationToken);

    /// <summary>False where there is no such finding, or it is cleared.</summary>
    Task<bool> ExplainAsync(int number, string explanation, string by, CancellationToken cancellationToken);

    /// <summary>Keeps a settlement file; a line that is there already stays as it was. Returns how many lines are new.</summary>
    Task<int> KeepAsync(SettlementFile file, CancellationToken cancellationToken);

    /// <summary>Keeps what meters report; of one meter the newest counts.</summary>
    Task KeepAsync(IReadOnlyList<MeterTotals> totals, CancellationToken cancellationToken);

    SettlementLine? FindSettled(string channel, SettlementKind kind, string reference);

    void ForEachSettled(Action<SettlementLine> line);

    /// <summary>The stretches that a channel's files cover, in order and merged.</summary>
    IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Covered(string channel);

    void ForEachMeter(Action<MeterTotals> totals);

    MeterTotals? FindMeter(MeterPan pan);

    /// <summary>A payment that its provider has confirmed, by the provider's number; null where there is none.</summary>
    TenderRecord? FindPayment(string provider, string transactionId);

    /// <summary>Keeps a maker's statement in place of an earlier one of the same stretch. Returns how many tokens it lists.</summary>
    Task<int> KeepAsync(MakerStatement statement, CancellationToken cancellationToken);

    /// <summary>The stretches that makers' statements cover.</summary>
    IReadOnlyList<(string Make, DateTimeOffset From, DateTimeOffset To)> StatedStretches();

    StatedToken? FindStated(string make, ReadOnlyMemory<byte> tokenHash);

    void ForEachStated(Action<StatedToken> stated);

    /// <summary>Every payment that the provider has confirmed, with what went back of it.</summary>
    void ForEachPayment(string provider, Action<PaymentStanding> payment);

    /// <summary>Every entry that raised an account whose name begins so, with the amount above zero.</summary>
    void ForEachCredit(string accountPrefix, Action<AccountId, RecordedEntry, long> credit);

    /// <summary>Every entry that moved an account whose name begins so, with the amount: debits above zero.</summary>
    void ForEachMovement(string accountPrefix, Action<AccountId, RecordedEntry, long> movement);

    /// <summary>Slips for which no line of the bank has come.</summary>
    IReadOnlyList<DepositSlip> UnpaidSlips(int limit);

    /// <summary>Sum of the bank's lines by currency code, in minor units.</summary>
    IReadOnlyDictionary<string, long> BankTotals();
}
