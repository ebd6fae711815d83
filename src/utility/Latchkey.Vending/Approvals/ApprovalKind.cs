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
    private static readonly (ApprovalKind Kind, string Word)[] Words =
    [
        (ApprovalKind.FreeIssue, "free-issue"), (ApprovalKind.CreditTransfer, "credit-transfer"), (ApprovalKind.ClearTamper, "clear-tamper"),
        (ApprovalKind.ClearCredit, "clear-credit"), (ApprovalKind.PowerLimit, "power-limit"), (ApprovalKind.PhaseUnbalance, "phase-unbalance"),
        (ApprovalKind.MeterTest, "meter-test"), (ApprovalKind.Budget, "budget"),
    ];

    public static string WordOf(ApprovalKind kind) => Words.First(w => w.Kind == kind).Word;

    public static bool TryParse(string? word, out ApprovalKind kind)
    {
        (kind, string? found) = Words.FirstOrDefault(w => w.Word == word);
        return found is not null;
    }

    /// <summary>Whether it ends in a token for one meter.</summary>
    public static bool IsForMeter(ApprovalKind kind) => kind is not (ApprovalKind.MeterTest or ApprovalKind.Budget);
}
