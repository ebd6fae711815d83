namespace Latchkey.Ledger;

/// <summary>Whether an entry may be posted, and what the accounts are afterwards. Pure and total: the stores lock, ask, and write whole or not at all.</summary>
public static class PostingRules
{
    /// <summary>The first rule of <see cref="PostResult"/> that the entry breaks, or <see cref="PostResult.Posted"/>.</summary>
    public static PostResult Check(JournalEntry entry, PostingContext books) => Evaluate(entry, books, out _);

    /// <summary>As <see cref="Check"/>; when the answer is Posted, <paramref name="changed"/> holds every touched account with its new totals.</summary>
    public static PostResult Evaluate(JournalEntry entry, PostingContext books, out IReadOnlyList<LedgerAccount> changed)
    {
        changed = [];
        if (books.Earlier is not null)
            return books.Earlier.HasSameContentAs(entry) ? PostResult.AlreadyPosted : PostResult.IdReusedWithOtherContent;
        if (!IsWellFormed(entry)) return PostResult.Malformed;
        if (!IsBalanced(entry)) return PostResult.Unbalanced;

        PostResult accounts = CheckAccounts(entry, books.Accounts);
        if (accounts != PostResult.Posted) return accounts;
        PostResult reference = CheckReference(entry, books);
        if (reference != PostResult.Posted) return reference;
        PostResult totals = CheckTotals(entry, books, out IReadOnlyList<LedgerAccount> after);
        if (totals != PostResult.Posted) return totals;
        PostResult period = CheckPeriod(entry, books);
        if (period == PostResult.Posted) changed = after;
        return period;
    }

    private static bool IsWellFormed(JournalEntry entry)
    {
        bool mayHaveLegs = entry.Kind is EntryKind.Close;
        bool hasLegs = entry.Kind is EntryKind.Post or EntryKind.Hold or EntryKind.Settle or EntryKind.Reversal;
        bool refers = entry.Kind is EntryKind.Settle or EntryKind.Void or EntryKind.Expire or EntryKind.Reversal;
        return Enum.IsDefined(entry.Kind)
            && entry.Id != Guid.Empty
            && entry.Memo.Length <= JournalEntry.MaxMemoLength
            && entry.Postings.Count <= JournalEntry.MostPostings(entry.Kind)
            && (mayHaveLegs || hasLegs == entry.Postings.Count > 0)
            && refers == entry.Refers is not null
            && (entry.ExpiresAt is null || entry.Kind == EntryKind.Hold)

            // The smallest long has no opposite.
            && entry.Postings.All(p => p.Amount is not 0 and not long.MinValue);
    }

    private static bool IsBalanced(JournalEntry entry)
    {
        IReadOnlyList<Posting> legs = entry.Postings;
        bool oneAccountOnly = true;
        for (int i = 0; i < legs.Count; i++)
        {
            oneAccountOnly &= legs[i].Account == legs[0].Account;
            if (!IsFirstOfItsUnit(legs, i)) continue;
            Int128 sum = 0;
            for (int j = i; j < legs.Count; j++)
            {
                if (legs[j].Unit == legs[i].Unit) sum += legs[j].Amount;
            }

            if (sum != 0) return false;
        }

        return legs.Count == 0 || !oneAccountOnly;
    }

    private static bool IsFirstOfItsUnit(IReadOnlyList<Posting> legs, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (legs[i].Unit == legs[index].Unit) return false;
        }

