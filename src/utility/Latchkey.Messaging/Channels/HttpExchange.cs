using System.Net.Http.Headers;

namespace Latchkey.Messaging.Channels;

/// <summary>How an exchange ended.</summary>
internal enum ExchangeEnd
{
    Answered = 0,

    /// <summary>No connection: nothing was sent.</summary>
    NotSent = 1,

    /// <summary>Broken off or timed out: it may have been sent.</summary>
    Unknown = 2,
}

/// <summary>One HTTP exchange with a bounded answer. A world that fails is a result, not an exception.</summary>
internal static class HttpExchange
{
    private const int MaxAnswerBytes = 256 * 1024;

    public static async Task<(ExchangeEnd End, int Status, byte[] Body)> SendAsync(
        HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using HttpResponseMessage response = await http
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);

            // A longer answer ends as a broken line does.
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
            return (ExchangeEnd.Answered, (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (HttpRequestException fault)
        {
            bool neverSent = fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            return (neverSent ? ExchangeEnd.NotSent : ExchangeEnd.Unknown, 0, []);
        }
        catch (Exception fault) when (fault is IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A time-out of HttpClient looks like a cancellation; a real cancellation goes on to the caller.
            return (ExchangeEnd.Unknown, 0, []);
        }
    }
}
