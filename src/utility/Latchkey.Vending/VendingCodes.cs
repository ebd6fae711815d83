namespace Latchkey.Vending;

/// <summary>The stable codes of refusals: clients, receipts and support rely on them, so a code is never renamed.</summary>
public static class VendingCodes
{
    public const string PanFormat = "pan-format";
    public const string PanCheckDigit = "pan-check-digit";
    public const string OrderIdMissing = "purchase-id-missing";
    public const string OrderIdReused = "purchase-id-reused";
    public const string UnknownMeter = "unknown-meter";
    public const string MeterBlocked = "meter-blocked";
    public const string UnknownChannel = "unknown-channel";
    public const string TextTooLong = "text-too-long";
    public const string PaymentReferenceMissing = "payment-reference-missing";
    public const string PaymentReferenceUsed = "payment-reference-used";
    public const string AmountZero = "amount-zero";
    public const string AmountTooLow = "amount-too-low";
    public const string AmountTooHigh = "amount-too-high";
    public const string CurrencyMismatch = "currency-mismatch";
    public const string NoTariff = "no-tariff";
    public const string InsufficientFunds = "insufficient-funds";
    public const string AccountClosed = "account-closed";
    public const string BooksRefused = "books-refused";
    public const string OutsideTokenTime = "outside-token-time";
    public const string TooManyTokens = "too-many-tokens";
    public const string KeyExpired = "key-expired";
    public const string KeyMissing = "key-missing";
    public const string KeyNotActive = "key-not-active";
    public const string KeyStopped = "key-stopped";
    public const string KeyChanged = "key-changed-meanwhile";
    public const string KeyDamaged = "key-record-damaged";
    public const string KeyAlgorithmMismatch = "key-algorithm-mismatch";
    public const string CreditLimit = "key-credit-limit";
    public const string EntryMissing = "ledger-entry-missing";
    public const string EntryMismatch = "ledger-entry-mismatch";
    public const string EntryVoided = "ledger-entry-voided";
    public const string SignedOtherwise = "signed-with-other-content";
    public const string OrderCancelled = "purchase-cancelled";
    public const string ApproversMissing = "two-approvers-needed";

    /// <summary>Nobody knows whether there is a token: the signer or its module did not answer. The order stays held and is finished later.</summary>
    public const string SignerUnavailable = "signer-unavailable";

    /// <summary>The maker's service cannot be reached, and was surely not asked. The order stays held and is tried again until its hold ends.</summary>
    public const string MakerUnavailable = "maker-unavailable";

    /// <summary>The maker's service was asked and nobody knows what it did. The order stays held until two people have asked the maker.</summary>
    public const string MakerAnswerUnknown = "maker-answer-unknown";
    public const string MakerTokenRepeated = "maker-token-repeated";
    public const string MakerStopped = "maker-stopped";
    public const string MakerRefused = "maker-refused";
    public const string MakerLoginRefused = "maker-login-refused";
    public const string MakerUnknownMeter = "maker-unknown-meter";
    public const string MakerNoToken = "maker-no-token";
    public const string MadeByMaker = "made-by-maker";

    /// <summary>The signer is a process of its own, and its keys are changed where it is.</summary>
    public const string SignerApart = "signer-apart";
    public const string ModuleRefused = "security-module-refused";
    public const string OtherCustody = "other-custody";
    public const string TokenKindNotOffered = "token-kind-not-offered";
    public const string TokenIssued = "token-already-issued";
    public const string TokenUsed = "token-used";
    public const string TooFewComponents = "too-few-components";
    public const string ComponentMalformed = "component-malformed";
    public const string CheckValueMismatch = "check-value-mismatch";
    public const string Busy = "busy";
    public const string UnknownOrder = "unknown-purchase";
    public const string ProofMismatch = "proof-mismatch";
    public const string MoneyIsBack = "money-is-back";
    public const string RefundUnderWay = "refund-under-way";
    public const string NoFreeUnitsDue = "no-free-units-due";
    public const string NoKeyChange = "no-key-change";
    public const string KeyChangeOpen = "key-change-open";
    public const string KeyChangeImpossible = "key-change-impossible";
    public const string KeyChangeOnRequest = "key-change-on-request";
    public const string KeyChangeOverTheAir = "key-change-over-the-air";
    public const string KeyChangeByVisit = "key-change-by-visit";
    public const string ProgrammeMalformed = "programme-malformed";
    public const string ProgrammeIdReused = "programme-id-reused";
    public const string UnknownProgramme = "unknown-programme";
    public const string ProgrammeEnded = "programme-ended";
    public const string ProgrammeNotRunning = "programme-not-running";
    public const string ProgrammeNotCounted = "programme-not-counted";
    public const string ProgrammeMoved = "programme-moved";
    public const string NotInProgramme = "not-in-programme";
    public const string NotReachable = "meter-not-reachable";
    public const string DebtMalformed = "debt-malformed";
    public const string TimeOfUseTariff = "time-of-use-tariff";
    public const string DemandUnknown = "demand-unknown";
    public const string TenderWrong = "tender-wrong";
    public const string ApprovalUnknown = "approval-unknown";
    public const string ApprovalSamePerson = "approval-same-person";
    public const string ApprovalRoleMissing = "approval-role-missing";
    public const string ApprovalDecided = "approval-decided";
    public const string ApprovalRefused = "approval-refused";
    public const string ApprovalExpired = "approval-expired";
    public const string ApprovalUsed = "approval-used";
    public const string ApprovalMismatch = "approval-mismatch";
    public const string ApprovalChanged = "approval-changed";
    public const string TooManyApprovals = "too-many-approvals";
    public const string RequestMalformed = "request-malformed";
    public const string NoRefunds = "no-refunds-here";
    public const string BudgetMissing = "budget-missing";
    public const string BudgetSpent = "budget-spent";
    public const string SettlementMalformed = "settlement-malformed";
    public const string SettlementChanged = "settlement-changed";
    public const string SettlementLineChanged = "settlement-line-changed";
    public const string TransferTooHigh = "transfer-exceeds-units";
    public const string UnknownToken = "unknown-token";
}
