using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Shop;

/// <summary>Which meter, how much, what it gives line by line, how it is paid; then the sale.</summary>
public sealed partial class SellPage
{
    private string? _number, _amountText, _handed, _meterProblem, _amountProblem, _saleProblem;
    private ShopMeter? _meter;
    private ShopQuote.Priced? _quote;
    private TenderKind _kind = TenderKind.Cash;
    private Guid _saleId;
    private bool _selling;

    [SupplyParameterFromQuery(Name = "meter")] private string? Asked { get; set; }

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private TenderEntry? Entry => _quote is { } quote && Now is { } now ? new TenderEntry(quote.Amount, _kind, _handed, now.Coin) : null;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        bool first = !IsRead;
        await base.ReadAsync(cancellationToken);
        if (first && Asked is { Length: > 0 })
        {
            _number = Asked;
            FindAsync();
        }

        return true;
    }

    private void FindAsync()
    {
        (_meter, _quote, _meterProblem, _amountProblem, _saleProblem, _amountText, _handed) = (null, null, null, null, null, null, null);
        switch (Shop.FindMeter(Cashier, _number ?? string.Empty))
        {
            case ShopLookup.Found found:
                _meter = found.Meter;
                break;
            case ShopLookup.Refused refused:
                _meterProblem = RefusalOf(refused.Code);
                break;
        }
    }

    private void AmountAsync(ChangeEventArgs change)
    {
        _amountText = change.Value as string;
        (_quote, _amountProblem, _saleProblem, _handed) = (null, null, null, null);
        if (string.IsNullOrWhiteSpace(_amountText) || _meter is null || Now is null) return;
        if (!AmountText.TryRead(_amountText, Now.Currency, out Money amount))
        {
            _amountProblem = Words["buy.not-an-amount"];
            return;
        }

        // Another amount is another sale; the same amount asked for twice stays one.
        if (Shop.Quote(Cashier, _meter.Pan, amount) is ShopQuote.Priced priced) (_quote, _saleId) = (priced, TopUpIds.Next());
        else _amountProblem = RefusalOf(((ShopQuote.Refused)Shop.Quote(Cashier, _meter.Pan, amount)).Code);
    }

    private async Task SellAsync()
    {
        if (_selling || _meter is null || Entry is not { Tender: { } tender } entry) return;
        (_selling, _saleProblem) = (true, null);
        switch (await Shop.SellAsync(Cashier, _saleId, _meter.Pan, entry.Amount, tender, CancellationToken.None))
        {
            case ShopSaleOutcome.Sold sold:
                Navigation.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"/shop/sales/{sold.SaleId}"));
                break;
            case ShopSaleOutcome.Pending:
                (_selling, _saleProblem) = (false, Words["shop.pending"]);
                break;
            case ShopSaleOutcome.Refused refused:
                (_selling, _saleProblem) = (false, RefusalOf(refused.Code));
                break;
        }
    }
}
