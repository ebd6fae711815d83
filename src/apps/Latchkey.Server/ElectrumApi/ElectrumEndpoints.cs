using System.Security.Claims;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>The prepaid-utility contract v3 under <c>/prepaidutility/v3</c>, for third-party vending clients.</summary>
internal static class ElectrumEndpoints
{
    public const string BasePath = "/prepaidutility";

    private delegate Task<IResult> Call(ElectrumDesk desk, ElectrumRequest request, string client, CancellationToken cancellationToken);

    private delegate Task<IResult> AdviceCall(ElectrumDesk desk, ElectrumRequest request, Guid original, string client, CancellationToken cancellationToken);

    internal static IServiceCollection AddElectrum(this IServiceCollection services, ElectrumRooms rooms) =>
        services.AddSingleton(rooms.Settings).AddSingleton(new ElectrumDesk(rooms));

    internal static void MapElectrum(this WebApplication app, string limit)
    {
        // A server without the contract has no such addresses.
        if (app.Services.GetService<ElectrumDesk>() is null) return;
        RouteGroupBuilder api = app.MapGroup(BasePath + "/v3").DisableAntiforgery().RequireRateLimiting(limit).ExcludeFromDescription()
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(ElectrumSignIn.SchemeName).RequireRole(ElectrumSignIn.Role));
        api.AddEndpointFilter(new ElectrumGate(app.Services.GetRequiredService<Access.ClientTraffic>()).InvokeAsync);
        api.Map("/meterLookups/{id}", RequestTypes.Lookup, (desk, request, client, stop) => desk.LookUpAsync(request, client, stop));
        api.Map("/tokenPurchases/{id}", RequestTypes.Purchase, (desk, request, client, stop) => desk.PurchaseAsync(request, client, stop));
        api.Map("/tokenReprints/{id}", RequestTypes.Reprint, (desk, request, client, stop) => desk.ReprintAsync(request, client, stop));
        api.Map("/faultReports/{id}", RequestTypes.FaultReport, (desk, request, client, stop) => desk.ReportFaultAsync(request, client, stop));

        api.Map("/keyChangeTokenRequests/{id}", RequestTypes.KeyChange, (desk, request, client, stop) => desk.ChangeKeyAsync(request, client, stop));
        api.MapAdvice("/keyChangeTokenRequests/{original}/confirmations/{id}", RequestTypes.Confirmation, (desk, request, original, client, stop) =>
            desk.AdviseKeyChangeAsync(request, original, client, ClientMessageKind.KeyChangeConfirmation, RequestTypes.Confirmation, stop));
        api.MapAdvice("/keyChangeTokenRequests/{original}/reversals/{id}", RequestTypes.Reversal, (desk, request, original, client, stop) =>
            desk.AdviseKeyChangeAsync(request, original, client, ClientMessageKind.KeyChangeReversal, RequestTypes.Reversal, stop));

        // The contract's text and its clients differ by a letter here, so both are served.
        foreach (string trial in (string[])["trial", "trials"])
            api.Map($"/tokenPurchases/{trial}/{{id}}", RequestTypes.Purchase, (desk, request, client, stop) => desk.TrialAsync(request, client, stop));
        api.MapAdvice("/tokenPurchases/{original}/confirmations/{id}", RequestTypes.Confirmation, (desk, request, original, client, stop) => desk.ConfirmAsync(request, original, client, stop));
        api.MapAdvice("/tokenPurchases/{original}/reversals/{id}", RequestTypes.Reversal, (desk, request, original, client, stop) => desk.ReverseAsync(request, original, client, stop));
        api.MapAdvice("/tokenPurchases/{original}/retries/{id}", RequestTypes.Retry, (desk, request, original, client, stop) => desk.RetryAsync(request, original, client, stop));
        api.MapPost("/tokenPurchases/{original}/retry", async (string original, HttpContext http, ElectrumDesk desk, CancellationToken stop) =>
            await AdviseAsync(http, desk, original, id: null, RequestTypes.Retry, (d, request, first, client, s) => d.RetryAsync(request, first, client, s), stop));

        // Anything else under this address is answered in the contract's words, too.
        app.Map(BasePath + "/{**rest}", (HttpContext http) => ElectrumError.NoSuchFunction.For(ElectrumTrace.Of(http).Type, ElectrumTrace.Of(http).Id))
            .DisableAntiforgery().ExcludeFromDescription().AllowAnonymous();
    }

    private static void Map(this RouteGroupBuilder api, string route, string type, Call call) =>
        api.MapPost(route, async (string id, HttpContext http, ElectrumDesk desk, CancellationToken stop) =>
        {
            ElectrumTrace.Keep(http, new ElectrumTrace(type, Shortened(id), null));
            (ElectrumRequest? request, ElectrumError? error) = await ElectrumRequest.ReadAsync(http.Request, id, stop);
            error ??= request!.MissingOfARequest();
            return error is not null ? error.For(type, Shortened(id)) : await call(desk, request!, ClientOf(http), stop);
        });

    private static void MapAdvice(this RouteGroupBuilder api, string route, string type, AdviceCall call) =>
        api.MapPost(route, (string original, string id, HttpContext http, ElectrumDesk desk, CancellationToken stop) => AdviseAsync(http, desk, original, id, type, call, stop));

    /// <param name="id">The message's id where the address has one; null takes the body's.</param>
    private static async Task<IResult> AdviseAsync(
        HttpContext http, ElectrumDesk desk, string original, string? id, string type, AdviceCall call, CancellationToken stop)
    {
        ElectrumTrace.Keep(http, new ElectrumTrace(type, Shortened(id ?? original), Shortened(original)));
        (ElectrumRequest? request, ElectrumError? error) = await ElectrumRequest.ReadAsync(http.Request, id, stop);
        if (request is not null) ElectrumTrace.Keep(http, new ElectrumTrace(type, request.IdText, Shortened(original)));
        error ??= type == RequestTypes.Retry ? request!.MissingOfARequest() : request!.MissingOfAnAdvice(needsReason: type == RequestTypes.Reversal);
        if (error is not null || request is null) return error!.For(type, request?.IdText ?? Shortened(id ?? original), Shortened(original));
        return ElectrumRequest.TryId(original, out Guid first)
            ? await call(desk, request, first, ClientOf(http), stop)
            : ElectrumError.NotFound.For(type, request.IdText, Shortened(original));
    }

    private static string ClientOf(HttpContext http) => http.User.FindFirstValue(ClaimTypes.Name) ?? string.Empty;

    private static string Shortened(string text) => text.Length <= 64 ? text : text[..64];
}
