using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Server.Languages;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>What is left, what an amount gives, and the way to pay it.</summary>
public sealed partial class BuyPage
{
    private const int EarlierTopUps = 10;
    private const InputMode Keyboard = InputMode.@decimal;
    private TopUpOffer? _offer;
    private IReadOnlyList<TopUpProgress> _earlier = [];
    private TopUpQuote.Priced? _quote;
    private Money? _amount;
    private string? _other, _problem;
    private bool _missing, _paying;

    [Inject] private ITopUps TopUps { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _offer = await TopUps.OfferAsync(TenantId, cancellationToken);
        _missing = _offer is null;
        _earlier = await TopUps.ListAsync(TenantId, EarlierTopUps, cancellationToken);
        return true;
    }

    private async Task ChooseAsync(Money amount)
    {
        _other = null;
        await PriceAsync(amount);
    }

    private async Task OtherAsync(string? text)
    {
        _other = text;
        (_quote, _amount, _problem) = (null, null, null);
        if (string.IsNullOrWhiteSpace(text) || _offer is null) return;
        if (AmountText.TryRead(text, _offer.Price.Currency, out Money amount)) await PriceAsync(amount);
        else _problem = Words["buy.not-an-amount"];
    }

    private async Task PriceAsync(Money amount)
    {
        _amount = amount;
        TopUpQuote quote = await TopUps.QuoteAsync(TenantId, amount, Closed);
        _quote = quote as TopUpQuote.Priced;
        _problem = quote is TopUpQuote.Refused refused ? RefusalOf(refused.Code) : null;
    }

    private async Task PayAsync()
    {
        if (_quote is null || _paying) return;
        _paying = true;
        Guid topUpId = TopUpIds.Next();
        switch (await TopUps.StartAsync(TenantId, topUpId, _quote.Amount, Closed))
        {
            case TopUpStart.Waiting:
                Navigation.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"/my/topups/{topUpId}"));
                break;
            case TopUpStart.Refused refused:
                (_problem, _paying) = (RefusalOf(refused.Code), false);
                break;
        }
    }

    private string RefusalOf(string code) => Words[$"refusal.{code}"] is { ResourceNotFound: false } word ? word.Value : Words["refusal.other", code];
}
