using System.Runtime.InteropServices;

namespace Latchkey.Ledger;

/// <summary>What kind of thing an account is, which decides where it stands in the statements. Numbers are stored.</summary>
public enum AccountClass
{
    Asset = 1,
    Liability = 2,
    Equity = 3,
    Income = 4,
    Expense = 5,

    /// <summary>Outside the statements: quantities such as energy in the unit ledgers.</summary>
    Memorandum = 6,
}

/// <summary>Which side may not outgrow the other. Numbers are stored.</summary>
public enum AccountLimit
{
    None = 0,

    /// <summary>A float, a wallet: what is taken, holds included, stays within what was put in.</summary>
    DebitsMustNotExceedCredits = 1,

    /// <summary>A stock: what goes out, holds included, stays within what came in.</summary>
    CreditsMustNotExceedDebits = 2,
}

/// <summary>The running totals of an account. They only ever grow, but for the pending ones, which a hold's end takes back.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AccountBalance(long DebitsPosted, long CreditsPosted, long DebitsPending, long CreditsPending)
{
    /// <summary>Debits less credits, posted.</summary>
    public Int128 Net => (Int128)DebitsPosted - CreditsPosted;
}

/// <summary>An account with its totals. <paramref name="Allowance"/> is how far beyond the limit it may go, in the account's unit.</summary>
public sealed record LedgerAccount(
    AccountId Id,
    LedgerUnit Unit,
    AccountClass Class,
    AccountLimit Limit = AccountLimit.None,
    long Allowance = 0,
    bool IsClosed = false,
    AccountBalance Balance = default)
{
    /// <summary>True where the totals of <paramref name="after"/> are beyond what the account may reach.</summary>
    public bool PassesLimit(AccountBalance after) => Limit switch
    {
        AccountLimit.DebitsMustNotExceedCredits =>
            (Int128)after.DebitsPosted + after.DebitsPending > (Int128)after.CreditsPosted + Allowance,
        AccountLimit.CreditsMustNotExceedDebits =>
            (Int128)after.CreditsPosted + after.CreditsPending > (Int128)after.DebitsPosted + Allowance,
        _ => false,
    };

    /// <summary>What may still be taken before the limit, or null where there is none.</summary>
    public Int128? Available => Limit switch
    {
        AccountLimit.DebitsMustNotExceedCredits => (Int128)Balance.CreditsPosted + Allowance - Balance.DebitsPosted - Balance.DebitsPending,
        AccountLimit.CreditsMustNotExceedDebits => (Int128)Balance.DebitsPosted + Allowance - Balance.CreditsPosted - Balance.CreditsPending,
        _ => null,
    };

    /// <summary>True where both describe the same account, totals aside.</summary>
    public bool HasSameTermsAs(LedgerAccount other) => this with { Balance = default } == other with { Balance = default };
}
