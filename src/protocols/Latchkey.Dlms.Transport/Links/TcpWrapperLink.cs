using System.Buffers;
using System.Net.Sockets;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Transport.Links;

/// <summary>The wrapper over TCP, from the client's side.</summary>
/// <remarks>Source: IEC 62056-47.</remarks>
public sealed class TcpWrapperLink : IDlmsLink
{
    private readonly Socket _socket;
    private readonly LinkAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly byte[] _input = new byte[WrapperFrame.HeaderSize + ushort.MaxValue];
    private int _filled;

    private TcpWrapperLink(Socket socket, LinkAddresses addresses, TimeProvider time) => (_socket, _addresses, _time) = (socket, addresses, time);

    /// <inheritdoc/>
    public int MaxApdu => ushort.MaxValue;

    /// <summary>Connects to a meter.</summary>
    public static async Task<TcpWrapperLink> ConnectAsync(
        string host, int port, LinkAddresses addresses, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return new TcpWrapperLink(socket, addresses, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask OpenAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> apdu, CancellationToken cancellationToken)
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent(apdu.Length + WrapperFrame.HeaderSize);
        try
        {
            ReadOnlyMemory<byte> rest = frame.AsMemory(0, Frame(apdu.Span, frame));
            while (!rest.IsEmpty) rest = rest[await _socket.SendAsync(rest, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame, clearArray: true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReceiveAsync(Memory<byte> apdu, TimeSpan silence, CancellationToken cancellationToken) =>
        Silence.AfterAsync(_time, silence, stop => NextAsync(apdu, stop), nothing: 0, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<int> NextAsync(Memory<byte> apdu, CancellationToken stop)
    {
        while (true)
        {
            while (TryTake(apdu.Span, out int size))
            {
                if (size > 0) return size;
            }

            int read = await _socket.ReceiveAsync(_input.AsMemory(_filled), SocketFlags.None, stop).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the meter closed the connection");
            _filled += read;
        }
    }

    // Takes one frame out of the input; its size is 0 when it belongs to other addresses.
    private bool TryTake(Span<byte> apdu, out int size)
    {
        size = 0;
        OperationStatus status = WrapperFrame.Read(_input.AsSpan(0, _filled), ushort.MaxValue, out WrapperFrame frame, out int consumed);
        if (status == OperationStatus.InvalidData) throw new IOException("what came is no wrapper frame");
        if (status != OperationStatus.Done) return false;
        bool ours = frame.SourcePort == _addresses.Server && frame.DestinationPort == _addresses.Client;
        if (ours && frame.Apdu.TryCopyTo(apdu)) size = frame.Apdu.Length;
        _input.AsSpan(consumed, _filled - consumed).CopyTo(_input);
        _filled -= consumed;
        return true;
    }

    private int Frame(ReadOnlySpan<byte> apdu, Span<byte> output) =>
        new WrapperFrame { SourcePort = _addresses.Client, DestinationPort = _addresses.Server, Apdu = apdu }.Write(output);
}
