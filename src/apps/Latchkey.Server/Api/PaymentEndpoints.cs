namespace Latchkey.Server.Api;

/// <summary>Where payment providers call back. No key is asked: the signature over the raw body is the only proof that counts.</summary>
internal static class PaymentEndpoints
{
    private const int LargestBytes = 64 * 1024;

    internal static void MapPaymentCallbacks(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/payments/wechat/notify", TakeWeChat).AllowAnonymous().DisableAntiforgery()
            .WithTags("Payments").WithName("WeChatPayNotify").WithSummary("WeChat Pay's signed notification")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(401).ProducesProblem(413);

    private static async Task<IResult> TakeWeChat(HttpRequest request, IPaymentCallbacks callbacks, CancellationToken cancellationToken)
    {
        if (await RawBody.ReadAsync(request, LargestBytes, cancellationToken) is not { } body)
        {
            (string code, string detail) = Problems.ForStatus(StatusCodes.Status413PayloadTooLarge);
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, code, detail);
        }

        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        CallbackReply reply = await callbacks.TakeAsync(headers, body, cancellationToken);
        return reply.Refusal is { } refusal ? new Refused(reply.Status, refusal) : TypedResults.StatusCode(reply.Status);
    }

    // WeChat Pay reads "code" and "message"; the rest of the world reads problem details. One document serves both.
    private sealed class Refused(int status, string refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => TypedResults.Problem(
            statusCode: status, title: refusal, detail: "The notification was not accepted; nothing was posted.", type: Problems.TypePrefix + refusal,
            extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = "FAIL", ["message"] = refusal }).ExecuteAsync(httpContext);
    }
}
