using Latchkey.Dlms.Server;

namespace Latchkey.Dlms.Transport.Serving;

/// <summary>One connection of a host: the associations over it, and since when it owes something.</summary>
internal abstract class HostPeer
{
    /// <summary>Octets that a link puts in front of an APDU, at most.</summary>
    public const int MaxFrameHead = 64;

    private readonly DlmsHost _host;
    private long _heardAt;
    private long _owedSince;

    protected HostPeer(DlmsHost host)
    {
        _host = host;
        Connection = host.Server.Open();
        OpenedAt = _heardAt = host.Time.GetTimestamp();
    }

    public long OpenedAt { get; }

    /// <summary>A line that is there for good, as a serial port is: time limits end its associations, not the line.</summary>
    public bool IsLine { get; init; }

    /// <summary>Octets held for a frame that is not complete.</summary>
    public abstract int Buffered { get; }

    /// <summary>As of the last APDU or the last second; read without the lock.</summary>
    public bool IsAssociated { get; private set; }

    protected ServerConnection Connection { get; }

    protected DlmsHost Host => _host;

    /// <summary>Serves the connection until it ends. Never throws for what the peer does.</summary>
    public abstract Task RunAsync();

    /// <summary>Closes the connection, from any thread.</summary>
    public abstract void Abort();

    /// <summary>Ends what is overdue; true when the connection itself is.</summary>
    public bool IsOverdue()
    {
        bool halfOpen;
        lock (_host.Gate)
        {
            halfOpen = Connection.Expire();
            IsAssociated = Connection.HasAssociation;
        }

        if (IsLine) return false;
        long owed = Volatile.Read(ref _owedSince);
        TimeSpan silent = _host.Time.GetElapsedTime(Volatile.Read(ref _heardAt));
        return halfOpen || silent >= _host.Limits.Idle
            || (owed != 0 && _host.Time.GetElapsedTime(owed) >= _host.Limits.PerFrame)
            || (!IsAssociated && _host.Time.GetElapsedTime(OpenedAt) >= _host.Limits.WithoutAssociation && silent >= _host.Limits.PerFrame);
    }

    /// <summary>A frame has begun that must be complete soon, or an answer that must leave.</summary>
    protected void Owes()
    {
        if (_owedSince == 0) Volatile.Write(ref _owedSince, Math.Max(1, _host.Time.GetTimestamp()));
    }

    protected void OwesNothing() => Volatile.Write(ref _owedSince, 0);

    protected void Heard() => Volatile.Write(ref _heardAt, _host.Time.GetTimestamp());

    protected void NoteAssociation() => IsAssociated = Connection.HasAssociation;
}
