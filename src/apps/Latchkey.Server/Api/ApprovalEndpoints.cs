using System.Security.Claims;
using Latchkey.Server.Access;
using Latchkey.Server.Portal.Approvals;
using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Latchkey.Server.Api;

/// <summary>A wish for a token that nobody pays for.</summary>
/// <param name="Kind"><c>free-issue</c>, <c>credit-transfer</c>, <c>clear-tamper</c>, <c>clear-credit</c>, <c>power-limit</c>, <c>phase-unbalance</c> or <c>meter-test</c>.</param>
/// <param name="MeterPan">The meter; not for a test token.</param>
/// <param name="Value">0.1 kWh, watts, a register (65535 for all), or a mask of tests.</param>
/// <param name="FromMeterPan">The replaced meter of a transfer.</param>
/// <param name="Reference">The work order of a transfer.</param>
internal sealed record ManagementTokenRequest(string Kind, string Reason, string? MeterPan = null, long? Value = null, string? FromMeterPan = null, string? Reference = null);

/// <summary>A wish for anything that takes two people.</summary>
/// <param name="Wish">What is wanted; which fields count depends on its kind.</param>
internal sealed record ApprovalRequestBody(Wish? Wish, string? Reason);

/// <summary>Requests that two people answer for. A program asks, looks, takes back and fetches; it never approves.</summary>
internal static class ApprovalEndpoints
{
    private const int DefaultLimit = 100, MostLines = 1000;

    internal static void MapApprovals(this RouteGroupBuilder api)
    {
        api.MapGet("/approvals", ListAsync).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("GetApprovals").WithSummary("Requests for approval, newest first");
        api.MapPut("/approvals/{id}", AskAsync).Accepts<ApprovalRequestBody>("application/json")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("PutApproval").WithSummary("Asks for an approval")
            .WithDescription("Of anything that takes two people: a refund, a credit note, money in suspense, a key's limit, a stopped key, a budget, or a token. The caller makes the id; the same request again is the same request. What is no token is done when the second person has approved.");
        api.MapGet("/approvals/{id}", FindAsync).ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("GetApproval").WithSummary("One request for approval");
        api.MapPost("/approvals/{id}/refuse", RefuseAsync).ProducesProblem(400).ProducesProblem(401).ProducesProblem(422).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("RefuseApproval")
            .WithSummary("Takes back a request that this client made");
        api.MapPost("/approvals/{id}/give", GiveAsync).ProducesProblem(400).ProducesProblem(401).ProducesProblem(422).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("GiveApproval")
            .WithSummary("Refused for every key: people approve, at the portal or at the machine");
        api.MapPut("/management-tokens/{id}", PutAsync).Accepts<ManagementTokenRequest>("application/json")
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("PutManagementToken").WithSummary("Asks for a token that nobody pays for")
            .WithDescription("The caller makes the id; the same request again is the same request. Two people approve, then the token is fetched with GET.");
        api.MapGet("/management-tokens/{id}", CollectAsync).ProducesProblem(400).ProducesProblem(401).ProducesProblem(422).ProducesProblem(403).ProducesProblem(429).Needs(ApiScopes.Operate).WithName("GetManagementToken")
            .WithSummary("The token of an approved request; the same however often it is fetched");
    }

    private static async Task<Results<Ok<ListResponse<ApprovalLine>>, ProblemHttpResult>> ListAsync(int? limit, [FromServices] IApprovalView approvals, CancellationToken cancellationToken) =>
        limit is < 1 or > MostLines
            ? Problems.BadParameter("limit", $"1 to {MostLines}")
            : TypedResults.Ok(ListResponse.Of(await approvals.ListAsync(limit ?? DefaultLimit, cancellationToken)));

    private static async Task<Results<Ok<ApprovalLine>, ProblemHttpResult>> FindAsync(string id, [FromServices] IApprovalView approvals, CancellationToken cancellationToken)
    {
        if (!TryReadId(id, out Guid request)) return BadId();
        return await approvals.FindAsync(request, cancellationToken) is { } found ? TypedResults.Ok(found) : Problems.NotFound(VendingCodes.ApprovalUnknown, "There is no such request.");
    }

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> RefuseAsync(string id, ClaimsPrincipal client, [FromServices] IApprovalView approvals, CancellationToken cancellationToken) =>
        TryReadId(id, out Guid request) ? Answer(await approvals.RefuseAsync(request, Caller(client), cancellationToken)) : BadId();

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> GiveAsync(string id, ClaimsPrincipal client, [FromServices] IApprovalView approvals, CancellationToken cancellationToken) =>
        TryReadId(id, out Guid request) ? Answer(await approvals.GiveAsync(request, Caller(client), cancellationToken)) : BadId();

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> PutAsync(string id, HttpRequest request, ClaimsPrincipal client, [FromServices] IApprovalView approvals, CancellationToken cancellationToken)
    {
        if (!TryReadId(id, out Guid wanted)) return BadId();
        (ManagementTokenRequest? body, ProblemHttpResult? problem) = await JsonBody.ReadAsync<ManagementTokenRequest>(request, cancellationToken);
        if (body is null) return problem!;
        if (!ApprovalKinds.TryParse(body.Kind, out ApprovalKind kind) || kind == ApprovalKind.Budget || ApprovalKinds.IsAct(kind))
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, VendingCodes.RequestMalformed, "kind is none that is issued here.");
        var wish = new Wish(body.Kind, body.MeterPan, body.Value, body.FromMeterPan, body.Reference);
        return Answer(await approvals.AskAsync(wanted, wish, body.Reason, Caller(client), cancellationToken));
    }

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> AskAsync(string id, HttpRequest request, ClaimsPrincipal client, [FromServices] IApprovalView approvals, CancellationToken cancellationToken)
    {
        if (!TryReadId(id, out Guid wanted)) return BadId();
        (ApprovalRequestBody? body, ProblemHttpResult? problem) = await JsonBody.ReadAsync<ApprovalRequestBody>(request, cancellationToken);
        if (body is null) return problem!;
        return body is { Wish: { } wish, Reason: { } reason }
            ? Answer(await approvals.AskAsync(wanted, wish, reason, Caller(client), cancellationToken))
            : Problems.Of(StatusCodes.Status422UnprocessableEntity, VendingCodes.RequestMalformed, "wish and reason are both needed.");
    }

    private static async Task<Results<Ok<DecisionAnswer>, ProblemHttpResult>> CollectAsync(string id, [FromServices] IApprovalView approvals, CancellationToken cancellationToken) =>
        TryReadId(id, out Guid request) ? Answer(await approvals.CollectAsync(request, cancellationToken)) : BadId();

    /// <summary>A key is a program's, whoever holds it.</summary>
    private static ApprovalPerson Caller(ClaimsPrincipal client) => ApprovalPerson.Program(client.Identity?.Name ?? string.Empty);

    private static Results<Ok<DecisionAnswer>, ProblemHttpResult> Answer(DecisionAnswer answer) => answer.IsDone
        ? TypedResults.Ok(answer)
        : Problems.Of(answer.Code == VendingCodes.OrderIdReused ? StatusCodes.Status409Conflict : StatusCodes.Status422UnprocessableEntity, answer.Code!, answer.Detail ?? string.Empty);

    private static bool TryReadId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id) && id != Guid.Empty;

    private static ProblemHttpResult BadId() => Problems.BadParameter("id", "a UUID in the form 8-4-4-4-12, not all zeros");
}
