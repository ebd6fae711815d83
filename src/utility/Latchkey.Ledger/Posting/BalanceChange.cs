using System.Runtime.InteropServices;

namespace Latchkey.Ledger;

/// <summary>What an entry adds to the four totals of one account; pending parts may be negative.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BalanceChange(Int128 DebitsPosted, Int128 CreditsPosted, Int128 DebitsPending, Int128 CreditsPending)
{
    /// <summary>Both, one after the other.</summary>
    public BalanceChange And(BalanceChange other) => new(
        DebitsPosted + other.DebitsPosted, CreditsPosted + other.CreditsPosted, DebitsPending + other.DebitsPending, CreditsPending + other.CreditsPending);

    public BalanceChange Posted(long amount) => amount > 0
        ? this with { DebitsPosted = DebitsPosted + amount }
        : this with { CreditsPosted = CreditsPosted - amount };

    public BalanceChange Pending(Int128 amount, int sign) => amount > 0
        ? this with { DebitsPending = DebitsPending + (sign * amount) }
        : this with { CreditsPending = CreditsPending - (sign * amount) };

    /// <summary>The totals afterwards, or null where one would not fit 64 bits.</summary>
    public AccountBalance? ApplyTo(AccountBalance before)
    {
        Int128 debits = before.DebitsPosted + DebitsPosted, credits = before.CreditsPosted + CreditsPosted;
        Int128 pendingDebits = before.DebitsPending + DebitsPending, pendingCredits = before.CreditsPending + CreditsPending;
        return Fits(debits) && Fits(credits) && Fits(pendingDebits) && Fits(pendingCredits)
            ? new AccountBalance((long)debits, (long)credits, (long)pendingDebits, (long)pendingCredits)
            : null;
    }

    /// <summary>The change of every account that <paramref name="entry"/> touches.</summary>
    public static Dictionary<AccountId, BalanceChange> Of(JournalEntry entry, JournalEntry? referred)
    {
        var changes = new Dictionary<AccountId, BalanceChange>();
        if (entry.Kind == EntryKind.Hold)
        {
            foreach (Posting p in entry.Postings) AddPending(changes, p, sign: 1);
            return changes;
        }

        if (entry.Kind is EntryKind.Settle or EntryKind.Void or EntryKind.Expire && referred is not null)
        {
            foreach (Posting p in referred.Postings) AddPending(changes, p, sign: -1);
        }

        foreach (Posting p in entry.Postings)
        {
            ref BalanceChange change = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, p.Account, out _);
            change = change.Posted(p.Amount);
        }

        return changes;
    }

    private static void AddPending(Dictionary<AccountId, BalanceChange> changes, Posting posting, int sign)
    {
        ref BalanceChange change = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, posting.Account, out _);
        change = change.Pending(posting.Amount, sign);
    }

    private static bool Fits(Int128 total) => total >= 0 && total <= long.MaxValue;
}
