using System.Globalization;
using Latchkey.Vending;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Shop;

/// <summary>One sale: its tokens in the order of typing, its paper, and its copies.</summary>
public sealed partial class SalePage
{
    private ShopSaleDetail? _sale;
    private int? _copy;
    private string? _problem;

    [Parameter] public Guid SaleId { get; set; }

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await base.ReadAsync(cancellationToken);
        _sale = Shop.FindSale(Cashier, SaleId);
        return true;
    }

    private string PaperAddress(string format, int? copy) => string.Create(
        CultureInfo.InvariantCulture, $"/shop/sales/{SaleId}/receipt?format={format}&language={Language}{(copy is { } number ? "&copy=" + number.ToString(CultureInfo.InvariantCulture) : "")}");

    private string StateWord(string state) => Words[$"order.{state}"] is { ResourceNotFound: false } word ? word.Value : state;

    private async Task ReprintAsync()
    {
        Reprint? reprint = await Shop.ReprintAsync(Cashier, SaleId, Closed);
        (_copy, _problem) = (reprint?.Number, reprint is null ? Words["shop.no-reprint"].Value : null);
        await ReadAsync(Closed);
    }
}
