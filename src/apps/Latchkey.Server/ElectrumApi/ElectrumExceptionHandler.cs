using Microsoft.AspNetCore.Diagnostics;

namespace Latchkey.Server.ElectrumApi;

/// <summary>A failure under the contract's addresses: the client is told that the outcome is unknown and asks again. What went wrong is logged, never told.</summary>
internal sealed partial class ElectrumExceptionHandler(ILogger<ElectrumExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!httpContext.Request.Path.StartsWithSegments(ElectrumEndpoints.BasePath, StringComparison.OrdinalIgnoreCase)) return false;
        var error = new ElectrumError(StatusCodes.Status500InternalServerError, ErrorTypes.OutcomeUnknown, "Outcome unknown", "The server could not finish; retry until the outcome is known.");
        if (exception is BadHttpRequestException bad) error = ElectrumError.Format("The request could not be read.") with { Status = bad.StatusCode };
        else LogFailure(httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName ?? "no endpoint", exception);
        ElectrumTrace trace = ElectrumTrace.Of(httpContext);
        await error.For(trace.Type, trace.Id, trace.OriginalId).ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(EventId = 9011, Level = LogLevel.Error, Message = "{Method} at {Endpoint} failed; the vending client was told to ask again")]
    private partial void LogFailure(string method, string endpoint, Exception exception);
}
