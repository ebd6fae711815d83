using System.Diagnostics;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Server.Api;

/// <summary>Buying a token. The caller makes the id, so that a retry after a lost answer is the same purchase.</summary>
internal static class PurchaseEndpoints
{
    private const int LongestReference = 64;
    private const string Json = "application/json";

    internal static void MapPurchases(this RouteGroupBuilder api)
    {
        api.MapPut("/purchases/{purchaseId}", PutPurchase)
            .Accepts<PurchaseRequest>(Json)
            .Produces<PurchaseReceipt>(StatusCodes.Status201Created).Produces<PurchaseReceipt>()
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(503)
            .ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Sell)
            .WithName("PutPurchase").WithSummary("Buys a token for a meter")
            .WithDescription("The same id with the same content gives the stored answer again, byte for byte (200); with other content it is refused (409 purchase-id-reused).");
        api.MapGet("/purchases/{purchaseId}", GetPurchase)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(404)
            .ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Sell, ApiScopes.ReceiptsRead, ApiScopes.ReportsRead)
            .WithName("GetPurchase").WithSummary("Where a purchase stands");
    }

    private static async Task<IResult> PutPurchase(string purchaseId, HttpRequest request, IPurchases purchases, DailySpend spend, CancellationToken cancellationToken)
    {
        if (!TryReadId(purchaseId, out Guid id)) return BadId();
        ApiClient client = ClientAccess.Of(request.HttpContext);
        (PurchaseRequest? wanted, ProblemHttpResult? problem) = await JsonBody.ReadAsync<PurchaseRequest>(request, cancellationToken);
        if (wanted is null) return problem!;
        if (!Currency.TryParse(wanted.Currency, out Currency currency)) return Unprocessable("currency-unknown", $"'{Shortened(wanted.Currency)}' is no currency code of ISO 4217 that is sold here.");
        if (wanted.PaymentReference?.Length > LongestReference) return Unprocessable("payment-reference-too-long", $"paymentReference has more than {LongestReference} characters.");

        var command = new PurchaseCommand(id, wanted.MeterPan, new Money(wanted.AmountMinorUnits, currency), client.Name, wanted.PaymentReference, client.Scopes.Contains(ApiScopes.Sell, StringComparer.Ordinal) ? null : client.Vendor);
        if (await spend.CountAsync(client, id, command.Amount.MinorUnits, cancellationToken) is { } over) return over;
        PurchaseOutcome outcome = await purchases.PurchaseAsync(command, cancellationToken);
        if (outcome is PurchaseOutcome.Refused) await spend.UncountAsync(client, id, cancellationToken);
        return outcome switch
        {
            PurchaseOutcome.Issued issued => Answer(issued, id),
            PurchaseOutcome.IdReused => Problems.Of(StatusCodes.Status409Conflict, "purchase-id-reused", "This id belongs to a purchase with other content. Use a new id for a new purchase."),
            PurchaseOutcome.Pending { Code: VendingCodes.SignerUnavailable } => Problems.SignerAway(request.HttpContext, "The money is set aside, the token is not made yet: the signer does not answer. Send the same request again."),
            PurchaseOutcome.Pending pending => Problems.Of(StatusCodes.Status503ServiceUnavailable, pending.Code, DetailOf(pending.Code)),
            PurchaseOutcome.Refused refused => Unprocessable(refused.Code, refused.Detail),
            var other => throw new UnreachableException(other.GetType().Name),
        };
    }

    private static async Task<Results<Ok<PurchaseStatus>, ProblemHttpResult>> GetPurchase(string purchaseId, HttpContext http, IPurchases purchases, CancellationToken cancellationToken)
    {
        if (!TryReadId(purchaseId, out Guid id)) return BadId();
        return await purchases.FindAsync(id, cancellationToken) is { } found && MaySee(ClientAccess.Of(http), found)
            ? TypedResults.Ok(found)
            : Problems.NotFound("unknown-purchase", "No purchase has this id. If the answer to a PUT was lost, send the same PUT again.");
    }

    /// <summary>A client sees what it bought; one that may read reports sees everybody's. For all others there is no such purchase.</summary>
    internal static bool MaySee(ApiClient client, PurchaseStatus purchase) => MaySeeAll(client) || purchase.Client == client.Name;

    internal static bool MaySeeAll(ApiClient client) => client.Scopes.Contains(ApiScopes.ReportsRead, StringComparer.Ordinal);

    private static string DetailOf(string pending) => pending is VendingCodes.MakerAnswerUnknown or VendingCodes.MakerTokenRepeated
        ? "The money is set aside. The meter's maker was asked for the token and nobody knows yet whether there is one; people ask the maker. Send the same request again later: it is never bought twice."
        : "The money is set aside, the token is not made yet. Send the same request again.";

    // The stored bytes go out as they are: serialising again could reorder or reformat what was signed for.
    private static RawJson Answer(PurchaseOutcome.Issued issued, Guid id) => issued.IsReplay
        ? new RawJson(issued.Answer, StatusCodes.Status200OK, null)
        : new RawJson(issued.Answer, StatusCodes.Status201Created, $"/v1/purchases/{id}");

    private static bool TryReadId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id) && id != Guid.Empty;

    private static ProblemHttpResult BadId() => Problems.BadParameter("purchaseId", "a UUID in the form 8-4-4-4-12, not all zeros");

    private static ProblemHttpResult Unprocessable(string code, string detail) => Problems.Of(StatusCodes.Status422UnprocessableEntity, code, detail);

    private static string Shortened(string text) => text.Length <= 12 ? text : text[..12] + "…";

    private sealed class RawJson(ReadOnlyMemory<byte> body, int status, string? location) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = Json;
            httpContext.Response.ContentLength = body.Length;
            if (location is not null) httpContext.Response.Headers.Location = location;
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
