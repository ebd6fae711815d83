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
        return new LedgerOverview(report.EntriesRead, report.Head.ToString(), report.IsIntact && balance.IsBalanced, [.. Lines(balance)]);
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

    internal OrderLine Line(VendOrder order) => new(
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

    // An account per meter is for statements; here the meters of one kind stand as one line.
    private static IEnumerable<AccountLine> Lines(TrialBalance balance) =>
        from account in balance.Accounts
        group account by (Name: FamilyOf(account.Id.ToString()), account.Unit) into family
        select new AccountLine(family.Key.Name, family.Count() > 1 ? family.Count() : null, TextOf(family.Key.Unit, checked((long)family.Aggregate(Int128.Zero, (sum, a) => sum + a.Balance.Net))));

    // Each approval is an account too, until it is used.
    private static string FamilyOf(string name) => name.StartsWith("approval:", StringComparison.Ordinal) ? "approval" :
        name.LastIndexOf(':') is > 0 and var colon && name.Length - colon - 1 == MeterPan.DigitCount && name.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..colon] : name;

    private static string TextOf(LedgerUnit unit, long net)
    {
        if (unit == LedgerUnit.TenthsOfKilowattHour) return Energy.FromTenthsOfKilowattHour(net).ToString();
        return Currency.TryParse(unit.ToString(), out Currency currency) ? new Money(net, currency).ToString() : $"{net} {unit}";
    }
}
