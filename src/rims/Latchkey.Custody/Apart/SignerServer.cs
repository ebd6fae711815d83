using System.Net.Sockets;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Microsoft.Extensions.Logging;

namespace Latchkey.Custody.Apart;

/// <summary>Serves a signer to other processes of this machine over a Unix socket. It knows its clients by the kernel's word, and speaks to nobody else.</summary>
public sealed class SignerServer : IAsyncDisposable
{
    private readonly IOutsideSigner _signer;
    private readonly SignerServerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<uint> _users;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _reconciling = new(1, 1);
    private readonly HashSet<Task> _served = [];
    private readonly Task _accepting;

    private SignerServer(IOutsideSigner signer, SignerServerOptions options, TimeProvider time, ILogger logger, Socket socket)
    {
        (_signer, _options, _time, _logger, _socket) = (signer, options, time, logger, socket);
        _users = [0, SignerSocket.OwnUser, .. options.ClientUsers];
        _accepting = AcceptAsync();
    }

    /// <summary>Listens until disposed; the signer stays its owner's.</summary>
    /// <exception cref="CustodyException">Nothing can listen there.</exception>
    public static SignerServer Start(IOutsideSigner signer, SignerServerOptions options, TimeProvider time, ILogger logger) =>
        new(signer, options, time, logger, SignerSocket.Listen(options.SocketPath));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _accepting.ConfigureAwait(false);
        Task[] left;
        lock (_gate) left = [.. _served];
        await Task.WhenAll(left).ConfigureAwait(false);
        File.Delete(_options.SocketPath);
        _stop.Dispose();
        _reconciling.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket peer = await _socket.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Welcome(peer);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // One that went away before it was taken, or no descriptors left: the next may fare better.
                SignerLog.AcceptFailed(_logger, e.SocketErrorCode);
                await Task.Delay(TimeSpan.FromMilliseconds(100), _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Welcome(Socket peer)
    {
        uint? user = SignerSocket.PeerUser(peer);
        if (user is not { } known || !_users.Contains(known))
        {
            SignerLog.PeerRefused(_logger, user);
            peer.Dispose();
            return;
        }

        lock (_gate)
        {
            if (_served.Count >= _options.ConnectionLimit)
            {
                SignerLog.TooMany(_logger, _options.ConnectionLimit);
                peer.Dispose();
                return;
            }

            Task served = ServeAsync(peer);
            _served.Add(served);
            _ = served.ContinueWith(Forget, TaskScheduler.Default);
        }
    }

    private void Forget(Task served)
    {
        lock (_gate) _served.Remove(served);
    }

    private async Task ServeAsync(Socket peer)
    {
        await Task.Yield();
        using var line = new SignerLine(peer);
        try
        {
            while (await line.ReceiveAsync(_stop.Token).ConfigureAwait(false) is { } frame)
            {
                if (!SignerWire.TryDecode(frame.Kind, frame.Payload, out SignerRequest? request))
                {
                    SignerLog.RequestMalformed(_logger, frame.Kind, frame.Payload.Length);
                    return;
                }

                (byte kind, byte[] payload) = await AnswerAsync(request!).ConfigureAwait(false);
                await line.SendAsync(kind, frame.Number, payload, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or we do: whoever asks again gets the same.
        }
    }

    private async Task<(byte Kind, byte[] Payload)> AnswerAsync(SignerRequest request)
    {
#pragma warning disable CA1031 // whatever fails here is not known to be done or not done, which is what the client is told; the cause is in this log
        try
        {
            return SignerWire.Encode(request switch
            {
                SignerRequest.Hello => new SignerAnswer.Welcome(_signer.IsDevelopment),
                SignerRequest.Sign sign => new SignerAnswer.Outcomes(await _signer.SignAsync(sign.Orders, _stop.Token).ConfigureAwait(false)),
                SignerRequest.SignManagement m => new SignerAnswer.Outcomes([await _signer.SignAsync(m.Issue, m.Posted, _stop.Token).ConfigureAwait(false)]),
                SignerRequest.SignKeyChange c => new SignerAnswer.KeyChangeTokens(await _signer.SignAsync(c.Change, c.Posted, _stop.Token).ConfigureAwait(false)),
                SignerRequest.Cancel c => await CancelAsync(c).ConfigureAwait(false),
                SignerRequest.Stop s => await StopAsync(s).ConfigureAwait(false),
                SignerRequest.Reconcile => await ReconcileAsync().ConfigureAwait(false),
                SignerRequest.Keys keys => new SignerAnswer.HeldKeys(PageOf(await _signer.KeysAsync(_stop.Token).ConfigureAwait(false) ?? [], keys.After)),
                SignerRequest.Signed s => await SignedAsync(s).ConfigureAwait(false),
                _ => new SignerAnswer.Failed(),
            });
        }
        catch (Exception e)
        {
            SignerLog.RequestFailed(_logger, request.GetType().Name, e);
            return SignerWire.Encode(new SignerAnswer.Failed());
        }
#pragma warning restore CA1031
    }

    /// <summary>One at a time: it reads everything there is.</summary>
    private async Task<SignerAnswer> ReconcileAsync()
    {
        await _reconciling.WaitAsync(_stop.Token).ConfigureAwait(false);
        try
        {
            return new SignerAnswer.Reconciled(await _signer.ReconcileAsync(_stop.Token).ConfigureAwait(false));
        }
        finally
        {
            _reconciling.Release();
        }
    }

    private async Task<SignerAnswer> CancelAsync(SignerRequest.Cancel cancel) => await _signer.CancelAsync(cancel.OrderId, cancel.EntryId, _stop.Token).ConfigureAwait(false) switch
    {
        NoTokenPromise.Given => new SignerAnswer.Cancelled(true),
        NoTokenPromise.HasToken => new SignerAnswer.Cancelled(false),
        _ => new SignerAnswer.Failed(),
    };

    private static SignerKey[] PageOf(IReadOnlyList<SignerKey> keys, string after) =>
        [.. keys.Where(k => string.CompareOrdinal(k.KeyId, after) > 0).OrderBy(k => k.KeyId, StringComparer.Ordinal).Take(SignerWire.MaxKeys)];

    private async Task<SignerAnswer> SignedAsync(SignerRequest.Signed asked) =>
        await _signer.SignedAsync(asked.Orders, _stop.Token).ConfigureAwait(false) is { } signed
            ? new SignerAnswer.HasTokens([.. asked.Orders.Select(signed.Contains)])
            : new SignerAnswer.Failed();

    private async Task<SignerAnswer> StopAsync(SignerRequest.Stop stop)
    {
        await _signer.StopAsync(stop.KeyId, stop.Reason, _stop.Token).ConfigureAwait(false);
        return new SignerAnswer.Stopped();
    }
}

internal static partial class SignerLog
{
    [LoggerMessage(5401, LogLevel.Warning, "A process of user {User} was turned away from the signer's socket")]
    public static partial void PeerRefused(ILogger logger, uint? user);

    [LoggerMessage(5402, LogLevel.Warning, "More than {Limit} connections to the signer; one was closed")]
    public static partial void TooMany(ILogger logger, int limit);

    [LoggerMessage(5403, LogLevel.Warning, "A request of kind {Kind} and {Length} bytes cannot be read; its connection was closed")]
    public static partial void RequestMalformed(ILogger logger, byte kind, int length);

    [LoggerMessage(5404, LogLevel.Error, "The signer could not do {Request}; the seller keeps what it held")]
    public static partial void RequestFailed(ILogger logger, string request, Exception exception);

    [LoggerMessage(5405, LogLevel.Warning, "A connection could not be taken: {Error}")]
    public static partial void AcceptFailed(ILogger logger, System.Net.Sockets.SocketError error);
}
