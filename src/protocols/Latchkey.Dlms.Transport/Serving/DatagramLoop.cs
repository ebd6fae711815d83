using System.Net;
using System.Net.Sockets;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Server;

namespace Latchkey.Dlms.Transport.Serving;

/// <summary>The wrapper over UDP: each sender has its associations, known by its address; one datagram, one APDU.</summary>
internal sealed class DatagramLoop(DlmsHost host, Socket socket)
{
    // A datagram longer than this is cut on reading, and then its length is wrong and it is dropped.
    private const int MaxDatagram = 16_384;
    private readonly Dictionary<SocketAddress, DatagramPeer> _peers = [];
    private readonly byte[] _answer = new byte[MaxDatagram];

    public async Task RunAsync(CancellationToken stop)
    {
        byte[] buffer = new byte[MaxDatagram];
        var sender = new SocketAddress(socket.AddressFamily);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                int size = await socket.ReceiveFromAsync(buffer, SocketFlags.None, sender, stop).ConfigureAwait(false);
                await ServeAsync(buffer.AsMemory(0, size), sender, stop).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // "Port unreachable" for an earlier answer, or no route to a sender: it concerns that sender alone.
            }
        }
    }

    private async Task ServeAsync(ReadOnlyMemory<byte> datagram, SocketAddress sender, CancellationToken stop)
    {
        DatagramPeer? peer = Find(sender, datagram.Span);
        if (peer is null) return;
        int size = Serve(peer, datagram.Span);
        while (size > 0)
        {
            await socket.SendToAsync(_answer.AsMemory(0, size), SocketFlags.None, sender, stop).ConfigureAwait(false);
            size = Next(peer, datagram.Span);
        }
    }

    private DatagramPeer? Find(SocketAddress sender, ReadOnlySpan<byte> datagram)
    {
        if (_peers.TryGetValue(sender, out DatagramPeer? known) && !known.IsClosed) return known;
        if (!WrapperFrame.TryReadDatagram(datagram, WrapperFrame.MaxApduBeforeAssociation, out _)) return null;
        Forget();
        var key = new SocketAddress(sender.Family, sender.Size);
        sender.Buffer.Span[..sender.Size].CopyTo(key.Buffer.Span);
        var peer = new DatagramPeer(host);
        if (_peers.Count >= host.Limits.MaxDatagramPeers || !host.TryAdd(peer)) return null;
        _peers[key] = peer;
        return peer;
    }

    // Sender addresses can be forged, so those without an association go first and soon.
    private void Forget()
    {
        if (_peers.Count < host.Limits.MaxDatagramPeers) return;
        foreach (SocketAddress gone in _peers.Where(p => p.Value.IsClosed).Select(p => p.Key).ToArray()) _peers.Remove(gone);
        if (_peers.Count < host.Limits.MaxDatagramPeers) return;
        (SocketAddress Key, DatagramPeer Peer)? oldest = null;
        foreach ((SocketAddress key, DatagramPeer peer) in _peers)
        {
            if (!peer.IsAssociated && (oldest is null || peer.OpenedAt < oldest.Value.Peer.OpenedAt)) oldest = (key, peer);
        }

        if (oldest is not { } victim) return;
        victim.Peer.Abort();
        _peers.Remove(victim.Key);
    }

    private int Serve(DatagramPeer peer, ReadOnlySpan<byte> datagram)
    {
        lock (host.Gate)
        {
            // Judged once as any wrapper, then by what this client may send now.
            if (!WrapperFrame.TryReadDatagram(datagram, ushort.MaxValue, out WrapperFrame frame)) return 0;
            if (frame.DestinationPort != WrapperPorts.ManagementDevice || frame.Apdu.Length > peer.Link.MaxReceivePdu(frame.SourcePort)) return 0;
            int size = peer.Serve(frame);
            return Wrap(frame, size, host.Output);
        }
    }

    private int Next(DatagramPeer peer, ReadOnlySpan<byte> datagram)
    {
        lock (host.Gate)
        {
            _ = WrapperFrame.TryReadDatagram(datagram, ushort.MaxValue, out WrapperFrame frame);
            return Wrap(frame, peer.Link.Continue(frame.SourcePort, Room(host)), host.Output);
        }
    }

    private int Wrap(WrapperFrame frame, int size, byte[] output)
    {
        if (size == 0) return 0;
        WrapperFrame.WriteHeader(output, frame.DestinationPort, frame.SourcePort, size);
        output.AsSpan(0, size + WrapperFrame.HeaderSize).CopyTo(_answer);
        return size + WrapperFrame.HeaderSize;
    }

    internal static Span<byte> Room(DlmsHost host) => host.Output.AsSpan(WrapperFrame.HeaderSize, MaxDatagram - WrapperFrame.HeaderSize);
}

/// <summary>A sender of datagrams.</summary>
internal sealed class DatagramPeer(DlmsHost host) : HostPeer(host)
{
    public override int Buffered => 0;

    public bool IsClosed { get; private set; }

    public ServerConnection Link => Connection;

    public int Serve(WrapperFrame frame)
    {
        Heard();
        int size = Connection.Process(frame.SourcePort, frame.Apdu, DatagramLoop.Room(Host));
        NoteAssociation();
        return size;
    }

    public override Task RunAsync() => Task.CompletedTask;

    public override void Abort()
    {
        IsClosed = true;
        Host.Remove(this);
        lock (Host.Gate) Connection.Close();
    }
}
