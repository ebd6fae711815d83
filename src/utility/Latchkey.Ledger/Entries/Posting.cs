namespace Latchkey.Ledger;

/// <summary>One leg of an entry.</summary>
/// <param name="Amount">In the unit's smallest step: above zero a debit, below zero a credit, never zero.</param>
public readonly record struct Posting(AccountId Account, LedgerUnit Unit, long Amount)
{
    public static Posting Debit(AccountId account, LedgerUnit unit, long amount) => new(account, unit, RequirePositive(amount));

    public static Posting Credit(AccountId account, LedgerUnit unit, long amount) => new(account, unit, -RequirePositive(amount));

    public Posting Opposite => this with { Amount = -Amount };

    private static long RequirePositive(long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        return amount;
    }
}
