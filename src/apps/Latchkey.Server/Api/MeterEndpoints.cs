using System.Globalization;
using Latchkey.Server.Access;
using Latchkey.Server.Rooms;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api;

/// <summary>The meters that are sold to, as the seller knows them: record, key, debts, purchases.</summary>
internal static class MeterEndpoints
{
    private const int DefaultLimit = 100, MostLines = 1_000, LookedThrough = 20_000, Page = 1_000;

    internal static void MapMeters(this RouteGroupBuilder api)
    {
        RouteGroupBuilder meters = api.MapGroup("/meters").WithTags("Meters").ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        meters.MapGet("/", List).Needs(ApiScopes.MetersRead).ProducesProblem(400).WithName("GetMeters").WithSummary("Meters by number, page by page")
            .WithDescription("after: begin behind this meter (nextAfter of the page before). Filters: tariff, account, supplyGroup, blocked. A page that ends early for its filters has a nextAfter all the same.");
        meters.MapGet("/{pan}/record", Record).Needs(ApiScopes.MetersRead).ProducesProblem(404).WithName("GetMeterRecord").WithSummary("What the seller knows of a meter; with an ETag");
        meters.MapGet("/{pan}/key", Key).Needs(ApiScopes.MetersRead).ProducesProblem(404).WithName("GetMeterKey").WithSummary("Under which key a meter is sold to, and its change of keys");
        meters.MapGet("/{pan}/debts", Debts).Needs(ApiScopes.MetersRead).ProducesProblem(404).WithName("GetMeterDebts").WithSummary("What the meter's customer owes");
        meters.MapGet("/{pan}/purchases", Purchases).Needs(ApiScopes.MetersRead, ApiScopes.ReportsRead).ProducesProblem(400).ProducesProblem(404).WithName("GetMeterPurchases")
            .WithSummary("A meter's purchases, newest first").WithDescription("A client sees its own; with reports.read everybody's. Tokens are in the receipts, not here.");
        meters.MapPost("/{pan}/block", (string pan, [FromServices] IMeterRecords records, CancellationToken stop) => BlockAsync(pan, true, records, stop))
            .Needs(ApiScopes.Operate).ProducesProblem(404).WithName("BlockMeter").WithSummary("Nothing is sold to the meter any more; again is the same");
        meters.MapPost("/{pan}/unblock", (string pan, [FromServices] IMeterRecords records, CancellationToken stop) => BlockAsync(pan, false, records, stop))
            .Needs(ApiScopes.Operate).ProducesProblem(404).WithName("UnblockMeter").WithSummary("The meter may be sold to again");
    }

    private static Results<Ok<MeterPage>, ProblemHttpResult> List(
        string? after, int? limit, string? tariff, string? account, string? supplyGroup, bool? blocked, [FromServices] IMeterRecords records)
    {
        if (limit is < 1 or > MostLines) return Problems.BadParameter("limit", $"a whole number from 1 to {MostLines}");
        MeterPan? from = null;
        if (after is not null)
        {
            if (MeterNumber.Read(after, out MeterPan pan) is not null) return Problems.BadParameter("after", "a meter's number");
            from = pan;
        }

        (List<MeterRecord> found, MeterPan? last) = Search(records, from, limit ?? DefaultLimit, m =>
            (tariff is null || m.TariffId == tariff) && (account is null || m.CustomerAccount == account) && (supplyGroup is null || m.Key.SupplyGroup.ToString() == supplyGroup)
            && (blocked is null || m.IsBlocked == blocked));
        return TypedResults.Ok(new MeterPage([.. found.Select(m => RecordResponse.From(m, null))], last?.ToString()));
    }

    // A filter that nothing fits must not read a million rows in one request.
    private static (List<MeterRecord> Found, MeterPan? NextAfter) Search(IMeterRecords records, MeterPan? after, int limit, Func<MeterRecord, bool> fits)
    {
        List<MeterRecord> found = [];
        for (int looked = 0; looked < LookedThrough;)
        {
            IReadOnlyList<MeterRecord> page = records.List(after, Page);
            foreach (MeterRecord meter in page)
            {
                after = meter.Pan;
                if (fits(meter)) found.Add(meter);
                if (found.Count == limit) return (found, after);
            }

            if (page.Count < Page) return (found, null);
            looked += page.Count;
        }

        return (found, after);
    }

    private static IResult Record(string pan, HttpContext http, [FromServices] IMeterRecords records, [FromServices] IMeterCards cards) =>
        Find(pan, records) is { } meter ? Tagged.Json(http, RecordResponse.From(meter, cards.Find(meter.Pan))) : Unknown();

