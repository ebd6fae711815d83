using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Takes debts in and pauses them. Purchases recover them; nothing else takes money from a customer.</summary>
public sealed class DebtDesk(IVendingStore store, TimeProvider time)
{
    /// <summary>What the money is owed for, seen from the other side: arrears taken over from the billing system.</summary>
    private static readonly AccountId Source = AccountId.Require("arrears:taken-over");

    /// <summary>Takes a debt over. The same <paramref name="id"/> again does nothing. Null when done, otherwise the code of what is wrong.</summary>
    public Task<string?> RaiseAsync(Guid id, DebtRecord debt, Money amount, CancellationToken cancellationToken)
    {
        if (debt.Fault() is not null || amount.MinorUnits <= 0) return Task.FromResult<string?>(VendingCodes.DebtMalformed);
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(
            books =>
            {
                if (books.FindMeter(debt.Pan) is null) return VendingCodes.UnknownMeter;
                LedgerUnit money = LedgerUnit.Of(amount.Currency);
                books.Open(new LedgerAccount(debt.Account, money, AccountClass.Asset, AccountLimit.CreditsMustNotExceedDebits));
                books.Open(new LedgerAccount(Source, money, AccountClass.Liability));
                PostResult posted = books.Post(JournalEntry.Post(
                    DerivedId.Of(id, "debt"), now, "debt " + id.ToString("D"),
                    Posting.Debit(debt.Account, money, amount.MinorUnits), Posting.Credit(Source, money, amount.MinorUnits)));
                if (posted == PostResult.AlreadyPosted) return null;
                if (posted != PostResult.Posted) return VendingCodes.BooksRefused;
                books.Save(debt);
                return null;
            },
            cancellationToken);
    }

    /// <summary>Stops or resumes taking. False where there is no such debt.</summary>
    public Task<bool> PauseAsync(MeterPan pan, string id, bool paused, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (books.Debts(pan).FirstOrDefault(d => d.Record.Id == id) is not { } debt) return false;
            books.Save(debt.Record with { IsPaused = paused });
            return true;
        },
        cancellationToken);

    public IReadOnlyList<OwedDebt> Of(MeterPan pan) => store.Read(books => books.Debts(pan));
}
