using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Shop;

/// <summary>The shop's sales, to find one again by meter or receipt.</summary>
public sealed partial class SalesPage
{
    private const int MostSales = 100;
    private IReadOnlyList<ShopSale> _sales = [];

    [SupplyParameterFromQuery(Name = "find")] private string? Find { get; set; }

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await base.ReadAsync(cancellationToken);
        IReadOnlyList<ShopSale> sales = Shop.Sales(Cashier, Find, MostSales);
        bool changed = !_sales.SequenceEqual(sales);
        _sales = sales;
        return changed;
    }
}
