using Latchkey.Quantities;

namespace Latchkey.Ledger.Tests;

/// <summary>Small books for the tests: a bank, a shop's float, revenue, and energy beside them.</summary>
internal static class Books
{
    public static readonly LedgerUnit Cny = LedgerUnit.Of(Currency.Cny);
    public static readonly LedgerUnit Kwh = LedgerUnit.TenthsOfKilowattHour;
    public static readonly AccountId Bank = AccountId.Require("bank");
    public static readonly AccountId Float = AccountId.Require("float:shop-7");
    public static readonly AccountId Revenue = AccountId.Require("revenue:energy");
    public static readonly AccountId Sold = AccountId.Require("units:sold");
    public static readonly AccountId Issued = AccountId.Require("units:issued");
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly LedgerAccount[] Accounts =
    [
        new(Bank, Cny, AccountClass.Asset),
        new(Float, Cny, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits),
        new(Revenue, Cny, AccountClass.Income),
        new(Sold, Kwh, AccountClass.Memorandum),
        new(Issued, Kwh, AccountClass.Memorandum, AccountLimit.CreditsMustNotExceedDebits),
    ];

    public static LedgerBook Open(long floatMinorUnits = 0)
    {
        var book = new LedgerBook();
        foreach (LedgerAccount account in Accounts) book.Open(account);
        if (floatMinorUnits > 0) Assert.Equal(PostResult.Posted, book.Post(Deposit(1, floatMinorUnits)));
        return book;
    }

    public static Guid Id(int n) => new(n, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    public static JournalEntry Deposit(int id, long amount) =>
        JournalEntry.Post(Id(id), Noon, "deposit", Posting.Debit(Bank, Cny, amount), Posting.Credit(Float, Cny, amount));

    public static JournalEntry Sale(int id, long amount) =>
        JournalEntry.Post(Id(id), Noon, "sale", Posting.Debit(Float, Cny, amount), Posting.Credit(Revenue, Cny, amount));

    public static JournalEntry HeldSale(int id, long amount, DateTimeOffset? expiresAt = null) =>
        JournalEntry.Hold(Id(id), Noon, "sale", expiresAt, Posting.Debit(Float, Cny, amount), Posting.Credit(Revenue, Cny, amount));
}
