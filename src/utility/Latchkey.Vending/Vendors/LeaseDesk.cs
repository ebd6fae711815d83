using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>Hands parts of a vendor's float to terminals and takes them back, at the end of the day or of their time.</summary>
public sealed class LeaseDesk(ILeaseStore store, IVendorStore vendors, TimeProvider time)
{
    internal const string Memo = "lease ";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary>Hands over an amount. The same id is the same lease; a terminal has one at a time.</summary>
    public Task<VendorOutcome<FloatLease>> GrantAsync(
        Guid id, string code, string holder, Money amount, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (id == Guid.Empty || holder.Length is 0 or > FloatLease.MaxHolderLength || holder.Any(char.IsControl) || lifetime <= TimeSpan.Zero || lifetime > Longest)
            return Task.FromResult(Refused(VendorCodes.Invalid, $"a lease has an id, a holder of 1 to {FloatLease.MaxHolderLength} characters and at most {Longest.TotalDays:0} days"));
        return store.UpdateAsync(books => Grant(books, id, code, holder, amount, now, now + lifetime), cancellationToken);
    }

    /// <summary>Ends a lease and takes back what is left. What is held at this moment comes back with the next sweep, or is sold.</summary>
    public Task<VendorOutcome<FloatLease>> ReturnAsync(string code, int slot, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(
            books => books.Of(code).FirstOrDefault(l => l.Slot == slot) is { } lease
                ? new VendorOutcome<FloatLease>.Done(TakeBack(books, lease, now))
                : Refused(VendorCodes.Unknown, $"vendor '{code}' has no lease {slot}"),
            cancellationToken);
    }

    /// <summary>Takes back what leases hold whose time is over, or that were returned while something was held. How many had something left.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        int swept = 0;
        foreach (string code in vendors.List().Select(v => v.Code))
        {
            if (!store.Read(books => books.Of(code).Any(l => IsDue(books, l, now)))) continue;
            swept += await store.UpdateAsync(
                books =>
                {
                    FloatLease[] due = [.. books.Of(code).Where(l => IsDue(books, l, now))];
                    foreach (FloatLease lease in due) TakeBack(books, lease, now);
                    return due.Length;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return swept;
    }

    /// <summary>The newest lease of every slot, with what it has left.</summary>
    public IReadOnlyList<(FloatLease Lease, Int128 Left)> List(string code) =>
        store.Read(books => books.Of(code).Select(l => (l, Left(books, l))).ToArray());

    private static VendorOutcome<FloatLease> Grant(
        ILeaseBooks books, Guid id, string code, string holder, Money amount, DateTimeOffset now, DateTimeOffset expiresAt)
    {
        if (books.FindVendor(code) is not { IsBlocked: false } vendor) return Refused(VendorCodes.Unknown, $"there is no vendor '{code}', or it is blocked");
        if (amount.Currency != vendor.Currency || amount.MinorUnits <= 0) return Refused(VendorCodes.Invalid, $"a lease is an amount above 0 in {vendor.Currency}");
        if (books.Find(id) is { } there)
        {
            return (there.Vendor, there.Holder, there.MinorUnits) == (code, holder, amount.MinorUnits)
                ? new VendorOutcome<FloatLease>.Done(there)
                : Refused(VendingCodes.OrderIdReused, "this id belongs to another lease");
        }

        IReadOnlyList<FloatLease> slots = books.Of(code);
        FloatLease? earlier = slots.FirstOrDefault(l => l.Holder == holder);
        if (earlier is { ReturnedAt: null }) return Refused(VendorCodes.LeaseOpen, $"'{holder}' has lease {earlier.Slot}; return it first");
        int slot = earlier?.Slot ?? slots.Count + 1;
        if (slot > FloatLease.MostSlots) return Refused(VendorCodes.Invalid, $"a vendor has at most {FloatLease.MostSlots} terminals with leases");

        var lease = new FloatLease(code, slot, id, holder, amount.MinorUnits, now, expiresAt);
        LedgerUnit unit = LedgerUnit.Of(vendor.Currency);
        books.Open(new LedgerAccount(lease.Account, unit, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits));
        PostResult result = books.Post(JournalEntry.Post(
            DerivedId.Of(id, "lease"), now, $"{Memo}{slot} to {holder}", Posting.Debit(vendor.Float, unit, lease.MinorUnits), Posting.Credit(lease.Account, unit, lease.MinorUnits)));
        if (result == PostResult.InsufficientFunds) return Refused(VendingCodes.InsufficientFunds, "the float has not so much left to hand over");
        if (result != PostResult.Posted) throw new InvalidOperationException($"The books refuse lease {id}: {result}.");
        books.Save(lease);
        return new VendorOutcome<FloatLease>.Done(lease);
    }

    private static FloatLease TakeBack(ILeaseBooks books, FloatLease lease, DateTimeOffset now)
    {
        FloatLease returned = lease with { ReturnedAt = lease.ReturnedAt ?? now };
        if (Left(books, lease) is var left && left > 0)
        {
            Vendor vendor = books.FindVendor(lease.Vendor)!;
            LedgerUnit unit = LedgerUnit.Of(vendor.Currency);
            string step = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"back {books.Movements(lease.Account)}");
            PostResult result = books.Post(JournalEntry.Post(
                DerivedId.Of(lease.Id, step), now, $"{Memo}{lease.Slot} back from {lease.Holder}",
                Posting.Debit(lease.Account, unit, (long)left), Posting.Credit(vendor.Float, unit, (long)left)));
            if (result != PostResult.Posted) throw new InvalidOperationException($"The books refuse the return of lease {lease.Id}: {result}.");
        }

        books.Save(returned);
        return returned;
    }

    private static bool IsDue(ILeaseBooks books, FloatLease lease, DateTimeOffset now) =>
        lease.ReturnedAt is null ? now >= lease.ExpiresAt : Left(books, lease) > 0;

    private static Int128 Left(ILeaseBooks books, FloatLease lease) => books.FindAccount(lease.Account)?.Available ?? 0;

    private static VendorOutcome<FloatLease> Refused(string code, string detail) => new VendorOutcome<FloatLease>.Refused(code, detail);
}
