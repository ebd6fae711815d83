using System.Net.Sockets;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Transport.Links;

/// <summary>The wrapper over UDP, from the client's side: one datagram, one APDU.</summary>
/// <remarks>Source: IEC 62056-47.</remarks>
public sealed class UdpWrapperLink : IDlmsLink
{
    private const int MaxDatagram = 16_384;
    private readonly Socket _socket;
    private readonly LinkAddresses _addresses;
    private readonly TimeProvider _time;
    private readonly byte[] _output = new byte[MaxDatagram];
    private readonly byte[] _input = new byte[MaxDatagram];

    private UdpWrapperLink(Socket socket, LinkAddresses addresses, TimeProvider time) => (_socket, _addresses, _time) = (socket, addresses, time);

    /// <inheritdoc/>
    public int MaxApdu => MaxDatagram - WrapperFrame.HeaderSize;

    /// <summary>Takes a socket for one meter; nothing is sent yet.</summary>
    public static async Task<UdpWrapperLink> ConnectAsync(
        string host, int port, LinkAddresses addresses, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Dgram, ProtocolType.Udp);
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return new UdpWrapperLink(socket, addresses, time);
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
        int size = Frame(apdu.Span);
        if (size == 0) throw new IOException("the APDU is longer than a datagram");
        await _socket.SendAsync(_output.AsMemory(0, size), SocketFlags.None, cancellationToken).ConfigureAwait(false);
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
        int size;
        do
        {
            int read = await _socket.ReceiveAsync(_input.AsMemory(), SocketFlags.None, stop).ConfigureAwait(false);
            size = Take(_input.AsSpan(0, read), apdu.Span);
        }
        while (size == 0);
        return size;
    }

    private int Take(ReadOnlySpan<byte> datagram, Span<byte> apdu)
    {
        bool ours = WrapperFrame.TryReadDatagram(datagram, ushort.MaxValue, out WrapperFrame frame)
            && frame.SourcePort == _addresses.Server && frame.DestinationPort == _addresses.Client;
        return ours && frame.Apdu.TryCopyTo(apdu) ? frame.Apdu.Length : 0;
    }

    private int Frame(ReadOnlySpan<byte> apdu) =>
        new WrapperFrame { SourcePort = _addresses.Client, DestinationPort = _addresses.Server, Apdu = apdu }.Write(_output);
}
