using System.Security.Cryptography;
using System.Text.Json;

namespace Latchkey.Server.Api;

/// <summary>An answer with an ETag of its bytes: who has it already is told so in a few bytes.</summary>
internal static class Tagged
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    public static IResult Json<T>(HttpContext http, T value) => Bytes(http, JsonSerializer.SerializeToUtf8Bytes(value, Format));

    public static IResult Bytes(HttpContext http, byte[] json)
    {
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 12))}\"";
        http.Response.Headers.ETag = tag;
        return http.Request.Headers.IfNoneMatch.Any(known => known?.Contains(tag, StringComparison.Ordinal) == true)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(json, "application/json");
    }
}
