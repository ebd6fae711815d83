using Latchkey.Server.Access;
using MudBlazor;

namespace Latchkey.Server.Portal.Layout;

/// <summary>One line of a menu.</summary>
/// <param name="Word">Of the resources.</param>
/// <param name="Whole">Marked on its own address alone, not on those below it.</param>
public sealed record MenuLine(string Group, string Address, string Word, string Icon, bool Whole = false);

/// <summary>What each role finds in its menu, by groups; a new page is one line here.</summary>
public static class PortalMenu
{
    private const string Park = "group.park", Selling = "group.selling", Books = "group.books";

    private static readonly MenuLine[] Operator =
    [
        new(Park, "/park", "nav.park", Icons.Material.Outlined.Apartment),
        new(Park, "/messages", "nav.messages", Icons.Material.Outlined.Forum),
        new(Selling, "/orders", "nav.orders", Icons.Material.Outlined.ReceiptLong),
        new(Selling, "/vendors", "nav.vendors", Icons.Material.Outlined.Storefront),
        new(Selling, "/bank", "nav.bank", Icons.Material.Outlined.AccountBalance),
        new(Selling, "/tariffs", "nav.tariffs", Icons.Material.Outlined.PriceChange),
        new(Books, "/books", "nav.books", Icons.Material.Outlined.MenuBook),
        new(Books, "/approvals", "nav.approvals", Icons.Material.Outlined.VerifiedUser),
        new(Books, "/keys", "nav.keys", Icons.Material.Outlined.Key),
        new(Books, "/roll-over", "nav.roll-over", Icons.Material.Outlined.VpnKey),
    ];

    private static readonly MenuLine[] Vendor =
    [
        new(Selling, "/shop", "shop.sell", Icons.Material.Outlined.PointOfSale, Whole: true),
        new(Selling, "/shop/sales", "shop.sales", Icons.Material.Outlined.ReceiptLong),
        new(Selling, "/shop/shift", "shop.shift", Icons.Material.Outlined.Schedule),
        new(Selling, "/shop/statement", "shop.statement", Icons.Material.Outlined.AccountBalanceWallet),
    ];

    /// <summary>The lines of a role; none for roles that have no menu.</summary>
    public static IReadOnlyList<MenuLine> Of(string role) => role switch
    {
        PortalRoles.Operator => Operator,
        PortalRoles.Vendor => Vendor,
        _ => [],
    };
}
