namespace Latchkey.Server.Api;

/// <summary>Reads a body as it is, byte for byte, up to a limit.</summary>
internal static class RawBody
{
    private const int Chunk = 4096;

    /// <summary>The bytes, or null when there are more than the limit.</summary>
    internal static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit) return null;
        using var body = new MemoryStream();
        byte[] buffer = new byte[Chunk];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > limit) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
