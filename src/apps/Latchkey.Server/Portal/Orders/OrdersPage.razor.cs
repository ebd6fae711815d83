using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Orders;

/// <summary>The order book, and the ledger that stands behind it.</summary>
public sealed partial class OrdersPage
{
    private const int MostOrders = 500;
    private IReadOnlyList<OrderLine>? _orders;
    private LedgerOverview? _ledger;

    [SupplyParameterFromQuery(Name = "find")] private string? Find { get; set; }

    private string? Text => string.IsNullOrWhiteSpace(Find) ? null : Find.Trim();

    [Inject] private IServiceProvider Rooms { get; set; } = null!;

    [Inject] private IOrderView Orders { get; set; } = null!;

    protected override TimeSpan RefreshEvery => TimeSpan.FromSeconds(5);

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<OrderLine> orders = Text is { } text
            ? Rooms.GetRequiredService<IOrderLife>().Search(text, MostOrders)
            : await Orders.ListAsync(null, MostOrders, cancellationToken);
        LedgerOverview ledger = await Orders.LedgerAsync(cancellationToken);
        if (_orders is not null && _ledger is not null && _orders.SequenceEqual(orders) && _ledger.ChainHead == ledger.ChainHead) return false;
        (_orders, _ledger) = (orders, ledger);
        return true;
    }
}
