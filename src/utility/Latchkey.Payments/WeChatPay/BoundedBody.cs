namespace Latchkey.Payments.WeChatPay;

/// <summary>Reads a body up to a limit: a peer must not make us hold more.</summary>
internal static class BoundedBody
{
    /// <summary>The body, or null when it is longer than <paramref name="maxBytes"/>.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes) return null;
        using Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        byte[] part = new byte[8192];
        while (await stream.ReadAsync(part, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            if (body.Length + read > maxBytes) return null;
            body.Write(part, 0, read);
        }

        return body.ToArray();
    }
}
