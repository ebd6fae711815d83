using System.Net.Sockets;
using Latchkey.Vending.Reconciliation;
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
    /// <summary>More keys than anybody has: a signer that goes on naming keys is none.</summary>
    private const int MostPages = 128;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private SignerLine? _line;
    private uint _number;

    // Nothing is known before the first connection, and a warning too many does less harm than one too few. No token comes without a connection.
    private volatile bool _isDevelopment = true;
    private volatile string? _ailment;

    public bool IsDevelopment => _isDevelopment;

    public string? Ailment => _ailment;

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

    public async Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) =>
        await AskAsync(new SignerRequest.Cancel(orderId, entryId), cancellationToken).ConfigureAwait(false) is SignerAnswer.Cancelled { IsPromised: var given }
            ? given ? NoTokenPromise.Given : NoTokenPromise.HasToken
            : NoTokenPromise.Unknown;

    /// <exception cref="SignerAwayException">The signer did not answer: nobody knows that the key is stopped. <c>latchkey keys stop</c> does it beside the signer.</exception>
    public async Task StopAsync(string keyId, string reason, CancellationToken cancellationToken)
    {
        if (await AskAsync(new SignerRequest.Stop(keyId, reason), cancellationToken).ConfigureAwait(false) is not SignerAnswer.Stopped)
            throw new SignerAwayException("The signer did not answer; stop the key with 'latchkey keys stop' in its directory.");
    }

    public async Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken)
    {
        List<SignerKey> keys = [];
        for (int page = 0; page < MostPages; page++)
        {
            string after = keys.Count == 0 ? string.Empty : keys[^1].KeyId;
            if (await AskAsync(new SignerRequest.Keys(after), cancellationToken).ConfigureAwait(false) is not SignerAnswer.HeldKeys { Each: var each } || !Rises(after, each)) return null;
            keys.AddRange(each);
            if (each.Count < SignerWire.MaxKeys) return keys;
        }

        return null;
    }

    public async Task<IReadOnlySet<Guid>?> SignedAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken)
    {
        HashSet<Guid> signed = [];
        foreach (Guid[] part in orders.Chunk(SignerWire.MaxOrders))
        {
            if (await AskAsync(new SignerRequest.Signed(part), cancellationToken).ConfigureAwait(false) is not SignerAnswer.HasTokens { Each: var each } || each.Count != part.Length) return null;
            signed.UnionWith(part.Where((_, i) => each[i]));
        }

        return signed;
    }

    public async Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken)
    {
        try
        {
            using SignerLine line = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            SignerAnswer? answer = await ExchangeAsync(line, 2, new SignerRequest.Reconcile(), options.ReconcileTimeout, cancellationToken).ConfigureAwait(false);
            return answer is SignerAnswer.Reconciled { Report: var report } ? report : DailyReconciliation.Missed(VendingCodes.SignerUnavailable);
        }
        catch (Exception e) when (IsOfTheLine(e, cancellationToken))
        {
            return DailyReconciliation.Missed(VendingCodes.SignerUnavailable);
        }
    }

    public void Dispose()
    {
        _line?.Dispose();
        _turn.Dispose();
    }

    /// <summary>A page that does not go on from the one before would be asked for without an end.</summary>
    private static bool Rises(string after, IReadOnlyList<SignerKey> page)
    {
        foreach (SignerKey key in page)
        {
            if (string.CompareOrdinal(key.KeyId, after) <= 0) return false;
            after = key.KeyId;
        }

        return true;
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
            if (answer is not null) _ailment = answer is SignerAnswer.Failed ? SignerAilments.Failing(options.SocketPath) : null;
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
            if (!isWhole) _ailment = SignerAilments.Broken(options.SocketPath);
            return (answer, IsBroken: !isWhole);
        }
        catch (TimeoutException)
        {
            // A signer that is slow is not helped by being asked twice.
            _ailment = SignerAilments.Late(options.SocketPath, options.Timeout);
            return (null, IsBroken: false);
        }
        catch (Exception e) when (IsOfTheLine(e, cancellationToken))
        {
            _ailment = e is SignerHelloException hello ? hello.Message : e is SocketException fault ? SignerAilments.Of(fault, options.SocketPath) : SignerAilments.Broken(options.SocketPath);
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
            if (options.SignerUser is { } expected && SignerSocket.PeerUser(socket) is var found && found != expected) throw new SignerHelloException(SignerAilments.OtherUser(options.SocketPath, found, expected));
            if (await GreetAsync(line, cancellationToken).ConfigureAwait(false) is not SignerAnswer.Welcome welcome) throw new SignerHelloException(SignerAilments.TurnedAway(options.SocketPath));
            _isDevelopment = welcome.IsDevelopment;
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    /// <summary>A signer that does not serve this user closes the line, before or after the greeting has reached it.</summary>
    private async Task<SignerAnswer?> GreetAsync(SignerLine line, CancellationToken cancellationToken)
    {
        try
        {
            return await ExchangeAsync(line, 1, new SignerRequest.Hello(), options.Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return null;
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

/// <summary>A connection came to be, and it is not to the signer that is meant.</summary>
internal sealed class SignerHelloException(string message) : IOException(message);
