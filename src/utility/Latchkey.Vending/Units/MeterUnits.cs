using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Units;

/// <summary>How one token of a meter stands in the unit ledgers.</summary>
public enum UnitState
{
    /// <summary>Issued; the meter has not answered for it yet.</summary>
    Waiting = 1,

    /// <summary>The meter's own answer says so.</summary>
    Accepted = 2,

    /// <summary>Never answered for, and made under a key that the meter has no more: it cannot be taken now.</summary>
    Expired = 3,

    /// <summary>Taken back on the meter's own proof; its money went back.</summary>
    TakenBack = 4,
}

/// <summary>One token in the statement of a meter.</summary>
/// <param name="Tenths">0.1 kWh.</param>
public sealed record MeterUnitLine(Guid OrderId, DateTimeOffset At, uint TidMinutes, long Tenths, UnitState State, DateTimeOffset? AcceptedAt);

/// <summary>A meter's energy by the books: issued, accepted, expired, and what the meter itself reports of its consumption.</summary>
/// <param name="Lines">The newest first.</param>
/// <param name="Report">What the meter reported last; null where it never did.</param>
public sealed record MeterUnits(MeterPan Pan, long IssuedTenths, long AcceptedTenths, IReadOnlyList<MeterUnitLine> Lines, MeterTotals? Report)
{
    public const int MostLines = 10_000;

    public long WaitingTenths => Sum(UnitState.Waiting);

    public long ExpiredTenths => Sum(UnitState.Expired);

    public long TakenBackTenths => Sum(UnitState.TakenBack);

    /// <summary>Null where there is no such meter.</summary>
    public static MeterUnits? Of(MeterPan pan, ILedgerStore ledger, IVendingStore orders, IReconciliationStore papers)
    {
        if (orders.Read(books => books.FindMeter(pan)) is not { } meter) return null;
        MeterUnitLine[] lines = [.. orders.OrdersOf(pan, MostLines).Where(o => o.HasToken || o.State == OrderState.Cancelled).Select(o => Line(o, meter))];
        long waiting = Net(ledger, SaleEntries.UnitsIssued(pan)), accepted = Net(ledger, SaleEntries.UnitsAccepted(pan));
        return new MeterUnits(pan, waiting + accepted, accepted, lines, papers.FindMeter(pan));
    }

    private static MeterUnitLine Line(VendOrder order, MeterRecord meter) => new(
        order.Id, order.Times.Posted ?? order.Times.Received, order.Tid?.Minutes ?? 0, order.Terms!.TenthsGranted, StateOf(order, meter), order.Times.Credited);

    private static UnitState StateOf(VendOrder order, MeterRecord meter) => order.State switch
    {
        OrderState.Credited => UnitState.Accepted,
        OrderState.Cancelled => UnitState.TakenBack,
        _ => order.Terms!.Key == meter.Key ? UnitState.Waiting : UnitState.Expired,
    };

    private long Sum(UnitState state) => Lines.Where(l => l.State == state).Sum(l => l.Tenths);

    private static long Net(ILedgerStore ledger, AccountId account) => (long)(ledger.FindAccount(account)?.Balance.Net ?? 0);
}
