using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Latchkey.Payments.WeChatPay;

/// <summary>What one exchange gave. A closed set.</summary>
internal abstract record Answer
{
    private Answer()
    {
    }

    /// <summary>A verified answer with a success status.</summary>
    public sealed record Good(byte[] Body) : Answer;

    /// <summary>An error answer. Its signature is not asked for: errors may be unsigned, and none of them can make a payment paid.</summary>
    public sealed record Error(ErrorMeaning Meaning, string Code, string Detail) : Answer;

    public sealed record Unavailable(string Code) : Answer;
}

/// <summary>Signs requests, sends them, and lets nothing back in that is not verified. Keeps the platform certificates fresh.</summary>
internal sealed class WeChatPayClient(
    HttpClient http, WeChatPayOptions options, MerchantCredential credential, ApiV3Key apiKey, PlatformKeyRing keys, TimeProvider time)
    : IDisposable
{
    private const int MaxAnswerBytes = 1024 * 1024;

    /// <summary>A forged serial number must not be able to make us ask for certificates all the time.</summary>
    private static readonly TimeSpan CertificatePause = TimeSpan.FromMinutes(1);

    private readonly AnswerVerifier _verifier = new(keys, options.ClockTolerance, time);
    private readonly SemaphoreSlim _download = new(1, 1);
    private DateTimeOffset _nextDownload = DateTimeOffset.MinValue;

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, [], cancellationToken);

    public Task<Answer> PostAsync(string path, byte[] body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>Verifies; when the key is not known, fetches the platform certificates once and verifies again.</summary>
    public async Task<Verification> VerifyAsync(SignatureFields fields, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        Verification first = _verifier.Verify(fields, body.Span);
        if (first != Verification.SerialUnknown || fields.Serial.StartsWith(PlatformKey.PublicKeyPrefix, StringComparison.Ordinal)) return first;
        return await TryDownloadAsync(cancellationToken).ConfigureAwait(false) ? _verifier.Verify(fields, body.Span) : first;
    }

    public void Dispose() => _download.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            (int status, SignatureFields fields, byte[]? content) =
                await ExchangeAsync(method, path, body, cancellationToken).ConfigureAwait(false);
            if (content is null) return new Answer.Unavailable(PaymentCodes.BodyTooLong);
            if (status is < 200 or > 299) return ErrorOf(status, content);

            Verification verification = await VerifyAsync(fields, content, cancellationToken).ConfigureAwait(false);
            return verification == Verification.Genuine ? new Answer.Good(content) : new Answer.Unavailable(PaymentCodes.AnswerNotVerified);
        }
        catch (Exception fault) when (IsWorldFailing(fault, cancellationToken))
        {
            return new Answer.Unavailable(PaymentCodes.ProviderUnreachable);
        }
    }

    private async Task<(int Status, SignatureFields Fields, byte[]? Content)> ExchangeAsync(
        HttpMethod method, string path, byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(options.BaseAddress, path.TrimStart('/')));
        string authorization = credential.Authorization(
            method.Method, request.RequestUri!.PathAndQuery, time.GetUtcNow().ToUnixTimeSeconds(), NewNonce(), body);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("User-Agent", "Latchkey/0.1");
        if (keys.PreferredPublicKeyId is { } id) request.Headers.TryAddWithoutValidation(SignatureFields.SerialName, id);
        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using HttpResponseMessage response = await http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        byte[]? content = await BoundedBody.ReadAsync(response.Content, MaxAnswerBytes, cancellationToken).ConfigureAwait(false);
        SignatureFields fields = SignatureFields.From(
            name => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(',', values) : string.Empty);
        return ((int)response.StatusCode, fields, content);
    }

    private static Answer ErrorOf(int status, byte[] content)
    {
        using JsonDocument? json = JsonFields.TryParse(content);
        (ErrorMeaning meaning, string code) = ErrorTable.Find(status, json?.RootElement.Text("code"));
        string detail = json?.RootElement.Text("message") ?? string.Empty;
        return new Answer.Error(meaning, code, detail.Length > 200 ? detail[..200] : detail);
    }

    private async Task<bool> TryDownloadAsync(CancellationToken cancellationToken)
    {
        await _download.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < _nextDownload) return false;
            _nextDownload = now + CertificatePause;

            (int status, SignatureFields fields, byte[]? content) =
                await ExchangeAsync(HttpMethod.Get, "/v3/certificates", [], cancellationToken).ConfigureAwait(false);
            if (status != 200 || content is null) return false;

            // The list vouches for itself: only the holder of our APIv3 key could seal it, and a certificate inside must have signed it.
            IReadOnlyList<PlatformKey> found = CertificateList.Read(content, apiKey);
            var candidate = new AnswerVerifier(new PlatformKeyRing(found.DistinctBy(k => k.Id, StringComparer.Ordinal)), options.ClockTolerance, time);
            AnswerVerifier judge = keys.Find(fields.Serial, now) is null ? candidate : _verifier;
            if (judge.Verify(fields, content) != Verification.Genuine) return false;
            keys.Add(found, now);
            return true;
        }
        catch (Exception fault) when (IsWorldFailing(fault, cancellationToken))
        {
            return false;
        }
        finally
        {
            _download.Release();
        }
    }

    // A time-out of HttpClient looks like a cancellation; a real cancellation must go on to the caller.
    private static bool IsWorldFailing(Exception fault, CancellationToken cancellationToken) =>
        fault is HttpRequestException or IOException
        || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string NewNonce() => RandomNumberGenerator.GetHexString(32);
}