    private static Results<Ok<MeterKeyResponse>, ProblemHttpResult> Key(string pan, [FromServices] IMeterRecords records, [FromServices] VendingHouse house)
    {
        if (Find(pan, records) is not { } meter) return Unknown();
        KeyChange? change = house.KeyChanges.Find(meter.Pan);
        DecoderKeyAttributes key = meter.Key;
        return TypedResults.Ok(new MeterKeyResponse(
            meter.Pan.ToString(), SigningKeyTerms.KeyIdOf(key), key.SupplyGroup.ToString(), key.KeyRevision.Value, key.TariffIndex.ToString(), (int)key.KeyType, key.KeyExpiry.Value, key.BaseDate.Year,
            (int)key.Algorithm, change is null ? "none" : CodeText.Of(change.State), change is { State: not KeyChangeState.Done } ? SigningKeyTerms.KeyIdOf(change.To) : null));
    }

    private static Results<Ok<ListResponse<DebtResponse>>, ProblemHttpResult> Debts(string pan, [FromServices] IMeterRecords records, [FromServices] VendingHouse house) =>
        Find(pan, records) is { } meter
            ? TypedResults.Ok(ListResponse.Of(house.Debts.Of(meter.Pan).Select(d => new DebtResponse(d.Record.Id, d.Record.Name, d.MinorUnits, d.Record.IsPaused))))
            : Unknown();

    private static Results<Ok<ListResponse<PurchaseLine>>, ProblemHttpResult> Purchases(
        string pan, int? limit, HttpContext http, [FromServices] IMeterRecords records, [FromServices] VendingHouse house)
    {
        if (limit is < 1 or > MostLines) return Problems.BadParameter("limit", $"a whole number from 1 to {MostLines}");
        if (Find(pan, records) is not { } meter) return Unknown();
        ApiClient client = ClientAccess.Of(http);
        IEnumerable<VendOrder> orders = house.Desk.OrdersOf(meter.Pan, MostLines).Where(o => PurchaseEndpoints.MaySeeAll(client) || o.Command.Operator == client.Name);
        return TypedResults.Ok(ListResponse.Of(orders.Take(limit ?? DefaultLimit).Select(o => new PurchaseLine(
            o.Id, o.Times.Received, o.Command.Amount.MinorUnits, o.Command.Amount.Currency.ToString(), o.Command.Channel, CodeText.Of(o.State), o.Terms?.TenthsGranted, o.RefusalCode))));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> BlockAsync(string pan, bool isBlocked, IMeterRecords records, CancellationToken cancellationToken)
    {
        if (Find(pan, records) is not { } meter) return Unknown();
        await records.SaveAsync(meter with { IsBlocked = isBlocked }, cancellationToken);
        return TypedResults.NoContent();
    }

    private static MeterRecord? Find(string pan, IMeterRecords records) => MeterNumber.Read(pan, out MeterPan number) is null ? records.Find(number) : null;

    private static ProblemHttpResult Unknown() => Problems.NotFound("unknown-meter", "No meter has this primary account number. Check all eighteen digits.");
}

/// <summary>One page of meters.</summary>
/// <param name="NextAfter">The next page's <c>after</c>; null on the last page.</param>
public sealed record MeterPage(IReadOnlyList<RecordResponse> Items, string? NextAfter);

/// <summary>A meter as the seller knows it.</summary>
/// <param name="CustomerName">Only where one meter is asked for.</param>
public sealed record RecordResponse(
    string MeterPan, string SupplyGroup, int KeyRevision, string TariffIndex, string TariffId, string CustomerAccount, string Place, bool Blocked, DateOnly? Anniversary, string? CustomerName, string? Make)
{
    public static RecordResponse From(MeterRecord meter, MeterCard? card) => new(
        meter.Pan.ToString(), meter.Key.SupplyGroup.ToString(), meter.Key.KeyRevision.Value, meter.Key.TariffIndex.ToString(), meter.TariffId, meter.CustomerAccount, meter.Place, meter.IsBlocked,
        meter.Anniversary, card?.CustomerName, meter.Make);
}

/// <summary>A meter's key by its attributes, never by its bytes.</summary>
/// <param name="Change">none, planned, issued or done.</param>
/// <param name="ChangeTo">The key that a change under way brings.</param>
public sealed record MeterKeyResponse(
    string MeterPan, string KeyId, string SupplyGroup, int KeyRevision, string TariffIndex, int KeyType, int KeyExpiry, int BaseDate, int Algorithm, string Change, string? ChangeTo);

/// <summary>One debt and what is left of it.</summary>
public sealed record DebtResponse(string Id, string Name, long MinorUnits, bool Paused);

/// <summary>One purchase of a meter.</summary>
/// <param name="EnergyTenths">0.1 kWh; null where nothing was priced.</param>
/// <param name="Refusal">The code of why there is no token; null otherwise.</param>
public sealed record PurchaseLine(Guid PurchaseId, DateTimeOffset ReceivedAt, long AmountMinorUnits, string Currency, string Channel, string State, long? EnergyTenths, string? Refusal);
