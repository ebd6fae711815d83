using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Emulators.Hosting;

/// <summary>The request as it came over the wire: signatures are over exactly that.</summary>
internal static class RawRequest
{
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Path and query as sent, whatever prefix the emulator is mapped under.</summary>
    public static string Target(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>The body, or null when it is longer than allowed.</summary>
    public static async Task<byte[]?> BodyAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        byte[] part = new byte[8192];
        while (await context.Request.Body.ReadAsync(part, context.RequestAborted).ConfigureAwait(false) is var read and > 0)
        {
            if (body.Length + read > MaxBodyBytes) return null;
            body.Write(part, 0, read);
        }

        return body.ToArray();
    }
}
