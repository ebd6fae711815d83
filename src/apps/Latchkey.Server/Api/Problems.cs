using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Server.Api;

/// <summary>Errors as RFC 9457 problem details. The title is the stable code that programs compare; the detail is for people.</summary>
internal static class Problems
{
    internal const string TypePrefix = "urn:latchkey:problem:";
    internal const string MalformedBody = "malformed-body";
    internal const string InternalError = "internal-error";
    private const string RetryAfterSeconds = "10";

    internal static ProblemHttpResult Of(int status, string code, string detail) => TypedResults.Problem(
        statusCode: status, title: code, detail: detail, type: TypePrefix + code, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });

    /// <summary>The signer does not answer: the same request may be sent again, not before what it holds is finished once it is back.</summary>
    internal static ProblemHttpResult SignerAway(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Of(StatusCodes.Status503ServiceUnavailable, VendingCodes.SignerUnavailable, detail);
    }

    internal static ProblemHttpResult Malformed(string detail) => Of(StatusCodes.Status400BadRequest, MalformedBody, detail);

    internal static ProblemHttpResult BadParameter(string name, string rule) => Of(StatusCodes.Status400BadRequest, "malformed-parameter", $"{name}: {rule}");

    internal static ProblemHttpResult NotFound(string code, string detail) => Of(StatusCodes.Status404NotFound, code, detail);

    /// <summary>The code and the advice for a status that no endpoint explained.</summary>
    internal static (string Code, string Detail) ForStatus(int status) => status switch
    {
        StatusCodes.Status400BadRequest => ("malformed-request", "The request could not be read."),
        StatusCodes.Status401Unauthorized => ("api-key-missing", "Send a valid API key as 'Authorization: Bearer lk_…' or 'X-Api-Key: lk_…'."),
        StatusCodes.Status403Forbidden => ("not-allowed", "This key may not do that."),
        StatusCodes.Status404NotFound => ("no-such-route", "There is nothing at this address. The routes are listed in /openapi/v1.json."),
        StatusCodes.Status405MethodNotAllowed => ("method-not-allowed", "This address does not take that method; see the Allow header."),
        StatusCodes.Status413PayloadTooLarge => ("body-too-large", "The body is larger than this address takes."),
        StatusCodes.Status415UnsupportedMediaType => ("unsupported-media-type", "Send the body as application/json."),
        StatusCodes.Status429TooManyRequests => ("too-many-requests", "Too many requests at once; try again after the time in Retry-After."),
        StatusCodes.Status503ServiceUnavailable => ("unavailable", "The service cannot answer now; the same request may be sent again."),
        _ => (InternalError, "The server could not complete the request; the same request with the same id may be sent again."),
    };
}
