using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Latchkey.Vending.Makers.Calin;

/// <summary>Asks a CALIN-style service for tokens over HTTP.</summary>
/// <remarks>
/// The services of this family are not idempotent: they take no id of the caller's, and the same purchase sent twice is two tokens. So there is no
/// retry in here, and what cannot be read is unknown. Nothing is logged: requests hold passwords, answers hold tokens.
/// </remarks>
public sealed class CalinTokenService : IMakerTokenService, IDisposable
{
    /// <summary>Answers have a few hundred bytes.</summary>
    private const int MaxAnswerBytes = 64 * 1024;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private readonly CalinOptions _options;
    private readonly HttpClient _http;

    /// <exception cref="ArgumentException">The options cannot be used.</exception>
    public CalinTokenService(CalinOptions options)
        : this(options, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync })
    {
    }

    internal CalinTokenService(CalinOptions options, HttpMessageHandler handler)
    {
        if (options.Fault is { } fault) throw new ArgumentException(fault, nameof(options));
        string address = options.BaseAddress.AbsoluteUri;
        _options = options with { BaseAddress = new Uri(address.EndsWith('/') ? address : address + "/") };
        _http = new HttpClient(handler) { Timeout = options.Timeout };
    }

    public bool KnowsRequests => _options.FindCall is not null;

    public bool Makes(MakerTokenKind kind) => Enum.IsDefined(kind);

    public async Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken) =>
        Scrubbed(await SendAsync(CalinCalls.NameOf(wish.Kind), CalinCalls.BodyOf(_options, wish), wish, cancellationToken).ConfigureAwait(false));

    public async Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken)
    {
        if (_options.FindCall is not { } call) return new MakerOutcome.Unknown("this service finds nothing");
        MakerOutcome outcome = await SendAsync(call, CalinCalls.FindBodyOf(_options, wish), wish, cancellationToken).ConfigureAwait(false);
        return outcome is MakerOutcome.Made ? outcome : new MakerOutcome.Unknown("the service does not say");
    }

    public void Dispose() => _http.Dispose();

    private async Task<MakerOutcome> SendAsync(string call, byte[] body, MakerWish wish, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_options.BaseAddress, call));
            // A connection of its own: one that died in the pool would leave it open whether the request was read.
            request.Headers.ConnectionClose = true;
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);

            // These come from before the service's own work: nothing was made. Whatever else is not 200 may come from behind it.
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.TooManyRequests)
                return new MakerOutcome.NotSent($"the service's door answers {(int)response.StatusCode}");
            if (response.StatusCode != HttpStatusCode.OK) return new MakerOutcome.Unknown($"the service answers {(int)response.StatusCode}");
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
            return CalinAnswer.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), wish);
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new MakerOutcome.Unknown("the answer is too long");
        }
        catch (HttpRequestException fault)
        {
            bool neverSent = fault.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            return neverSent ? new MakerOutcome.NotSent("the service cannot be reached") : new MakerOutcome.Unknown("the line broke");
        }
        catch (Exception fault) when (fault is IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new MakerOutcome.Unknown("no answer came in time");
        }
    }

    /// <summary>A host that does not answer at all is a socket's failure and not a time-out of the exchange: nothing was sent to it.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectTime);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, patience.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private MakerOutcome Scrubbed(MakerOutcome outcome) => outcome is not MakerOutcome.Refused refused
        ? outcome
        : refused with { Reason = (_options.VendPassword ?? _options.Password).Scrub(_options.Password.Scrub(refused.Reason)) };
}
