using Latchkey.Ledger;
using Latchkey.Server.Access;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api;

/// <summary>Vendors: what is left of the float, and every movement on it.</summary>
internal static class VendorEndpoints
{
    private const int DefaultLimit = 100, MostLines = 1_000;

    internal static void MapVendors(this RouteGroupBuilder api)
    {
        RouteGroupBuilder vendors = api.MapGroup("/vendors").WithTags("Vendors").Needs(ApiScopes.ReportsRead, ApiScopes.Sell).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(429);
        vendors.MapGet("/{code}", Find).WithName("GetVendor").WithSummary("A vendor's float and commission").WithDescription("A vendor's own client sees its own; others need reports.read.");
        vendors.MapGet("/{code}/statement", Statement).ProducesProblem(400).WithName("GetVendorStatement").WithSummary("Movements on a vendor's float, oldest first")
            .WithDescription("after: the sequence behind which to begin. Money in is above zero, sales are below.");
    }

    private static Results<Ok<VendorResponse>, ProblemHttpResult> Find(string code, HttpContext http, [FromServices] VendingHouse house) =>
        Visible(code, http, house) is { } vendor
            ? TypedResults.Ok(new VendorResponse(vendor.Code, vendor.Name, vendor.Currency.ToString(), Balance(house, vendor.Float), Balance(house, vendor.CommissionAccount), vendor.MinimumSale, vendor.MaximumSale, vendor.IsBlocked))
            : Unknown();

    private static Results<Ok<ListResponse<StatementResponse>>, ProblemHttpResult> Statement(string code, long? after, int? limit, HttpContext http, [FromServices] VendingHouse house)
    {
        if (limit is < 1 or > MostLines) return Problems.BadParameter("limit", $"a whole number from 1 to {MostLines}");
        if (after is < 0) return Problems.BadParameter("after", "not below zero");
        if (Visible(code, http, house) is not { } vendor) return Unknown();

        // The books count a liability's credits as less; a vendor reads them as money in.
        return TypedResults.Ok(ListResponse.Of(house.Ledger.Statement(vendor.Float, after ?? 0, limit ?? DefaultLimit)
            .Select(l => new StatementResponse(l.Sequence, l.At, l.Memo, -l.Amount, (long)-l.Balance))));
    }

    private static Vendor? Visible(string code, HttpContext http, VendingHouse house)
    {
        ApiClient client = ClientAccess.Of(http);
        return client.Vendor == code || PurchaseEndpoints.MaySeeAll(client) ? house.Vendors.Find(code) : null;
    }

    private static long Balance(VendingHouse house, AccountId account) => (long)-(house.Ledger.FindAccount(account)?.Balance.Net ?? 0);

    private static ProblemHttpResult Unknown() => Problems.NotFound("unknown-vendor", "There is no vendor of this code, or it is not yours.");
}

/// <summary>A vendor. Money is in minor units.</summary>
public sealed record VendorResponse(string Code, string Name, string Currency, long FloatMinorUnits, long CommissionMinorUnits, long MinimumSale, long MaximumSale, bool Blocked);

/// <summary>One movement on a float and what was left after it.</summary>
public sealed record StatementResponse(long Sequence, DateTimeOffset At, string Memo, long MinorUnits, long BalanceMinorUnits);
