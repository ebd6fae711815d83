using Latchkey.Ledger;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Which two sets of books are held against each other. Numbers are stored.</summary>
public enum ReconciliationKind
{
    /// <summary>Money on vendors' floats against the bank's lines, notes of two people, earned commission.</summary>
    FloatBank = 1,

    /// <summary>Tokens that were sold against the signer's own journal and counters.</summary>
    TokensSigner = 2,

    /// <summary>Orders and receipts against the ledger.</summary>
    OrdersLedger = 3,

    /// <summary>A channel's settlement file against the orders.</summary>
    Settlement = 4,

    /// <summary>The unit ledgers against what meters report.</summary>
    UnitsMeter = 5,

    /// <summary>Tokens against money that really came: payments confirmed by their provider, or settled.</summary>
    Tender = 6,

    /// <summary>Tokens that makers' services made, by the makers' own statements, against the journal of maker's tokens.</summary>
    MakerStatement = 7,
}

/// <summary>Something that does not agree.</summary>
/// <param name="Code">One of <see cref="FindingCodes"/>.</param>
/// <param name="Subject">What it is about, so that it is found again in the next run: an order, a slip, an account.</param>
/// <param name="Problem">What is wrong, for people.</param>
/// <param name="Since">Since when, by the business; its age counts from here.</param>
/// <param name="Amount">How much is in question, in the unit's smallest step; null where it is not an amount.</param>
public sealed record Finding(ReconciliationKind Kind, string Code, string Subject, string Problem, DateTimeOffset Since, long? Amount = null, LedgerUnit Unit = default);

/// <summary>The stable codes of findings.</summary>
public static class FindingCodes
{
    public const string AuditDifference = "audit-difference";
    public const string LedgerBroken = "ledger-broken";
    public const string FloatUnbacked = "float-credit-unbacked";
    public const string SlipUnpaid = "slip-without-money";
    public const string MoneyUnexplained = "money-in-suspense";
    public const string BankDiffers = "bank-differs";
    public const string CommissionDiffers = "commission-differs";
    public const string TokenWithoutTender = "token-without-tender";
    public const string TenderDiffers = "tender-differs";
    public const string ReversedWithToken = "reversed-with-token";
    public const string ReversalUnapproved = "reversal-unapproved";
    public const string RefundNotPaid = "refund-not-paid";
    public const string MakerTokenNotOurs = "maker-token-not-ours";
    public const string MakerTokenNotStated = "maker-token-not-stated";
    public const string MakerTokenDiffers = "maker-token-differs";
    public const string TokenAfterRefund = "token-after-refund";
    public const string PayerDiffers = "payer-differs";
    public const string TokenUnsettled = "token-unsettled";
    public const string MakerAnswerUnknown = "maker-answer-unknown";
    public const string HoldUnended = "hold-unended";
    public const string HoldsWithoutOrder = "holds-without-order";
    public const string ResidueUnexplained = "residue-unexplained";
    public const string NotInSettlement = "not-in-settlement";
    public const string PaidWithoutToken = "paid-without-token";
    public const string SettlementDiffers = "settlement-differs";
    public const string SettlementUnposted = "settlement-unposted";
    public const string SettlementBooksDiffer = "settlement-books-differ";
    public const string ClearingUnexplained = "clearing-unexplained";
    public const string AcceptedNotSold = "accepted-not-sold";
    public const string AcceptedNotProven = "accepted-not-proven";
    public const string MeterBelowLedger = "meter-below-ledger";
    public const string ConsumedAboveAccepted = "consumed-above-accepted";
}
