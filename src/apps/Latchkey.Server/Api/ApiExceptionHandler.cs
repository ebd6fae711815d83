using Microsoft.AspNetCore.Diagnostics;

namespace Latchkey.Server.Api;

/// <summary>The one place where a failure becomes an answer. What went wrong is logged here and never told to the caller.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!LatchkeyServer.IsApi(httpContext)) return false;
        int status = exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
        if (status == StatusCodes.Status500InternalServerError) LogFailure(httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName ?? "no endpoint", exception);
        (string code, string detail) = Problems.ForStatus(status);
        httpContext.Response.StatusCode = status;
        await Problems.Of(status, code, detail).ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(EventId = 9001, Level = LogLevel.Error, Message = "{Method} at {Endpoint} failed")]
    private partial void LogFailure(string method, string endpoint, Exception exception);
}
