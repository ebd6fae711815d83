using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Languages;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Approvals;

/// <summary>Asks for an approval of anything that takes two people. Who asks is who signed in; the same press twice is the same request.</summary>
public sealed partial class AskForm
{
    private const int TenthsPerKilowattHour = 10;
    private static readonly string[] Kinds =
        ["free-issue", "refund", "money-back", "credit-note", "bank-line", "maker-answer", "clear-tamper", "clear-credit", "power-limit", "phase-unbalance", "credit-transfer", "meter-test", "budget", "key-limit", "key-resume"];

    private static readonly string[] BudgetWords = [.. BudgetKinds.All.Select(BudgetKinds.WordOf)];
    private Guid _id = TopUpIds.Next();
    private string _kind = string.Empty;
    private string? _meter, _from, _reference, _vendor, _line, _key, _purchase, _evidence, _token, _amount, _reason, _problem, _done;
    private string _unused = string.Empty;
    private string _budget = BudgetWords[0], _period = BudgetName.Always;
    private WishChoices? _choices;
    private bool _busy;

    /// <summary>Called when a request was made, so that the list shows it at once.</summary>
    [Parameter, EditorRequired] public EventCallback Asked { get; set; }

    [CascadingParameter] private Task<AuthenticationState> Reader { get; set; } = null!;

    [Inject] private IApprovalView Approvals { get; set; } = null!;

    [Inject] private VendingOptions Vending { get; set; } = null!;

    [Inject] private TimeProvider Time { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    /// <summary>Which fields a kind has.</summary>
    private (bool Meter, bool From, bool Vendor, bool Line, bool Key, bool Budget, bool Amount) Needs => (
        _kind is "free-issue" or "refund" or "clear-tamper" or "clear-credit" or "power-limit" or "phase-unbalance" or "credit-transfer",
        _kind == "credit-transfer",
        _kind is "credit-note" or "bank-line",
        _kind == "bank-line",
        _kind is "key-limit" or "key-resume",
        _kind == "budget",
        _kind is "free-issue" or "refund" or "credit-note" or "power-limit" or "phase-unbalance" or "credit-transfer" or "budget" or "key-limit");

    /// <summary>A purchase's money or a maker's answer: named by the purchase's id.</summary>
    private bool NeedsPurchase => _kind is "money-back" or "maker-answer";

    private string Month => Vending.Day(Time.GetUtcNow()).ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private string? Place => Approvals.PlaceOf(_meter ?? string.Empty);

    /// <summary>What the amount counts: a currency, kWh, W or a number.</summary>
    private string Unit => _kind switch
    {
        "free-issue" or "credit-transfer" => "kWh",
        "power-limit" or "phase-unbalance" => "W",
        "credit-note" when _choices?.Vendors.FirstOrDefault(v => v.Code == _vendor).Currency is { } currency => currency,
        "budget" when _budget is "free-issue" or "credit-transfer" => "kWh",
        "budget" when _budget is not ("refunds" or "free-units") => string.Empty,
        _ => HomeCurrency,
    };

    private string UnitWord => Unit.Length > 0 ? Unit : Words["ask.count"].Value;

    private string HomeCurrency => _choices is { Currencies: [var first, ..] } ? first : Vending.HomeCurrency.ToString();

    private async Task Choose(ChangeEventArgs change)
    {
        (_kind, _problem, _done) = (change.Value as string ?? string.Empty, null, null);
        _id = TopUpIds.Next();
        _choices = await Approvals.ChoicesAsync(CancellationToken.None);
    }

    private async Task AskAsync()
    {
        if (_busy || _kind.Length == 0) return;
        (_problem, _done, _busy) = (null, null, true);
        try
        {
            if (string.IsNullOrWhiteSpace(_reason)) _problem = Words["ask.no-reason"];
            else if (Missing) _problem = Words["ask.missing"];
            else if (!TryReadAmount(out long? value)) _problem = Words["ask.amount-wrong"];
            else await SendAsync(WishOf(value));
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task SendAsync(Wish wish)
    {
        System.Security.Claims.ClaimsPrincipal user = (await Reader).User;
        ApprovalPerson by = ApprovalPerson.AtPortal(user.Identity?.Name ?? throw new InvalidOperationException("Nobody is signed in."), user.IsInRole(PortalRoles.Operator));
        DecisionAnswer answer = await Approvals.AskAsync(_id, wish, _reason!.Trim(), by, CancellationToken.None);
        if (!answer.IsDone)
        {
            // Nothing was kept under this id where it was refused; what is changed now is another request.
            (_problem, _id) = (Words[$"refusal.{answer.Code}"] is { ResourceNotFound: false } word ? word.Value : answer.Detail ?? answer.Code, TopUpIds.Next());
            return;
        }

        (_done, _id, _amount, _reason, _reference, _token, _evidence) = (Words["ask.done"].Value, TopUpIds.Next(), null, null, null, null, null);
        await Asked.InvokeAsync();
    }

    private bool Missing => (NeedsPurchase && string.IsNullOrWhiteSpace(_purchase)) || (Needs.Vendor && string.IsNullOrEmpty(_vendor)) || (Needs.Line && string.IsNullOrEmpty(_line)) || (Needs.Key && string.IsNullOrEmpty(_key));

    private Wish WishOf(long? value) => new(
        _kind,
        Needs.Meter ? _meter : null,
        value,
        Needs.From ? _from : null,
        Needs.From ? _reference : null,
        _kind == "refund" ? HomeCurrency : null,
        Needs.Vendor ? _vendor : null,
        Needs.Line ? _line : null,
        Needs.Key ? _key : null,
        Needs.Budget ? _budget : null,
        Needs.Budget ? _period : null,
        Unit: Needs.Budget ? (Unit.Length == 0 ? "count" : Unit.ToLowerInvariant()) : null,
        Purchase: NeedsPurchase ? _purchase : null,
        Unused: _kind == "money-back" && _unused.Length > 0 ? _unused : null,
        Evidence: _kind == "money-back" && _unused.Length > 0 ? _evidence : null,
        Token: _kind == "maker-answer" ? _token : null);

    /// <summary>Null where the kind has no amount; false where the text is none.</summary>
    private bool TryReadAmount(out long? value)
    {
        value = null;
        if (!Needs.Amount) return true;
        if (Currency.TryParse(Unit, out Currency currency))
        {
            bool isMoney = AmountText.TryRead(_amount ?? string.Empty, currency, out Money money) && money.MinorUnits > 0;
            value = money.MinorUnits;
            return isMoney;
        }

        if (!decimal.TryParse((_amount ?? string.Empty).Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || number is <= 0 or > 10_000_000) return false;
        decimal steps = Unit == "kWh" ? number * TenthsPerKilowattHour : number;
        value = decimal.ToInt64(decimal.Truncate(steps));
        return steps == value;
    }
}
