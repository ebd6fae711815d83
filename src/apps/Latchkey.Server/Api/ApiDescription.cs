using System.Text.Json.Nodes;
using Latchkey.Server.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Latchkey.Server.Api;

/// <summary>Says of every operation which scope it asks for, what each refusal is called, and shows a body that works.</summary>
internal static class ApiDescription
{
    private const string Uuid = "3f1c2b9e-0000-4000-8000-000000000001";

    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["400"] = "malformed-body, malformed-parameter, malformed-request",
        ["401"] = "api-key-missing, api-key-expired, client-disabled, client-certificate-needed, client-certificate-mismatch, client-certificate-unknown",
        ["403"] = "scope-missing, address-not-allowed",
        ["413"] = "body-too-large",
        ["429"] = "rate-limit, concurrency-limit; Retry-After says when to come again",
        ["503"] = "unavailable, or the code of a purchase under way: send the same request again",
    };

    // What the codes of docs/diagnostics.md are at each address.
    private static readonly Dictionary<string, (string Status, string Text)[]> OwnCodes = new(StringComparer.Ordinal)
    {
        ["PutPurchase"] = [("409", "purchase-id-reused"), ("422", "day-limit, currency-unknown, payment-reference-too-long, or a code of selling such as unknown-meter, meter-blocked, amount-too-low")],
        ["GetPurchase"] = [("404", "unknown-purchase")],
        ["TryPurchase"] = [("422", "currency-unknown, or a code of selling such as unknown-meter, meter-blocked, amount-too-low")],
        ["ReversePurchase"] = [("404", "unknown-purchase"), ("409", "token-already-issued"), ("503", "signer-unavailable")],
        ["ReprintPurchase"] = [("404", "unknown-purchase")],
        ["ConfirmPurchase"] = [("404", "unknown-purchase")],
        ["PriceByTariff"] = [("404", "unknown-tariff"), ("422", "amount-too-low, amount-too-high, time-of-use, demand-unknown, beyond-token, beyond-last-block")],
        ["PutApproval"] = [("409", "purchase-id-reused"), ("422", "request-malformed, unknown-meter, unknown-vendor, currency-mismatch, key-missing, key-changed-meanwhile, budget-missing, too-many-approvals")],
        ["PutWebhook"] = [("409", "webhook-not-added")],
    };

    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["PutPurchase"] = """{"meterPan":"600727000000000009","amountMinorUnits":5000,"currency":"CNY","paymentReference":"till-7/1042"}""",
        ["TryPurchase"] = """{"meterPan":"600727000000000009","amountMinorUnits":5000,"currency":"CNY"}""",
        ["ReversePurchase"] = """{"reason":"timeout"}""",
        ["PriceByTariff"] = """{"amountMinorUnits":5000,"boughtTenths":1200,"day":"2026-01-31"}""",
        ["SimulateTariff"] = """{"against":"STARTER","purchases":[{"meter":"600727000000000009","day":"2026-01-03","energyTenths":800}]}""",
        ["PutWebhook"] = """{"url":"https://example.org/hooks","events":["purchase.posted","purchase.credited"]}""",
        ["PutManagementToken"] = """{"kind":"clear-tamper","reason":"storm damage, report 17","meterPan":"600727000000000009"}""",
        ["PutApproval"] = """{"wish":{"kind":"refund","meterPan":"600727000000000009","value":1250,"currency":"CNY"},"reason":"billed twice, case 17"}""",
        ["ReplayWebhooks"] = """{"from":"2026-01-31T00:00:00Z"}""",
    };

    internal static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeNeeded>().LastOrDefault() is { } needed)
            operation.Description = $"{operation.Description}\n\nScope: {string.Join(" or ", needed.AnyOf)}.".Trim();
        foreach ((string status, IOpenApiResponse response) in operation.Responses ?? [])
        {
            if (Codes.TryGetValue(status, out string? codes)) response.Description = codes;
        }

        foreach ((string status, string text) in OwnCodes.GetValueOrDefault(operation.OperationId ?? string.Empty) ?? [])
        {
            if (operation.Responses?.TryGetValue(status, out IOpenApiResponse? response) == true) response.Description = text;
        }

        Show(operation);
        return Task.CompletedTask;
    }

    private static void Show(OpenApiOperation operation)
    {
        if (Bodies.TryGetValue(operation.OperationId ?? string.Empty, out string? body) && operation.RequestBody?.Content?.TryGetValue("application/json", out OpenApiMediaType? media) == true)
            media.Example = JsonNode.Parse(body);
        foreach (OpenApiParameter parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Example = parameter.Name switch
            {
                "purchaseId" => Uuid,
                "pan" or "after" when parameter.In == ParameterLocation.Path => "600727000000000009",
                "id" when operation.OperationId?.Contains("Webhook", StringComparison.Ordinal) == true => Uuid,
                "id" when operation.OperationId?.Contains("Tariff", StringComparison.Ordinal) == true => "STARTER",
                "code" => "kiosk-1",
                _ => parameter.Example,
            };
        }
    }
}
