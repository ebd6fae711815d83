using System.Buffers;
using Latchkey.Dlms.Link.Hdlc;

namespace Latchkey.Dlms.Transport.Links;

/// <summary>HDLC over an open line, from the client's side: a TCP connection, an optical head, a serial port.</summary>
/// <remarks>The client has the word: after a silence it asks the meter where it stands (RR), never repeating a built frame.
/// Source: IEC 62056-46.</remarks>
public sealed class HdlcLink : IDlmsLink
{
    private const int Attempts = 4;
    private const int BufferSize = 8_192;
    private readonly Stream _line;
    private readonly TimeProvider _time;
    private readonly TimeSpan _response;
    private readonly HdlcClientStation _station;
    private readonly byte[] _input = new byte[BufferSize];
    private readonly byte[] _output = new byte[2 * BufferSize];
    private int _filled;
    private bool _hasTurn;

    /// <summary>A link over an open line, which it then owns.</summary>
    /// <param name="line">The line.</param>
    /// <param name="client">The client's address, its SAP.</param>
    /// <param name="server">The meter's address.</param>
    /// <param name="parameters">What to propose.</param>
    /// <param name="response">How long the meter may take for a frame.</param>
    /// <param name="maxApdu">The longest APDU taken.</param>
    /// <param name="time">The clock of the waiting.</param>
    public HdlcLink(Stream line, byte client, HdlcAddress server, HdlcParameters parameters, TimeSpan response, int maxApdu, TimeProvider time)
    {
        (_line, _response, _time, MaxApdu) = (line, response, time, maxApdu);
        _station = new HdlcClientStation(HdlcAddress.Client(client), server, parameters, maxApdu);
    }

    /// <inheritdoc/>
    public int MaxApdu { get; }

    /// <inheritdoc/>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts && !_station.IsConnected; attempt++)
        {
            await WriteAsync(_station.Connect(_output), cancellationToken).ConfigureAwait(false);
            (HdlcClientEvent happened, _) = await NextAsync(default, _response, cancellationToken).ConfigureAwait(false);
            if (happened is HdlcClientEvent.Disconnected or HdlcClientEvent.Rejected) break;
        }

        if (!_station.IsConnected) throw new IOException("the meter does not answer SNRM");
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellationToken)
    {
        int size = _station.Send(apdu.Span, _output);
        if (size == 0) throw new IOException("the data link is not open, or the APDU is too long for it");
        _hasTurn = false;
        await WriteAsync(size, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReceiveAsync(Memory<byte> apdu, TimeSpan silence, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (_time.GetElapsedTime(start) < silence)
        {
            // The meter speaks only when it was asked to.
            if (_hasTurn) await WriteAsync(_station.Poll(_output), cancellationToken).ConfigureAwait(false);
            _hasTurn = true;
            (HdlcClientEvent happened, int size) = await NextAsync(apdu, _response, cancellationToken).ConfigureAwait(false);
            if (happened == HdlcClientEvent.ApduReceived) return size;
            if (happened is HdlcClientEvent.Disconnected or HdlcClientEvent.Rejected) throw new IOException("the meter ended the data link");
        }

        return 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_station.IsConnected)
        {
            try
            {
                await WriteAsync(_station.Disconnect(_output), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The line is gone, and with it the data link.
            }
        }

        await _line.DisposeAsync().ConfigureAwait(false);
    }

    // Takes frames until something happened that the caller must know, or the meter is silent.
    private async ValueTask<(HdlcClientEvent Happened, int Size)> NextAsync(Memory<byte> apdu, TimeSpan silence, CancellationToken cancellationToken)
    {
        while (true)
        {
            bool taken = TryTake(apdu.Span, out HdlcClientEvent happened, out int written, out int size);
            if (written > 0) await WriteAsync(written, cancellationToken).ConfigureAwait(false);
            if (happened is not (HdlcClientEvent.None or HdlcClientEvent.Send)) return (happened, size);
            if (taken) continue;
            int read = await Silence.AfterAsync(
                _time, silence, stop => ReadAsync(stop), nothing: -1, cancellationToken).ConfigureAwait(false);
            if (read < 0) return (HdlcClientEvent.None, 0);
            if (read == 0) throw new EndOfStreamException("the line has ended");
            _filled += read;
        }
    }

    private ValueTask<int> ReadAsync(CancellationToken stop) => _line.ReadAsync(_input.AsMemory(_filled), stop);

    private bool TryTake(Span<byte> apdu, out HdlcClientEvent happened, out int written, out int size)
    {
        (happened, written, size) = (HdlcClientEvent.None, 0, 0);
        OperationStatus status = HdlcFrame.Read(_input.AsSpan(0, _filled), out HdlcFrame frame, out int consumed);
        if (status == OperationStatus.Done)
        {
            happened = _station.Receive(frame, _output, out written, out ReadOnlySpan<byte> whole);
            if (happened == HdlcClientEvent.ApduReceived && whole.TryCopyTo(apdu)) size = whole.Length;
        }

        _input.AsSpan(consumed, _filled - consumed).CopyTo(_input);
        _filled -= consumed;
        return status == OperationStatus.Done;
    }

    private async ValueTask WriteAsync(int size, CancellationToken cancellationToken)
    {
        await _line.WriteAsync(_output.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
        await _line.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
