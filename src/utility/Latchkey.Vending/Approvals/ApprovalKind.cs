namespace Latchkey.Vending;

/// <summary>What two people are asked to answer for. Numbers are stored.</summary>
public enum ApprovalKind
{
    /// <summary>Energy without money.</summary>
    FreeIssue = 1,

    /// <summary>Energy that was left in a replaced meter, to the one that replaced it.</summary>
    CreditTransfer = 2,

    ClearTamper = 3,
    ClearCredit = 4,
    PowerLimit = 5,
    PhaseUnbalance = 6,

    /// <summary>A test or display token, which every meter takes.</summary>
    MeterTest = 7,

    /// <summary>More of a budget.</summary>
    Budget = 8,

    /// <summary>Energy owed to a customer, given with the next purchase.</summary>
    Refund = 9,

    /// <summary>A vendor's float raised without money from the bank.</summary>
    CreditNote = 10,

    /// <summary>Money in suspense given to a vendor.</summary>
    BankLine = 11,

    /// <summary>More that may be signed with a key.</summary>
    KeyLimit = 12,

    /// <summary>A stopped key started again.</summary>
    KeyResume = 13,

    /// <summary>What a payment service settled otherwise than it was sold, taken out of suspense.</summary>
    Settlement = 14,

    /// <summary>What a purchase cost, back to who paid.</summary>
    MoneyBack = 15,

    /// <summary>What became of a request to a maker's service of which nobody knows: its token, or that there is none.</summary>
    MakerAnswer = 16,
}

/// <summary>Where a request stands. Numbers are stored.</summary>
public enum ApprovalState
{
    Open = 1,

    /// <summary>Two people answer for it; it may be used once.</summary>
    Given = 2,

    Used = 3,
    Refused = 4,
    Expired = 5,
}

/// <summary>The kinds by their words, as commands, addresses and account names spell them.</summary>
public static class ApprovalKinds
{
    private static readonly KindWords<ApprovalKind> Words = new(
        (ApprovalKind.FreeIssue, "free-issue"), (ApprovalKind.CreditTransfer, "credit-transfer"), (ApprovalKind.ClearTamper, "clear-tamper"),
        (ApprovalKind.ClearCredit, "clear-credit"), (ApprovalKind.PowerLimit, "power-limit"), (ApprovalKind.PhaseUnbalance, "phase-unbalance"),
        (ApprovalKind.MeterTest, "meter-test"), (ApprovalKind.Budget, "budget"),
        (ApprovalKind.Refund, "refund"), (ApprovalKind.CreditNote, "credit-note"), (ApprovalKind.BankLine, "bank-line"),
        (ApprovalKind.KeyLimit, "key-limit"), (ApprovalKind.KeyResume, "key-resume"), (ApprovalKind.Settlement, "settlement"),
        (ApprovalKind.MoneyBack, "money-back"), (ApprovalKind.MakerAnswer, "maker-answer"));

    public static string WordOf(ApprovalKind kind) => Words.WordOf(kind);

    public static bool TryParse(string? word, out ApprovalKind kind) => Words.TryParse(word, out kind);

    /// <summary>Whether it ends in a token for one meter.</summary>
    public static bool IsForMeter(ApprovalKind kind) => kind is not (ApprovalKind.MeterTest or ApprovalKind.Budget) && !IsAct(kind);

    /// <summary>Whether it is done with the second person's word, and no token comes of it. A budget is raised that way too, by its own desk.</summary>
    public static bool IsAct(ApprovalKind kind) =>
        kind is ApprovalKind.Refund or ApprovalKind.CreditNote or ApprovalKind.BankLine or ApprovalKind.KeyLimit or ApprovalKind.KeyResume
            or ApprovalKind.Settlement or ApprovalKind.MoneyBack or ApprovalKind.MakerAnswer;
}
