using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Rooms;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api;

/// <summary>Tariffs as they are sold by, and what a purchase comes to by them.</summary>
internal static class TariffEndpoints
{
    private const int MostPurchases = 1_000, LargestSimulation = 128 * 1024;

    internal static void MapTariffs(this RouteGroupBuilder api)
    {
        RouteGroupBuilder tariffs = api.MapGroup("/tariffs").WithTags("Tariffs").Needs(ApiScopes.MetersRead, ApiScopes.Sell).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        tariffs.MapGet("/", List).WithName("GetTariffs").WithSummary("Every version of every tariff, by name");
        tariffs.MapGet("/{id}", Find).ProducesProblem(400).ProducesProblem(404).WithName("GetTariff").WithSummary("The version in force on a day, in the form of a tariff file; with an ETag");
        tariffs.MapPost("/{id}/price", PriceAsync).Accepts<PriceRequest>("application/json").Produces<PriceResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(422)
            .WithName("PriceByTariff").WithSummary("Prices money or energy line by line, without a meter");
        tariffs.MapPost("/{id}/simulation", SimulateAsync).Accepts<SimulationRequest>("application/json").Produces<SimulationResponse>().ProducesProblem(400).ProducesProblem(404)
            .WithName("SimulateTariff").WithSummary("Past purchases on this tariff and on another: what each meter would have paid").WithDescription("At most 1000 purchases in one request.");
    }

    private static Ok<ListResponse<TariffLine>> List([FromServices] TariffBook book) => TypedResults.Ok(ListResponse.Of(
        book.All.OrderBy(t => t.Id, StringComparer.Ordinal).ThenBy(t => t.Valid.From).Select(t => new TariffLine(t.Id, t.Utility, t.CurrencyCode, t.Valid.From, t.Valid.To))));

