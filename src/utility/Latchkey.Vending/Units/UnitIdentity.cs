using Latchkey.Ledger;
using Latchkey.Vending.Apart;

namespace Latchkey.Vending.Units;

/// <summary>Energy against tokens: the same 0.1 kWh counted four times by different hands. In good books every difference is nothing.</summary>
/// <param name="Sold">The ledger: what was sold, less what was taken back.</param>
/// <param name="Waiting">The ledger: issued to meters that have not proved it yet.</param>
/// <param name="Accepted">The ledger: proved by meters.</param>
/// <param name="OnOrders">The orders with a token that stands.</param>
/// <param name="Signed">The signer's counters: every credit token it ever made.</param>
/// <param name="TakenBack">The orders whose token was made and taken back on the meter's own proof.</param>
/// <param name="OnTheWay">Signed, and not settled yet.</param>
public sealed record UnitIdentity(long Sold, long Waiting, long Accepted, long OnOrders, long Signed, long TakenBack, long OnTheWay)
{
    /// <summary>What was sold and is neither waiting nor accepted.</summary>
    public long SoldLessIssued => Sold - Waiting - Accepted;

    public long SoldLessOrders => Sold - OnOrders;

    /// <summary>Tokens that nothing explains.</summary>
    public long SignedLessExplained => Signed - OnOrders - TakenBack - OnTheWay;

    public bool Holds => (SoldLessIssued, SoldLessOrders, SignedLessExplained) == (0, 0, 0);

    /// <summary>Counts everything; null where the signer does not answer. While sales run, what is between two looks may show as a difference: ask again.</summary>
    /// <param name="signer">Here or in a process of its own.</param>
    public static async Task<UnitIdentity?> OfAsync(ILedgerStore ledger, IVendingStore orders, IOutsideSigner signer, CancellationToken cancellationToken)
    {
        if (await signer.KeysAsync(cancellationToken).ConfigureAwait(false) is not { } keys) return null;
        long onOrders = 0, takenBack = 0;
        var held = new Dictionary<Guid, long>();
        orders.ForEach(order =>
        {
            long tenths = order.Terms?.TenthsGranted ?? 0;
            if (order.HasToken) onOrders += tenths;
            else if (order.State == OrderState.Cancelled) takenBack += tenths;
            else if (order.State == OrderState.Held) held[order.Id] = tenths;
        });
        if (await signer.SignedAsync([.. held.Keys], cancellationToken).ConfigureAwait(false) is not { } signed) return null;
        IReadOnlyList<LedgerAccount> accounts = ledger.TrialBalance().Accounts;
        return new UnitIdentity(
            -Sum(accounts, SaleEntries.UnitsSold.ToString()), Sum(accounts, "units:issued:"), Sum(accounts, "units:accepted:"), onOrders,
            keys.Sum(k => k.Counters.Tenths), takenBack, signed.Sum(id => held[id]));
    }

    private static long Sum(IReadOnlyList<LedgerAccount> accounts, string prefix) =>
        accounts.Where(a => a.Unit == LedgerUnit.TenthsOfKilowattHour && a.Id.ToString().StartsWith(prefix, StringComparison.Ordinal)).Sum(a => (long)a.Balance.Net);
}
