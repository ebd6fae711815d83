using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Transport.Links;

/// <summary>How long a session waits, and how often it tries.</summary>
/// <param name="Silence">How long an answer may take.</param>
/// <param name="Attempts">How often one request goes out at most.</param>
public readonly record struct SessionPatience(TimeSpan Silence, int Attempts)
{
    /// <summary>Five seconds, three attempts.</summary>
    public static SessionPatience Usual { get; } = new(TimeSpan.FromSeconds(5), 3);
}

/// <summary>Carries the operations of a client over a link: sends, waits, repeats after silence, follows blocks to the end.</summary>
/// <remarks>Every operation returns why it failed, <see cref="ClientFailureKind.None"/> where it did not; the values are then with
/// <see cref="Client"/>. A lost line throws.</remarks>
public sealed class DlmsSession : IAsyncDisposable
{
    // More turns than any operation needs: a meter that always asks for one more is not followed for ever.
    private const int MaxTurns = 10_000;

    private readonly IDlmsLink _link;
    private readonly SessionPatience _patience;
    private readonly DlmsTrace? _trace;
    private readonly byte[] _request;
    private readonly byte[] _answer;

    /// <summary>A session of a client over a link, which it then owns.</summary>
    public DlmsSession(DlmsClient client, IDlmsLink link, SessionPatience patience, DlmsTrace? trace = null)
    {
        (Client, _link, _patience, _trace) = (client, link, patience, trace);
        (_request, _answer) = (new byte[link.MaxApdu], new byte[link.MaxApdu]);
    }

    /// <summary>The client, with the values of the last operation.</summary>
    public DlmsClient Client { get; }

    /// <summary>Opens the link and associates. A client whose counter was behind catches up and tries once more.</summary>
    public async Task<ClientFailure> AssociateAsync(CancellationToken cancellationToken)
    {
        await _link.OpenAsync(cancellationToken).ConfigureAwait(false);
        ClientFailure failure = await RunAsync(Client.Associate(_request), cancellationToken).ConfigureAwait(false);
        bool behind = failure is { Kind: ClientFailureKind.Exception, Code: (int)ExceptionService.InvocationCounterError };
        return behind ? await RunAsync(Client.Associate(_request), cancellationToken).ConfigureAwait(false) : failure;
    }

    /// <summary>Reads an attribute or a part of it.</summary>
    public Task<ClientFailure> ReadAsync(AttributeDescriptor attribute, SelectiveAccess selection, CancellationToken cancellationToken) =>
        RunAsync(Client.Read(attribute, selection, _request), cancellationToken);

    /// <summary>Reads several attributes.</summary>
    public Task<ClientFailure> ReadListAsync(AttributeList attributes, CancellationToken cancellationToken) =>
        RunAsync(Client.ReadList(attributes, _request), cancellationToken);

    /// <summary>Writes an attribute.</summary>
    public Task<ClientFailure> WriteAsync(AttributeDescriptor attribute, DataView value, CancellationToken cancellationToken) =>
        RunAsync(Client.Write(attribute, value, _request), cancellationToken);

    /// <summary>Calls a method.</summary>
    public Task<ClientFailure> InvokeAsync(MethodDescriptor method, DataView parameter, CancellationToken cancellationToken) =>
        RunAsync(Client.Invoke(method, parameter, _request), cancellationToken);

    /// <summary>Reads, writes and calls in one request.</summary>
    public Task<ClientFailure> AccessAsync(AccessSpecificationList specifications, ReadOnlySpan<byte> data, CancellationToken cancellationToken) =>
        RunAsync(Client.Access(specifications, data, _request), cancellationToken);

    /// <summary>Ends the association.</summary>
    public Task<ClientFailure> ReleaseAsync(CancellationToken cancellationToken) => RunAsync(Client.Release(_request), cancellationToken);

    /// <summary>Closes the link.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private async Task<ClientFailure> RunAsync(int size, CancellationToken cancellationToken)
    {
        if (size == 0) return new ClientFailure(ClientFailureKind.TooLong);
        int attempt = 1;
        for (int turn = 0; turn < MaxTurns; turn++)
        {
            await SendAsync(size, cancellationToken).ConfigureAwait(false);
            (ClientStep step, size) = await AnswerAsync(cancellationToken).ConfigureAwait(false);
            switch (step)
            {
                case ClientStep.Done:
                    return default;
                case ClientStep.Failed:
                    return Client.Failure;
                case ClientStep.Send:
                    attempt = 1;
                    break;
                default:
                    size = attempt++ < _patience.Attempts ? Client.Repeat(_request) : 0;
                    if (size == 0) return new ClientFailure(ClientFailureKind.NoAnswer);
                    break;
            }
        }

        return new ClientFailure(ClientFailureKind.TooLong);
    }

    // Waits for the answer; what belongs to something else is passed over without ending the wait.
    private async Task<(ClientStep Step, int Size)> AnswerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int received = await _link.ReceiveAsync(_answer, _patience.Silence, cancellationToken).ConfigureAwait(false);
            if (received == 0) return (ClientStep.Ignored, 0);
            _trace?.Invoke(sent: false, _answer.AsSpan(0, received));
            ClientStep step = Client.Take(_answer.AsSpan(0, received), _request, out int size);
            if (step != ClientStep.Ignored) return (step, size);
        }
    }

    private async Task SendAsync(int size, CancellationToken cancellationToken)
    {
        while (size > 0)
        {
            _trace?.Invoke(sent: true, _request.AsSpan(0, size));
            await _link.SendAsync(_request.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
            size = Client.Continue(_request);
        }
    }

    /// <summary>Writes several attributes; what became of each is in <see cref="DlmsClient.SetResults"/>.</summary>
    public Task<ClientFailure> WriteListAsync(AttributeList attributes, DataList values, CancellationToken cancellationToken) =>
        RunAsync(Client.WriteList(attributes, values, _request), cancellationToken);

    /// <summary>Calls several methods; what became of each is in <see cref="DlmsClient.MethodResults"/>.</summary>
    public Task<ClientFailure> InvokeListAsync(MethodList methods, DataList parameters, CancellationToken cancellationToken) =>
        RunAsync(Client.InvokeList(methods, parameters, _request), cancellationToken);
}
