using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>The entries of an approval's life. An approval is one piece in the books: it moves from open to given to used, and cannot be spent twice.</summary>
internal static class ApprovalEntries
{
    public const string Asked = "asked", Supported = "supported", Given = "given", Refused = "refused", Expired = "expired";
    private const string Prefix = "approval";
    private static readonly AccountId AskedTotal = AccountId.Require("approvals:asked");
    private static readonly AccountId OpenPieces = AccountId.Require("approvals:open");
    private static readonly AccountId UsedTotal = AccountId.Require("approvals:used");
    private static readonly AccountId RefusedTotal = AccountId.Require("approvals:refused");
    private static readonly AccountId ExpiredTotal = AccountId.Require("approvals:expired");
    private static readonly AccountId Supports = AccountId.Require("approvals:supports");
    private static readonly AccountId SupportedTotal = AccountId.Require("approvals:supported");

    public static bool IsApproval(AccountId account) => account.ToString().StartsWith(Prefix, StringComparison.Ordinal);

    public static Guid IdOf(Guid approval, string step) => DerivedId.Of(approval, "approval " + step);

    public static string MemoOf(ApprovalRequest request, string step, string by) => $"{Prefix} {request.Id:N} {step} {request.ContentHash()} {by}";

    /// <summary>The request that an entry's memo is of; null where it is none of an approval's.</summary>
    public static Guid? RequestOf(JournalEntry entry) =>
        entry.Memo.Split(' ') is [Prefix, { Length: 32 } id, ..] && Guid.TryParseExact(id, "N", out Guid found) ? found : null;

    public static JournalEntry Of(Approval approval, string step, ApprovalPerson? by, DateTimeOffset at)
    {
        (AccountId to, AccountId from) = step switch
        {
            Asked => (OpenPieces, AskedTotal),
            Supported => (Supports, SupportedTotal),
            Given => (approval.Account, OpenPieces),
            Refused => (RefusedTotal, SourceOf(approval)),
            Expired => (ExpiredTotal, SourceOf(approval)),
            _ => throw new System.Diagnostics.UnreachableException(step),
        };
        return JournalEntry.Post(
            IdOf(approval.Id, step), at, MemoOf(approval.Request, step, by?.ToString() ?? "-"),
            Posting.Debit(to, LedgerUnit.Token, 1), Posting.Credit(from, LedgerUnit.Token, 1));
    }

    /// <summary>The legs by which an entry uses the approval up.</summary>
    public static Posting[] UseLegs(Guid id, ApprovalEffect effect) =>
        [Posting.Debit(UsedTotal, LedgerUnit.Token, 1), Posting.Credit(effect.AccountOf(id), LedgerUnit.Token, 1)];

    /// <summary>True where an entry uses up the approval of exactly this.</summary>
    public static bool Uses(JournalEntry entry, Guid id, ApprovalEffect effect) => entry.Postings.Contains(UseLegs(id, effect)[1]);

    /// <summary>The request whose approval an entry uses up; null where it uses none.</summary>
    public static Guid? UsedIn(JournalEntry entry) => entry.Postings
        .Where(p => p.Amount == -1).Select(p => p.Account.ToString().Split(':'))
        .Select(name => name is [Prefix, var id, _] && Guid.TryParseExact(id, "N", out Guid found) ? found : (Guid?)null).FirstOrDefault(id => id is not null);

    /// <summary>True where an entry uses up an approval of exactly this, whatever its id.</summary>
    public static bool UsesAny(JournalEntry entry, ApprovalEffect effect) => entry.Postings.Any(p =>
        p.Amount == -1 && p.Account.ToString() is var name && name.StartsWith("approval:", StringComparison.Ordinal) && name.EndsWith(":" + effect.Fingerprint, StringComparison.Ordinal));

    public static IEnumerable<LedgerAccount> Accounts(JournalEntry entry) =>
        entry.Postings.Where(p => IsApproval(p.Account)).Select(p => new LedgerAccount(p.Account, p.Unit, AccountClass.Memorandum, LimitOf(p.Account)));

    /// <summary>An open request is decided once; an approval is used once.</summary>
    private static AccountLimit LimitOf(AccountId account) =>
        account == OpenPieces || account.ToString().StartsWith("approval:", StringComparison.Ordinal) ? AccountLimit.CreditsMustNotExceedDebits : AccountLimit.None;

    private static AccountId SourceOf(Approval approval) => approval.State == ApprovalState.Given ? approval.Account : OpenPieces;
}
