using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>Units and fixed charges that a meter has bought in one period.</summary>
public readonly record struct PeriodTotals(long Tenths, long FixedMinorUnits);

/// <summary>Orders, identifiers and the ledger inside one transaction. What a step does here is kept whole or not at all.</summary>
public interface IVendingBooks
{
    VendOrder? FindOrder(Guid id);

    /// <summary>Where an order stands, and in its which attempt; null where there is none.</summary>
    (OrderState State, int Attempt)? FindState(Guid id);

    /// <summary>Adds the order or replaces it.</summary>
    void Save(VendOrder order);

    /// <summary>Keeps how far an order has come since it was held: its state, times, token, answer, proof. What was settled with the hold stays.</summary>
    void Advance(VendOrder order);

    MeterRecord? FindMeter(MeterPan pan);

    /// <summary>The meter's newest change of keys; null where it never had one.</summary>
    KeyChange? FindKeyChange(MeterPan pan);

    /// <summary>The order that used this payment, other than declined ones.</summary>
    Guid? FindPayment(string channel, string reference);

    TokenIdentifier? LastTid(MeterPan pan, BaseDate baseDate);

    void SetLastTid(MeterPan pan, BaseDate baseDate, TokenIdentifier tid);

    PeriodTotals Totals(MeterPan pan, string period);

    void AddTotals(MeterPan pan, string period, PeriodTotals more);

    /// <summary>What the meter's customer owes, with what is left of each.</summary>
    IReadOnlyList<OwedDebt> Debts(MeterPan pan);

    /// <summary>Adds the debt or replaces its name and rule; what is owed stands in the ledger.</summary>
    void Save(DebtRecord debt);

    ManagementIssue? FindManagement(Guid id);

    void Save(ManagementIssue issue);

    Approval? FindApproval(Guid id);

    /// <summary>Adds the request or replaces how it stands.</summary>
    void Save(Approval approval);

    /// <summary>Newest first; all states where none is named. At most <paramref name="limit"/>.</summary>
    IReadOnlyList<Approval> Approvals(ApprovalState? state, int limit);

    /// <summary>Management tokens, newest first; at most <paramref name="limit"/>.</summary>
    IReadOnlyList<ManagementIssue> Management(int limit);

    /// <summary>The management token with this number; null where there is none.</summary>
    ManagementIssue? FindManagement(TokenNumber token);

    /// <summary>The order that has this token; null where there is none. Looks through all of them.</summary>
    VendOrder? FindByToken(TokenNumber token);

    /// <summary>Open and given ones whose end has passed; at most <paramref name="limit"/>.</summary>
    IReadOnlyList<Approval> LateApprovals(DateTimeOffset now, int limit);

    /// <summary>How many are open, and how many of them one person or program asked.</summary>
    (int All, int Own) CountOpenApprovals(string askedBy);

    /// <summary>An account with its totals as they stand in this transaction.</summary>
    LedgerAccount? FindAccount(AccountId account);

    /// <summary>Every account whose name begins so, by name.</summary>
    IReadOnlyList<LedgerAccount> AccountsNamed(string prefix);

    /// <summary>Posts. What is dated in a closed period is booked at the first moment of the open one: an order's life does not end with a month.</summary>
    PostResult Post(JournalEntry entry);

    bool Open(LedgerAccount account);

    RecordedEntry? FindEntry(Guid id);

    /// <summary>The journal of maker's tokens.</summary>
    IMakerBooks Makers { get; }
}

/// <summary>What one of several steps gave: its result, or the exception by which nothing of it was kept.</summary>
public readonly record struct StepResult<T>(T? Value, Exception? Fault);

/// <summary>Where orders are kept.</summary>
public interface IVendingStore
{
    /// <summary>Runs a step whole or not at all; durable when it answers.</summary>
    Task<T> UpdateAsync<T>(Func<IVendingBooks, T> step, CancellationToken cancellationToken);

    /// <summary>Several steps that are answered together and, as a rule, committed together. Each is whole or not at all by itself.</summary>
    /// <remarks>A step may be run twice when another of its group threw: it must do nothing but read and write the books.</remarks>
    /// <param name="steps">Run in the order given.</param>
    /// <param name="company">Other steps are on their way until this ends, and want to be in the same commit, which waits for them a little; null where none are.</param>
    /// <param name="cancellationToken">Ends the waiting, not the steps.</param>
    Task<IReadOnlyList<StepResult<T>>> UpdateEachAsync<T>(
        IReadOnlyList<Func<IVendingBooks, T>> steps, Task? company, CancellationToken cancellationToken);

    /// <summary>Looks without changing; the step must not write.</summary>
    T Read<T>(Func<IVendingBooks, T> step);

    /// <summary>At most <paramref name="limit"/>, oldest first; those that came in later than the order <paramref name="after"/>, where one is named.</summary>
    IReadOnlyList<VendOrder> InState(OrderState state, int limit, Guid? after = null);

    /// <summary>At most <paramref name="limit"/>, newest first.</summary>
    IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit);

    /// <summary>At most <paramref name="limit"/> of all meters, newest first.</summary>
    IReadOnlyList<VendOrder> Newest(int limit);

    /// <summary>Every order, by rising time of receipt, one at a time.</summary>
    void ForEach(Action<VendOrder> order);
}
