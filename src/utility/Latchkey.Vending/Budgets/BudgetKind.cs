using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>What a budget is for. Numbers are not stored; the words are part of account names and never change.</summary>
public enum BudgetKind
{
    FreeIssue = 1,
    CreditTransfer = 2,
    ClearTamper = 3,
    ClearCredit = 4,
    PowerLimit = 5,
    PhaseUnbalance = 6,
    MeterTest = 7,

    /// <summary>Energy given back with a purchase.</summary>
    Refunds = 8,

    /// <summary>Energy that the tariff grants, and subsidies of its price.</summary>
    FreeUnits = 9,
}

/// <summary>The kinds by their words.</summary>
public static class BudgetKinds
{
    private static readonly KindWords<BudgetKind> Words = new(
        (BudgetKind.FreeIssue, "free-issue"), (BudgetKind.CreditTransfer, "credit-transfer"), (BudgetKind.ClearTamper, "clear-tamper"),
        (BudgetKind.ClearCredit, "clear-credit"), (BudgetKind.PowerLimit, "power-limit"), (BudgetKind.PhaseUnbalance, "phase-unbalance"),
        (BudgetKind.MeterTest, "meter-test"), (BudgetKind.Refunds, "refunds"), (BudgetKind.FreeUnits, "free-units"));

    public static string WordOf(BudgetKind kind) => Words.WordOf(kind);

    public static bool TryParse(string? word, out BudgetKind kind) => Words.TryParse(word, out kind);

    public static IReadOnlyList<BudgetKind> All => Words.All;

    /// <summary>The budget that a kind of request spends.</summary>
    public static BudgetKind Of(ApprovalKind kind) => kind switch
    {
        ApprovalKind.FreeIssue => BudgetKind.FreeIssue,
        ApprovalKind.CreditTransfer => BudgetKind.CreditTransfer,
        ApprovalKind.ClearTamper => BudgetKind.ClearTamper,
        ApprovalKind.ClearCredit => BudgetKind.ClearCredit,
        ApprovalKind.PowerLimit => BudgetKind.PowerLimit,
        ApprovalKind.PhaseUnbalance => BudgetKind.PhaseUnbalance,
        ApprovalKind.MeterTest => BudgetKind.MeterTest,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A budget spends no budget."),
    };

    /// <summary>The unit in which a budget of this kind must be set before anything is issued; others may be set beside it. Null for any currency.</summary>
    internal static LedgerUnit? MeasureOf(BudgetKind kind) => kind switch
    {
        BudgetKind.FreeIssue or BudgetKind.CreditTransfer => LedgerUnit.TenthsOfKilowattHour,
        BudgetKind.Refunds or BudgetKind.FreeUnits => null,
        _ => LedgerUnit.Token,
    };
}
