using System.Security.Claims;
using Latchkey.Server.Access;
using Latchkey.Server.Languages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Shop;

/// <summary>A page of one vendor's cashier. Who that is comes from the sign-in alone, never from the address.</summary>
public abstract class ShopPage : LivePage
{
    [CascadingParameter] private Task<AuthenticationState> Reader { get; set; } = null!;

    [Inject] protected IShop Shop { get; set; } = null!;

    [Inject] protected IStringLocalizer<Words> Words { get; set; } = null!;

    protected Cashier Cashier { get; private set; } = null!;

    protected ShopNow? Now { get; private set; }

    protected bool IsRead { get; private set; }

    protected override TimeSpan RefreshEvery => TimeSpan.FromSeconds(5);

    protected override async Task OnInitializedAsync() => Cashier = Of((await Reader).User) ?? throw new InvalidOperationException("A cashier without a vendor is signed in.");

    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Now = Shop.Now(Cashier);
        IsRead = true;
        return ValueTask.FromResult(true);
    }

    internal static Cashier? Of(ClaimsPrincipal user) =>
        user is { Identity.Name: { } name } && user.FindFirst(PortalRoles.VendorClaim)?.Value is { } vendor ? new Cashier(vendor, name) : null;

    /// <summary>What went wrong and what to do now.</summary>
    protected string RefusalOf(string code) => Words[$"refusal.{code}"] is { ResourceNotFound: false } word ? word.Value : Words["refusal.other", code];

    protected string TenderOf(string? code) => code is not null && Words[$"tender.{code}"] is { ResourceNotFound: false } word ? word.Value : code ?? "—";
}