    private static IResult Find(string id, string? day, HttpContext http, [FromServices] TariffBook book, [FromServices] VendingOptions seller, [FromServices] TimeProvider time)
    {
        if (!TryDay(day, seller, time, out DateOnly on)) return Problems.BadParameter("day", "a day such as 2026-01-31");
        if (book.InForce(id, on) is not { } tariff) return Unknown(on);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) TariffWriter.Write(json, tariff);
        return Tagged.Bytes(http, buffer.ToArray());
    }

    private static async Task<IResult> PriceAsync(
        string id, HttpRequest request, [FromServices] TariffBook book, [FromServices] VendingOptions seller, [FromServices] TimeProvider time, CancellationToken cancellationToken)
    {
        (PriceRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<PriceRequest>(request, cancellationToken);
        if (wanted is null) return problem!;
        if (!TryDay(wanted.Day, seller, time, out DateOnly day)) return Problems.BadParameter("day", "a day such as 2026-01-31");
        if (wanted.EnergyTenths is null == wanted.AmountMinorUnits is null) return Problems.BadParameter("amountMinorUnits, energyTenths", "one of the two");
        if (book.InForce(id, day) is not { } tariff || !Currency.TryParse(tariff.CurrencyCode, out Currency currency)) return Unknown(day);
        if (wanted.BoughtTenths is < 0 || wanted.EnergyTenths is < 1 || wanted.AmountMinorUnits is < 1) return Problems.BadParameter("amountMinorUnits, energyTenths, boughtTenths", "not below zero, and something to buy");
        var state = new PurchaseState(new Rational(wanted.BoughtTenths ?? 0, 10), Rational.Zero);
        Money? money = wanted.AmountMinorUnits is { } minor ? new Money(minor, currency) : Quoting.AmountFor(tariff, currency, wanted.EnergyTenths!.Value, state);
        if (money is null) return Refused("amount-too-high", "The tariff has no price for as much energy.");
        return Quoting.For(tariff, money.Value, state, tenths => TransferAmount.TryFromSteps(tenths, out TransferAmount granted) ? granted.Steps : null) switch
        {
            QuoteOutcome.Quoted quoted => TypedResults.Ok(PriceResponse.From(quoted.Quote)),
            QuoteOutcome.Refused refused => Refused(CodeText.Of(refused.Reason), "The tariff has no price for this; 'latchkey tariff price' explains."),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<IResult> SimulateAsync(string id, HttpRequest request, [FromServices] TariffBook book, CancellationToken cancellationToken)
    {
        (SimulationRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<SimulationRequest>(request, cancellationToken, LargestSimulation);
        if (wanted is null) return problem!;
        if (book.All.All(t => t.Id != id) || book.All.All(t => t.Id != wanted.Against)) return Problems.NotFound("unknown-tariff", "One of the two tariffs is not known here.");
        if (wanted.Purchases.Count is 0 or > MostPurchases || wanted.Purchases.Any(p => p.EnergyTenths < 1)) return Problems.BadParameter("purchases", $"1 to {MostPurchases}, each of some energy");
        IReadOnlyList<SimulatedMeter> meters = TariffSimulation.Run(book, wanted.Against, book, id, wanted.Purchases.Select(p => new PastPurchase(p.Meter, p.Day, new Rational(p.EnergyTenths, 10))));
        return TypedResults.Ok(new SimulationResponse([.. meters.Select(m => new SimulatedLine(m.Meter, Text(m.Units), Text(m.Before), Text(m.After), Text(m.Change), m.Refused))]));
    }

    private static string Text(Rational value) => value.ToString(4);

    private static bool TryDay(string? text, VendingOptions seller, TimeProvider time, out DateOnly day)
    {
        day = seller.Day(time.GetUtcNow());
        return text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    private static ProblemHttpResult Unknown(DateOnly day) => Problems.NotFound("unknown-tariff", string.Create(CultureInfo.InvariantCulture, $"No tariff of this name is in force on {day:yyyy-MM-dd}."));

    private static ProblemHttpResult Refused(string code, string detail) => Problems.Of(StatusCodes.Status422UnprocessableEntity, code, detail);
}

/// <summary>One version of a tariff.</summary>
public sealed record TariffLine(string Id, string Utility, string Currency, DateOnly? From, DateOnly? To);

/// <summary>Money to spend or energy to buy, one of the two.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PriceRequest
{
    public long? AmountMinorUnits { get; init; }

    /// <summary>0.1 kWh.</summary>
    public long? EnergyTenths { get; init; }

    /// <summary>What was bought in the period before, in 0.1 kWh.</summary>
    public long? BoughtTenths { get; init; }

    /// <summary>yyyy-MM-dd; today without it.</summary>
    public string? Day { get; init; }
}

/// <summary>A price, line by line.</summary>
public sealed record PriceResponse(string TariffId, long AmountMinorUnits, string Currency, long EnergyTenths, long RoundingMinorUnits, IReadOnlyList<PriceLineResponse> Lines, IReadOnlyList<string> Explanation)
{
    public static PriceResponse From(Quote quote) => new(
        quote.Tariff.Id, quote.Amount.MinorUnits, quote.Amount.Currency.ToString(), quote.TenthsGranted, quote.RoundingMinorUnits,
        [.. quote.Lines.Select(l => new PriceLineResponse(CodeText.Of(l.Kind), l.Name, l.Units?.ToString(), l.Rate?.ToString(), l.MinorUnits, l.TaxMinorUnits))],
        [.. PriceExplanation.Of(quote)]);
}

/// <summary>Purchases of the past, and the tariff they are held against.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SimulationRequest
{
    public required string Against { get; init; }

    public required IReadOnlyList<SimulatedPurchase> Purchases { get; init; }
}

/// <summary>One purchase of the past.</summary>
public sealed record SimulatedPurchase(string Meter, DateOnly Day, long EnergyTenths);

/// <summary>What each meter would have paid.</summary>
public sealed record SimulationResponse(IReadOnlyList<SimulatedLine> Meters);

/// <summary>One meter on two tariffs; kWh and major units of money as decimal text.</summary>
/// <param name="Refused">Purchases for which one of the tariffs has no price.</param>
public sealed record SimulatedLine(string Meter, string KilowattHours, string Before, string After, string Change, int Refused);
