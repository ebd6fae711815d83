using Latchkey.Ledger;
using Latchkey.Parks.Store;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Orders;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>The order book and the ledger behind it.</summary>
internal sealed class OrderReader(IVendingStore store, ILedgerStore ledger, IParkStore parks, TimeProvider real) : IOrderView
{
    // Replaying the whole chain is what makes the word "unbroken" true; once a minute is often enough for a page.
    private static readonly TimeSpan AuditEvery = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private Task<AuditReport>? _audit;
    private long _auditedAt;

    public ValueTask<IReadOnlyList<OrderLine>> ListAsync(string? pan, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<VendOrder> orders = pan is null ? store.Newest(limit) : MeterPan.TryParse(pan, out MeterPan number) ? store.OrdersOf(number, limit) : [];
        return ValueTask.FromResult<IReadOnlyList<OrderLine>>([.. orders.Select(Line)]);
    }

    public async ValueTask<LedgerOverview> LedgerAsync(CancellationToken cancellationToken)
    {
        AuditReport report = await AuditAsync().WaitAsync(cancellationToken);
        TrialBalance balance = ledger.TrialBalance();
        return new LedgerOverview(report.EntriesRead, report.Head.ToString(), report.IsIntact && balance.IsBalanced, [.. balance.Accounts.Select(account => new AccountLine(account.Id.ToString(), TextOf(account)))]);
    }

    // Whoever asks while an audit runs waits for that one.
    private Task<AuditReport> AuditAsync()
    {
        lock (_gate)
        {
            if (_audit is { IsFaulted: false } audit && real.GetElapsedTime(_auditedAt) < AuditEvery) return audit;
            (_audit, _auditedAt) = (Task.Run(() => ledger.Audit(records => LedgerAudit.Verify(records))), real.GetTimestamp());
            return _audit;
        }
    }

    private OrderLine Line(VendOrder order) => new(
        order.Id,
        order.Times.Received,
        order.Command.Pan.ToString(),
        order.Terms?.Place ?? PlaceOf(order.Command.Pan),
        order.Command.Channel,
        order.Command.Amount,
        order.Terms is { } terms ? Energy.FromTenthsOfKilowattHour(terms.TenthsGranted) : null,
        CodeText.Of(order.State),
        order.HasToken ? order.Token?.ToGroupedString() : null,
        order.Times.Credited);

    private string? PlaceOf(MeterPan pan) => parks.FindRoomByMeter(pan) is { } room && parks.FindBuilding(room.BuildingId) is { } building ? $"{building.Name} {room.Number}" : null;

    private static string TextOf(LedgerAccount account)
    {
        long net = checked((long)account.Balance.Net);
        if (account.Unit == LedgerUnit.TenthsOfKilowattHour) return Energy.FromTenthsOfKilowattHour(net).ToString();
        return Currency.TryParse(account.Unit.ToString(), out Currency currency) ? new Money(net, currency).ToString() : $"{net} {account.Unit}";
    }
}
