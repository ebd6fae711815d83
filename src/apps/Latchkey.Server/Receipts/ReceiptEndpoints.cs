using System.Security.Claims;
using Latchkey.Server.Access;
using Latchkey.Server.Api;
using Latchkey.Server.Portal.Shop;
using Latchkey.Vending;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Receipts;

/// <summary>Receipts for API clients, for the operator and for the tenant, and the key by which anybody checks them.</summary>
internal static class ReceiptEndpoints
{
    internal static void MapReceipts(this RouteGroupBuilder api) =>
        api.MapGet("/purchases/{purchaseId:guid}/receipt", async (
                Guid purchaseId, string? format, string? language, bool? copy, HttpContext http, [FromServices] IPurchases purchases, [FromServices] ReceiptPrinter printer, CancellationToken stop) =>
            {
                ApiClient client = ClientAccess.Of(http);
                bool isVisible = PurchaseEndpoints.MaySeeAll(client) || (await purchases.FindAsync(purchaseId, stop) is { } found && PurchaseEndpoints.MaySee(client, found));
                return printer.Print(isVisible ? printer.Receipts.Find(purchaseId) : null, format, language, copy ?? false);
            })
            .Needs(ApiScopes.ReceiptsRead, ApiScopes.Sell).ProducesProblem(403).ProducesProblem(429)
            .Produces(200, contentType: "application/pdf").ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(503)
            .WithName("GetReceipt").WithSummary("The receipt of a purchase")
            .WithDescription("format: pdf (default), text (58 mm paper, 32 columns), text48 (80 mm, 48 columns) or json; language: en (default) or zh; copy=true marks a reprint. The tokens are the stored ones, never new ones.");

    internal static void MapReceiptPages(this WebApplication app)
    {
        app.MapGet("/v1/keys/receipts", ([FromServices] ReceiptPrinter printer) => TypedResults.Text(printer.Receipts.Seal.PublicKey.Pem, "application/x-pem-file"))
            .AllowAnonymous().WithName("GetReceiptKey").WithSummary("The seller's published key of receipts")
            .WithDescription("PEM, ECDSA P-256. The code on a receipt is a text sealed with it: fields between bars, the last one the seal in base64url.");
        app.MapGet("/receipts/check", () => Results.Redirect("/receipt-check.html", permanent: false)).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/orders/{orderId:guid}/receipt", (Guid orderId, string? language, [FromServices] ReceiptPrinter printer) =>
                printer.Print(printer.Receipts.Find(orderId), "pdf", language, isCopy: true))
            .RequireAuthorization(policy => policy.RequireRole(PortalRoles.Operator)).ExcludeFromDescription();
        app.MapGet("/shop/sales/{saleId:guid}/receipt", (Guid saleId, string? format, string? language, int? copy, ClaimsPrincipal cashier, [FromServices] IShop shop, [FromServices] ReceiptPrinter printer) =>
                PrintForShop(saleId, format, language, copy, cashier, shop, printer))
            .RequireAuthorization(policy => policy.RequireRole(PortalRoles.Vendor)).ExcludeFromDescription();
        app.MapGet("/my/topups/{topUpId:guid}/receipt", (Guid topUpId, string? language, ClaimsPrincipal tenant, [FromServices] ReceiptPrinter printer) =>
                printer.Print(tenant.FindFirstValue(PortalRoles.TenantClaim) is { } id ? printer.Receipts.FindOf(id, topUpId) : null, "pdf", language, isCopy: false))
            .RequireAuthorization(policy => policy.RequireRole(PortalRoles.Tenant)).ExcludeFromDescription();
    }

    /// <summary>The original where it is still this cashier's to print, or a copy whose number was taken before. Reading a paper counts nothing.</summary>
    private static IResult PrintForShop(Guid saleId, string? format, string? language, int? copy, ClaimsPrincipal user, IShop shop, ReceiptPrinter printer)
    {
        ShopSaleDetail? sale = ShopPage.Of(user) is { } cashier ? shop.FindSale(cashier, saleId) : null;
        if (sale is null) return printer.Print(null, format, language, isCopy: false);
        bool mayPrint = copy is { } number ? number >= 1 && number <= sale.Copies.Count : sale.MayPrintOriginal;
        return mayPrint
            ? printer.Print(sale.Paper, format, language, isCopy: copy is not null, copy ?? 0)
            : Problems.Of(StatusCodes.Status409Conflict, "reprint-first", "The original was printed. Press Reprint on the page of the sale: the copy carries its number.");
    }
}
