using System.Security.Cryptography;
using System.Text;
using Latchkey.Ledger;

namespace Latchkey.Vending.Vendors;

/// <summary>The accounts of vendors' money, and posting to them so that sending twice is posting once.</summary>
internal static class VendorEntries
{
    /// <summary>An account has one unit, so each currency has its own.</summary>
    public static LedgerAccount Bank(LedgerUnit unit) => new(Named("bank:", unit), unit, AccountClass.Asset);

    public static LedgerAccount Suspense(LedgerUnit unit) => new(Named("suspense:bank-", unit), unit, AccountClass.Liability);

    public static LedgerAccount CreditNotes(LedgerUnit unit) => new(Named("expense:credit-notes-", unit), unit, AccountClass.Expense);

    public static LedgerAccount Commission(LedgerUnit unit) => new(Named("expense:commission-", unit), unit, AccountClass.Expense);

    public static LedgerAccount CommissionAccountOf(Vendor vendor) =>
        new(vendor.CommissionAccount, LedgerUnit.Of(vendor.Currency), AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits);

    /// <summary>An id made from what the entry is for: the same thing always has the same.</summary>
    public static Guid IdOf(string purpose, string what) => DerivedId.Of(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(what)).AsSpan(0, 16), bigEndian: true), purpose);

    private static AccountId Named(string prefix, LedgerUnit unit) => AccountId.Require(prefix + unit.ToString().ToLowerInvariant());

    /// <returns>Posted, also when it was there already; or one of the two refusals that a caller can answer for.</returns>
    public static async Task<PostResult> PostAsync(ILedgerStore ledger, JournalEntry entry, IReadOnlyList<LedgerAccount> accounts, CancellationToken cancellationToken)
    {
        foreach (LedgerAccount account in accounts) await ledger.OpenAccountAsync(account, cancellationToken).ConfigureAwait(false);
        PostResult result = await ledger.PostAsync(entry, cancellationToken).ConfigureAwait(false);

        // A late fact of a period that is closed, or closes this moment, belongs to the open one.
        if (result == PostResult.PeriodClosed)
            result = await ledger.PostAsync(entry.InOpenPeriod(ledger.ClosedThrough), cancellationToken).ConfigureAwait(false);
        return result switch
        {
            PostResult.Posted or PostResult.AlreadyPosted => PostResult.Posted,
            (PostResult.InsufficientFunds or PostResult.IdReusedWithOtherContent) and var known => known,
            var refused => throw new InvalidOperationException($"The books refuse {entry.Memo}: {refused}."),
        };
    }
}
