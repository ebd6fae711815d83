using System.Threading.RateLimiting;
using Latchkey.Server.Access;
using Latchkey.Server.ElectrumApi;
using Latchkey.Server.Receipts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Latchkey.Server.Api;

/// <summary>REST API version 1, its description and its reference page.</summary>
internal static class LatchkeyApi
{
    private const string Limit = "api";
    private const int AtOnce = 256, Waiting = 1024;

    internal static IServiceCollection AddLatchkeyApi(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context => Explain(context.ProblemDetails));
        services.AddExceptionHandler<ElectrumExceptionHandler>().AddExceptionHandler<ApiExceptionHandler>();
        services.AddSingleton<DailySpend>();
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never);
        services.AddOpenApi("v1", options => options.AddDocumentTransformer(Describe));
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddConcurrencyLimiter(Limit, limiter =>
            {
                limiter.PermitLimit = AtOnce;
                limiter.QueueLimit = Waiting;
                limiter.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
            });
        });
        return services;
    }

    internal static void MapLatchkeyApi(this WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup("/v1").DisableAntiforgery().RequireRateLimiting(Limit)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(PortalRoles.ApiKeyScheme).RequireRole(PortalRoles.ApiClient));
        var gate = new ApiGate(app.Services.GetRequiredService<ClientTraffic>());
        api.AddEndpointFilter(gate.InvokeAsync);
        api.MapPurchases();
        api.MapReadings();
        api.MapProgrammes();
        app.MapElectrum(Limit);
        api.MapReceipts();
        app.MapPaymentCallbacks();
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference("/scalar", options => options.WithTitle("Latchkey API").DisableDefaultFonts()).AllowAnonymous();
    }

    private static void Explain(Microsoft.AspNetCore.Mvc.ProblemDetails problem)
    {
        if (problem.Type?.StartsWith(Problems.TypePrefix, StringComparison.Ordinal) == true) return;
        (string code, string detail) = Problems.ForStatus(problem.Status ?? StatusCodes.Status500InternalServerError);
        (problem.Title, problem.Detail, problem.Type) = (code, detail, Problems.TypePrefix + code);
        problem.Extensions["code"] = code;
    }

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "Latchkey";
        document.Info.Description =
            "Prepaid electricity: purchases, meters, readings, deliveries and messages. Errors are problem details of RFC 9457; their title is a stable code.";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[PortalRoles.ApiKeyScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The API key, printed once when it is made.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(PortalRoles.ApiKeyScheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