        return true;
    }

    private static PostResult CheckAccounts(JournalEntry entry, IReadOnlyDictionary<AccountId, LedgerAccount> accounts)
    {
        bool unitDiffers = false, isClosed = false;
        for (int i = 0; i < entry.Postings.Count; i++)
        {
            if (!accounts.TryGetValue(entry.Postings[i].Account, out LedgerAccount? account)) return PostResult.AccountNotFound;
            unitDiffers |= account.Unit != entry.Postings[i].Unit;
            isClosed |= account.IsClosed;
        }

        // What was held before the account closed may still be settled.
        bool isNewBusiness = entry.Kind is EntryKind.Post or EntryKind.Hold or EntryKind.Reversal;
        return unitDiffers ? PostResult.UnitMismatch : isNewBusiness && isClosed ? PostResult.AccountClosed : PostResult.Posted;
    }

    /// <summary>What is closed stays as it is; and a closing moves nothing but the result.</summary>
    private static PostResult CheckPeriod(JournalEntry entry, PostingContext books)
    {
        if (books.ClosedThrough is { } closed && AccountingPeriod.Covers(closed, entry.At)) return PostResult.PeriodClosed;
        return entry.Kind != EntryKind.Close
            || entry.Postings.All(p => books.Accounts[p.Account].Class is AccountClass.Income or AccountClass.Expense or AccountClass.Equity)
                ? PostResult.Posted
                : PostResult.NotAClosing;
    }

    private static PostResult CheckReference(JournalEntry entry, PostingContext books)
    {
        if (entry.Refers is null) return PostResult.Posted;
        if (books.Referred is not { } referred || !MayReferTo(entry.Kind, referred.Kind)) return PostResult.ReferenceNotFound;
        if (books.ReferredIsConcluded) return PostResult.AlreadyConcluded;
        return entry.Kind switch
        {
            EntryKind.Settle when !IsWithin(entry, referred) => PostResult.ReferenceMismatch,
            EntryKind.Reversal when !IsOpposite(entry, referred) => PostResult.ReferenceMismatch,
            EntryKind.Expire when referred.ExpiresAt is not { } end || entry.At < end => PostResult.NotYetExpired,
            _ => PostResult.Posted,
        };
    }

    private static bool MayReferTo(EntryKind kind, EntryKind referred) => kind == EntryKind.Reversal
        ? referred is EntryKind.Post or EntryKind.Settle
        : referred == EntryKind.Hold;

    /// <summary>On every account the settled amount lies between nothing and what was held, on the same side.</summary>
    private static bool IsWithin(JournalEntry settle, JournalEntry hold)
    {
        // Nearly every settlement takes all that was held.
        if (settle.Postings.SequenceEqual(hold.Postings)) return true;
        Dictionary<AccountId, Int128> held = Sums(hold);
        return Sums(settle).All(s => held.TryGetValue(s.Key, out Int128 limit)
            && Int128.Sign(s.Value) == Int128.Sign(limit)
            && Int128.Abs(s.Value) <= Int128.Abs(limit));
    }

    private static bool IsOpposite(JournalEntry reversal, JournalEntry entry) =>
        reversal.Postings.SequenceEqual(entry.Postings.Select(p => p.Opposite));

    private static Dictionary<AccountId, Int128> Sums(JournalEntry entry) => entry.Postings
        .GroupBy(p => p.Account, p => p.Amount)
        .ToDictionary(legs => legs.Key, legs => legs.Aggregate(Int128.Zero, (sum, leg) => sum + leg));

    private static PostResult CheckTotals(JournalEntry entry, PostingContext books, out IReadOnlyList<LedgerAccount> changed)
    {
        changed = [];
        var after = new List<LedgerAccount>();
        bool passesLimit = false;
        foreach ((AccountId id, BalanceChange change) in BalanceChange.Of(entry, books.Referred))
        {
            LedgerAccount account = books.Accounts[id];
            if (change.ApplyTo(account.Balance) is not { } balance) return PostResult.TotalTooLarge;

            // Giving back is always allowed, also on an account whose limit was lowered meanwhile.
            passesLimit |= account.PassesLimit(balance) && IsTaking(account.Limit, change);
            after.Add(account with { Balance = balance });
        }

        if (passesLimit) return PostResult.InsufficientFunds;
        changed = after;
        return PostResult.Posted;
    }

    private static bool IsTaking(AccountLimit limit, BalanceChange change)
    {
        Int128 debits = change.DebitsPosted + change.DebitsPending, credits = change.CreditsPosted + change.CreditsPending;
        return limit == AccountLimit.DebitsMustNotExceedCredits
            ? debits > change.CreditsPosted
            : credits > change.DebitsPosted;
    }
}
