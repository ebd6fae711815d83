using System.Diagnostics;
using System.Text.Json.Serialization;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Rooms;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api;

/// <summary>What belongs to a purchase beside making it: trying it, taking it back, printing it again, saying that the customer has it.</summary>
internal static class TradeEndpoints
{
    private const int LongestReason = 64;

    // A trial keeps nothing, so every one of them may have the same id.
    private static readonly Guid TrialId = new("00000000-0000-0000-0000-000000000001");

    internal static void MapTrades(this RouteGroupBuilder api)
    {
        RouteGroupBuilder trades = api.MapGroup("/purchases").WithTags("Purchases").Needs(ApiScopes.Sell).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        trades.MapPost("/trial", TrialAsync).Accepts<PurchaseRequest>("application/json").Produces<TrialResponse>().ProducesProblem(400).ProducesProblem(422)
            .WithName("TryPurchase").WithSummary("What a purchase would come to now, line by line; nothing is kept");
        trades.MapPost("/{purchaseId:guid}/reversal", ReverseAsync).Accepts<ReversalRequest>("application/json").Produces<ReversalResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503)
            .WithName("ReversePurchase").WithSummary("Takes a purchase back as long as it has no token")
            .WithDescription("409 token-already-issued: a number that somebody may type cannot be called back. 503 signer-unavailable: nobody knows now whether there is a token; send the same again after Retry-After. Again is the same.");
        trades.MapPost("/{purchaseId:guid}/reprint", Reprint).Produces<PurchaseReceipt>().ProducesProblem(404).Needs(ApiScopes.Sell, ApiScopes.ReceiptsRead)
            .WithName("ReprintPurchase").WithSummary("The stored answer again, byte for byte: the same token, never a new one");
        trades.MapPost("/{purchaseId:guid}/confirmation", ConfirmAsync).Produces(204).ProducesProblem(404)
            .WithName("ConfirmPurchase").WithSummary("Advice: the customer has the token. As often as needed, in any order");
    }

    private static async Task<IResult> TrialAsync(HttpRequest request, [FromServices] VendingHouse house, [FromServices] RoomSettings settings, CancellationToken cancellationToken)
    {
        (PurchaseRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<PurchaseRequest>(request, cancellationToken);
        if (wanted is null) return problem!;
        if (!Currency.TryParse(wanted.Currency, out Currency currency)) return Unprocessable("currency-unknown", "This is no currency code of ISO 4217 that is sold here.");
        if (MeterNumber.Read(wanted.MeterPan, out MeterPan pan) is { } bad) return Unprocessable(bad, "A meter number has 18 digits, or the 11 or 13 digits on the meter's face, with a right check digit.");
        ApiClient client = ClientAccess.Of(request.HttpContext);
        string channel = client.Scopes.Contains(ApiScopes.Sell, StringComparer.Ordinal) ? settings.ApiChannel : client.Vendor ?? settings.ApiChannel;
        return house.Desk.Trial(new PlaceOrder(TrialId, pan, new Money(wanted.AmountMinorUnits, currency), channel, null, client.Name)) switch
        {
            TrialOutcome.Priced priced => TypedResults.Ok(TrialResponse.From(priced.Terms, wanted.AmountMinorUnits, currency)),
            TrialOutcome.Declined declined => Unprocessable(declined.Code, declined.Detail),
            var other => throw new UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<IResult> ReverseAsync(Guid purchaseId, HttpRequest request, [FromServices] VendingHouse house, CancellationToken cancellationToken)
    {
        (ReversalRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<ReversalRequest>(request, cancellationToken);
        if (wanted is null) return problem!;
        if (wanted.Reason.Length is 0 or > LongestReason) return Problems.BadParameter("reason", $"1 to {LongestReason} characters");
        if (Own(purchaseId, request.HttpContext, house) is null) return Unknown();
        return await house.Desk.ReverseAsync(purchaseId, wanted.Reason, cancellationToken) switch
        {
            ReversalOutcome.Reversed => TypedResults.Ok(new ReversalResponse(purchaseId, CodeText.Of(house.Desk.Find(purchaseId)!.State))),
            ReversalOutcome.Refused { Code: VendingCodes.SignerUnavailable } => Problems.SignerAway(request.HttpContext, "Whether there is a token is not known while the signer does not answer. The purchase keeps its state; send the same request again."),
            ReversalOutcome.Refused refused => Problems.Of(StatusCodes.Status409Conflict, refused.Code, "The purchase keeps its state: a token that somebody may have cannot be called back."),
            var other => throw new UnreachableException(other.GetType().Name),
        };
    }

    private static IResult Reprint(Guid purchaseId, HttpContext http, [FromServices] VendingHouse house)
    {
        VendOrder? order = PurchaseEndpoints.MaySeeAll(ClientAccess.Of(http)) ? house.Desk.Find(purchaseId) : Own(purchaseId, http, house);
        return order is { HasToken: true } ? TypedResults.Bytes(order.Answer.ToArray(), "application/json") : Unknown();
    }

    private static async Task<IResult> ConfirmAsync(Guid purchaseId, HttpContext http, [FromServices] VendingHouse house, CancellationToken cancellationToken) =>
        Own(purchaseId, http, house) is { HasToken: true } && await house.Desk.MarkDeliveredAsync(purchaseId, cancellationToken) ? TypedResults.NoContent() : Unknown();

    private static VendOrder? Own(Guid id, HttpContext http, VendingHouse house) => house.Desk.Find(id) is { } order && order.Command.Operator == ClientAccess.Of(http).Name ? order : null;

    private static ProblemHttpResult Unknown() => Problems.NotFound("unknown-purchase", "No purchase of yours has this id, or it has no token yet.");

    private static ProblemHttpResult Unprocessable(string code, string detail) => Problems.Of(StatusCodes.Status422UnprocessableEntity, code, detail);
}

/// <summary>Why a purchase is taken back.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ReversalRequest
{
    /// <summary>For the books: timeout, cancelled, wrong meter…</summary>
    public required string Reason { get; init; }
}

/// <summary>Where a purchase stands after it was taken back.</summary>
public sealed record ReversalResponse(Guid PurchaseId, string State);

/// <summary>The figures of a purchase that was only tried.</summary>
/// <param name="EnergyTenths">What the token would carry, in 0.1 kWh.</param>
public sealed record TrialResponse(string MeterPan, long AmountMinorUnits, string Currency, string TariffId, long EnergyTenths, long RoundingMinorUnits, IReadOnlyList<PriceLineResponse> Lines)
{
    public static TrialResponse From(SaleTerms terms, long amount, Currency currency) => new(
        terms.Key.Pan.ToString(), amount, currency.ToString(), terms.TariffId, terms.TenthsGranted, terms.RoundingMinorUnits,
        [.. terms.Lines.Select(l => new PriceLineResponse(CodeText.Of(l.Kind), l.Name, l.Units, l.Rate, l.MinorUnits, l.TaxMinorUnits))]);
}

/// <summary>One line of a price. Units and rate are decimal text, so that nothing is rounded on the way.</summary>
public sealed record PriceLineResponse(string Kind, string Name, string? Units, string? Rate, long MinorUnits, long TaxMinorUnits);
