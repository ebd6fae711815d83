using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Vending;
using Latchkey.Vending.Makers;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Latchkey.Server.Portal.Orders;

/// <summary>One order from its first second to its last: times, entries, token, receipt; and the one way to take it back.</summary>
public sealed partial class OrderPage
{
    private OrderLife? _life;
    private bool _missing;
    private UnusedReason _reason = UnusedReason.RefusedAsOld;
    private string? _evidence, _why;
    private MoneyBackLine? _back;
    private int? _copy;

    [Parameter] public Guid OrderId { get; set; }

    [CascadingParameter] private Task<AuthenticationState> SignedIn { get; set; } = null!;

    [Inject] private IOrderLife Orders { get; set; } = null!;

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    private string State => Known($"order.{Rooms.CodeText.Of(_life!.Order.State)}") ?? _life.Order.State.ToString();

    private string TokenState => _life switch
    {
        { Order.State: OrderState.Credited } => Words["token-state.credited"],
        { Order.State: OrderState.Cancelled } => Words["token-state.taken-back"],
        { Order.HasToken: true, Delivery: { } delivery } => Known($"delivery.{delivery}") ?? delivery,
        { Order.HasToken: true } => Words["token-state.issued"],
        { Maker.State: MakerRequestState.Asked } or { Order: { State: OrderState.Held, Terms.Make: null } } => Words["token-state.unknown"],
        _ => Words["token-state.none"],
    };

    private IEnumerable<(string Step, DateTimeOffset? At)> Times
    {
        get
        {
            OrderTimes times = _life!.Order.Times;
            yield return ("received", times.Received);
            yield return ("held", times.Held);
            yield return ("posted", times.Posted);
            yield return ("delivered", times.Delivered);
            if (times.Ended is { } ended) yield return (Rooms.CodeText.Of(_life.Order.State), ended);
            else yield return ("credited", times.Credited);
        }
    }

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _life = Orders.Find(OrderId);
        _back = await Orders.MoneyBackAsync(OrderId, cancellationToken);
        _missing = _life is null;
        return true;
    }

    /// <summary>What has a token needs the meter's proof beside the reason.</summary>
    private bool IsIncomplete => string.IsNullOrWhiteSpace(_why) || (_life!.Order.HasToken && string.IsNullOrWhiteSpace(_evidence));

    private static string AmountOf(Posting posting) => posting.Unit == LedgerUnit.TenthsOfKilowattHour
        ? Energy.FromTenthsOfKilowattHour(posting.Amount).ToString()
        : Currency.TryParse(posting.Unit.ToString(), out Currency currency) ? new Money(posting.Amount, currency).ToString() : $"{posting.Amount} {posting.Unit}";

    private async Task ReprintAsync()
    {
        string person = (await SignedIn).User.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in.");
        _copy = (await Orders.ReprintAsync(OrderId, person, Closed))?.Number;
        if (_copy is null) Notes.Add(Words["shop.no-reprint"], MudBlazor.Severity.Error);
        await ReadAsync(Closed);
    }

    private async Task ReverseAsync()
    {
        string person = (await SignedIn).User.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in.");
        await TellAsync(await Orders.ReverseAsync(OrderId, person, Closed), "order.is-reversed");
    }

    private async Task GiveBackAsync()
    {
        VendOrder order = _life!.Order;
        if (await TwoPeopleAsync(Words["order.back"], Words[$"order.back.question.{_back!.To}", order.Command.Amount]) is not { } people) return;
        string? refusal = order.HasToken
            ? await Orders.GiveBackAsync(OrderId, _reason, _evidence ?? string.Empty, _why!.Trim(), people.First, people.Second, Closed)
            : await Orders.GiveBackAsync(OrderId, null, string.Empty, _why!.Trim(), people.First, people.Second, Closed);
        await TellAsync(refusal, "order.is-back");
    }
}
