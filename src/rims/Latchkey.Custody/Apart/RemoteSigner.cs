using System.Net.Sockets;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Custody.Apart;

/// <summary>
/// A signer in another process of this machine. It connects when it is asked, and again when the line has broken; where no answer comes, the outcome is
/// <c>signer-unavailable</c>: the order stays held, and asking again gives the token it got or gets.
/// </summary>
/// <remarks>One request at a time on one line, as the flow of orders asks. A reconciliation, which takes long, has a line of its own.</remarks>
public sealed class RemoteSigner(RemoteSignerOptions options, TimeProvider time) : IOutsideSigner, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private SignerLine? _line;
    private uint _number;

    // Nothing is known before the first connection, and a warning too many does less harm than one too few. No token comes without a connection.
    private volatile bool _isDevelopment = true;

    public bool IsDevelopment => _isDevelopment;

    public async Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) =>
        (await SignAsync([(order, held)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
    {
        var outcomes = new SignOutcome[orders.Count];
        Array.Fill(outcomes, new SignOutcome.Refused(VendingCodes.EntryMismatch));
        int[] sendable = [.. Enumerable.Range(0, orders.Count).Where(i => SignerWire.IsSendable(orders[i].Order))];
        foreach (int[] part in sendable.Chunk(SignerWire.MaxOrders))
        {
            SignerAnswer? answer = await AskAsync(new SignerRequest.Sign([.. part.Select(i => orders[i])]), cancellationToken).ConfigureAwait(false);
            IReadOnlyList<SignOutcome>? said = answer is SignerAnswer.Outcomes { Each: var each } && each.Count == part.Length ? each : null;
            for (int i = 0; i < part.Length; i++) outcomes[part[i]] = said?[i] ?? Unknown;
        }

        return outcomes;
    }

    public async Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) =>
        await AskAsync(new SignerRequest.SignManagement(issue, posted), cancellationToken).ConfigureAwait(false) is SignerAnswer.Outcomes { Each: [var only] } ? only : Unknown;

    public async Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken)
    {
        if (change.Tid is null) return new KeyChangeSigned(VendingCodes.EntryMissing, []);
        SignerAnswer? answer = await AskAsync(new SignerRequest.SignKeyChange(change, posted), cancellationToken).ConfigureAwait(false);
        return answer is SignerAnswer.KeyChangeTokens { Signed: var signed } && (signed.Refusal is not null || signed.Tokens.Count == change.TokenCount)
            ? signed
            : new KeyChangeSigned(VendingCodes.SignerUnavailable, []);
    }

    public async Task<bool> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) =>
        await AskAsync(new SignerRequest.Cancel(orderId, entryId), cancellationToken).ConfigureAwait(false) is SignerAnswer.Cancelled { IsPromised: true };

    /// <exception cref="CustodyException">The signer did not answer: nobody knows that the key is stopped. <c>latchkey keys stop</c> does it beside the signer.</exception>
    public async Task StopAsync(string keyId, string reason, CancellationToken cancellationToken)
    {
        if (await AskAsync(new SignerRequest.Stop(keyId, reason), cancellationToken).ConfigureAwait(false) is not SignerAnswer.Stopped)
            throw new CustodyException("The signer did not answer; stop the key with 'latchkey keys stop' in its directory.");
    }

    public async Task<Reconciliation> ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            using SignerLine line = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            SignerAnswer? answer = await ExchangeAsync(line, 2, new SignerRequest.Reconcile(), options.ReconcileTimeout, cancellationToken).ConfigureAwait(false);
            return answer is SignerAnswer.Reconciled { Report: var report } ? report : Reconciliation.Missed(VendingCodes.SignerUnavailable);
        }
        catch (Exception e) when (IsOfTheLine(e, cancellationToken))
        {
            return Reconciliation.Missed(VendingCodes.SignerUnavailable);
        }
    }

    public void Dispose()
    {
        _line?.Dispose();
        _turn.Dispose();
    }

    private static SignOutcome.Refused Unknown => new(VendingCodes.SignerUnavailable);

    /// <summary>The answer, or null where none came. A line that turns out to be broken is made anew once: every request may be sent twice.</summary>
    private async Task<SignerAnswer?> AskAsync(SignerRequest request, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            bool wasOpen = _line is not null;
            (SignerAnswer? answer, bool isBroken) = await TryAsync(request, cancellationToken).ConfigureAwait(false);
            if (isBroken && wasOpen) (answer, _) = await TryAsync(request, cancellationToken).ConfigureAwait(false);
            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(SignerAnswer? Answer, bool IsBroken)> TryAsync(SignerRequest request, CancellationToken cancellationToken)
    {
        bool isWhole = false;
        try
        {
            _line ??= await ConnectAsync(cancellationToken).ConfigureAwait(false);
            _number = unchecked(_number + 1);
            SignerAnswer? answer = await ExchangeAsync(_line, _number, request, options.Timeout, cancellationToken).ConfigureAwait(false);
            isWhole = answer is not null;
            return (answer, IsBroken: !isWhole);
        }
        catch (TimeoutException)
        {
            // A signer that is slow is not helped by being asked twice.
            return (null, IsBroken: false);
        }
        catch (Exception e) when (IsOfTheLine(e, cancellationToken))
        {
            return (null, IsBroken: true);
        }
        finally
        {
            // What did not end whole must not leave an answer behind that the next request would take for its own.
            if (!isWhole) Drop();
        }
    }

    private void Drop()
    {
        _line?.Dispose();
        _line = null;
    }

    private async Task<SignerLine> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = await SignerSocket.ConnectAsync(options.SocketPath, cancellationToken).ConfigureAwait(false);
        var line = new SignerLine(socket);
        try
        {
            // Whoever listens there would get orders and could hand out tokens that open nothing.
            if (options.SignerUser is { } expected && SignerSocket.PeerUser(socket) != expected) throw new IOException("Another user listens at the signer's socket.");
            SignerAnswer? answer = await ExchangeAsync(line, 1, new SignerRequest.Hello(), options.Timeout, cancellationToken).ConfigureAwait(false);
            if (answer is not SignerAnswer.Welcome welcome) throw new IOException("Whoever listens at the signer's socket is no signer of this version.");
            _isDevelopment = welcome.IsDevelopment;
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    private async Task<SignerAnswer?> ExchangeAsync(SignerLine line, uint number, SignerRequest request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var ending = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ending.Token, cancellationToken);
        try
        {
            (byte kind, byte[] payload) = SignerWire.Encode(request);
            await line.SendAsync(kind, number, payload, both.Token).ConfigureAwait(false);
            return await line.ReceiveAsync(both.Token).ConfigureAwait(false) is { } frame && frame.Number == number
                && SignerWire.TryDecode(frame.Kind, frame.Payload, out SignerAnswer? answer) ? answer : null;
        }
        catch (OperationCanceledException e) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The signer did not answer in time.", e);
        }
    }

    private static bool IsOfTheLine(Exception e, CancellationToken cancellationToken) =>
        (e is SocketException or IOException or TimeoutException or ObjectDisposedException) && !cancellationToken.IsCancellationRequested;
}

/// <param name="SocketPath">Where the signer listens.</param>
public sealed record RemoteSignerOptions(string SocketPath)
{
    /// <summary>The number of the user as whom the signer runs; null believes whoever listens there.</summary>
    public uint? SignerUser { get; init; }

    /// <summary>Past it the outcome is not known and the order stays held.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A reconciliation reads everything.</summary>
    public TimeSpan ReconcileTimeout { get; init; } = TimeSpan.FromHours(1);
}
