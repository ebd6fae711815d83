using System.Text.Json;

namespace Latchkey.Server.Api;

/// <summary>Reads a JSON body strictly and within a limit, so that every malformed one gets the same clear answer.</summary>
internal static class JsonBody
{
    private const int LargestBytes = 16 * 1024;

    internal static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
        RespectNullableAnnotations = true,
    };

    /// <summary>The value, or the problem that says what is wrong with the body.</summary>
    internal static async Task<(T? Value, Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Problem)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken, int largestBytes = LargestBytes)
        where T : class
    {
        if (!request.HasJsonContentType()) return (null, ForStatus(StatusCodes.Status415UnsupportedMediaType));
        if (await RawBody.ReadAsync(request, largestBytes, cancellationToken) is not { } body) return (null, ForStatus(StatusCodes.Status413PayloadTooLarge));
        try
        {
            T? value = JsonSerializer.Deserialize<T>(body.Span, Options);
            return value is null ? (null, Problems.Malformed("The body is null; a JSON object is expected.")) : (value, null);
        }
        catch (JsonException malformed)
        {
            // The reader's own message may quote the body; the place is enough to find the fault.
            string place = malformed.Path is { Length: > 0 } path ? $" at {path}" : string.Empty;
            return (null, Problems.Malformed($"The body is not the JSON object that this address takes{place}."));
        }
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult ForStatus(int status)
    {
        (string code, string detail) = Problems.ForStatus(status);
        return Problems.Of(status, code, detail);
    }
}
