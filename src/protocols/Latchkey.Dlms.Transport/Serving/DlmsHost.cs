using System.Net;
using System.Net.Sockets;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Server;

namespace Latchkey.Dlms.Transport.Serving;

/// <summary>Puts one DLMS server on the network: wrapper over TCP and UDP, HDLC over TCP or any other line.</summary>
/// <remarks>The server is touched under <see cref="Gate"/> only; whoever drives the meter behind it takes the same lock. A connection that is
/// silent holds no buffer, one without an association never more than 2 KiB. Source: IEC 62056-46, IEC 62056-47.</remarks>
public sealed class DlmsHost : IAsyncDisposable
{
    private const int SocketBuffer = 8_192;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<HostPeer> _peers = [];
    private readonly List<IDisposable> _sockets = [];
    private readonly List<Task> _loops = [];
    private readonly byte[] _output = new byte[ushort.MaxValue + HostPeer.MaxFrameHead];
    private bool _stopping;

    /// <summary>A host for a server. Nothing listens until it is told to.</summary>
    /// <param name="server">The server.</param>
    /// <param name="time">The clock of the time limits.</param>
    /// <param name="limits">The limits; null for the usual ones.</param>
    /// <param name="gate">The lock that guards the server and the meter behind it; null for one of its own.</param>
    public DlmsHost(DlmsServer server, TimeProvider time, DlmsHostLimits? limits = null, Lock? gate = null)
    {
        (Server, Time, Limits, Gate) = (server, time, limits ?? new DlmsHostLimits(), gate ?? new Lock());
        _loops.Add(SweepAsync());
    }

    /// <summary>The lock that guards the server and the meter behind it.</summary>
    public Lock Gate { get; }

    /// <summary>TCP connections and senders of datagrams that are known now.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_peers) return _peers.Count;
        }
    }

    /// <summary>Octets that connections hold now for frames that are not complete.</summary>
    public long BufferedOctets
    {
        get
        {
            lock (_peers) return _peers.Sum(p => (long)p.Buffered);
        }
    }

    internal DlmsServer Server { get; }

    internal TimeProvider Time { get; }

    internal DlmsHostLimits Limits { get; }

    /// <summary>Where answers are written, under <see cref="Gate"/>.</summary>
    internal byte[] Output => _output;

    /// <summary>Takes the wrapper over TCP; returns the address with the port that was given.</summary>
    public IPEndPoint ListenTcp(IPEndPoint at) => Listen(at, socket => new WrapperPeer(this, socket));

    /// <summary>Takes HDLC over TCP, one line per connection.</summary>
    public IPEndPoint ListenHdlc(IPEndPoint at, HdlcAddress address, HdlcParameters? parameters = null) =>
        Listen(at, socket => new HdlcPeer(this, new NetworkStream(socket, ownsSocket: true), address, parameters ?? HdlcPeer.Usual));

    /// <summary>Takes the wrapper over UDP.</summary>
    public IPEndPoint ListenUdp(IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(at);
        Keep(socket, new DatagramLoop(this, socket).RunAsync(_stop.Token));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Serves HDLC on an open line, a serial port for example, until the line ends.</summary>
    public void ServeLine(Stream line, HdlcAddress address, HdlcParameters? parameters = null)
    {
        var peer = new HdlcPeer(this, line, address, parameters ?? HdlcPeer.Usual) { IsLine = true };
        if (!TryAdd(peer)) throw new InvalidOperationException("the host is at its limit of connections");
        _ = peer.RunAsync();
    }

    /// <summary>Closes every socket and waits until all is quiet.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        HostPeer[] open;
        lock (_peers)
        {
            _stopping = true;
            open = [.. _peers];
        }

        foreach (IDisposable socket in _sockets) socket.Dispose();
        foreach (HostPeer peer in open) peer.Abort();
        await Task.WhenAll(_loops).ConfigureAwait(false);
        _stop.Dispose();
    }

    internal bool TryAdd(HostPeer peer)
    {
        HostPeer? oldest = null;
        lock (_peers)
        {
            if (_stopping) return false;
            if (_peers.Count >= Limits.MaxConnections && (oldest = OldestWithoutAssociation()) is null) return false;
            if (oldest is not null) _peers.Remove(oldest);
            _peers.Add(peer);
        }

        oldest?.Abort();
        return true;
    }

    internal void Remove(HostPeer peer)
    {
        lock (_peers) _peers.Remove(peer);
    }

    private IPEndPoint Listen(IPEndPoint at, Func<Socket, HostPeer> open)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            // What the kernel may hold for one connection is bounded too; accepted sockets inherit it.
            ReceiveBufferSize = SocketBuffer, SendBufferSize = SocketBuffer, NoDelay = true,
        };
        socket.Bind(at);
        socket.Listen(1_024);
        Keep(socket, AcceptAsync(socket, open));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private void Keep(Socket socket, Task loop)
    {
        _sockets.Add(socket);
        _loops.Add(loop);
    }

    private async Task AcceptAsync(Socket listener, Func<Socket, HostPeer> open)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket accepted;
            try
            {
                accepted = await listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A peer that went before it was accepted, or no descriptor left: the listener itself is sound; breathe and go on.
                await Task.Delay(TimeSpan.FromMilliseconds(10), Time, CancellationToken.None).ConfigureAwait(false);
                continue;
            }

            HostPeer peer = open(accepted);
            if (TryAdd(peer)) _ = peer.RunAsync();
            else peer.Abort();
        }
    }

    // One timer for all: a timer per connection would cost more than the connection.
    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(SweepEvery, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false)) Sweep();
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private void Sweep()
    {
        HostPeer[] all;
        lock (_peers) all = [.. _peers];
        foreach (HostPeer peer in all)
        {
            if (peer.IsOverdue()) peer.Abort();
        }
    }

    private HostPeer? OldestWithoutAssociation()
    {
        HostPeer? oldest = null;
        foreach (HostPeer peer in _peers)
        {
            if (!peer.IsAssociated && !peer.IsLine && (oldest is null || peer.OpenedAt < oldest.OpenedAt)) oldest = peer;
        }

        return oldest;
    }
}
