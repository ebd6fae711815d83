namespace Latchkey.Dlms.Transport.Serving;

/// <summary>How much a host takes upon itself for peers that it does not know.</summary>
public sealed record DlmsHostLimits
{
    /// <summary>TCP connections at once; beyond that the oldest without an association makes room, and where there is none the new one is closed.</summary>
    public int MaxConnections { get; init; } = 10_240;

    /// <summary>Senders of datagrams remembered at once.</summary>
    public int MaxDatagramPeers { get; init; } = 1_024;

    /// <summary>How long a connection may live without an association.</summary>
    public TimeSpan WithoutAssociation { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a frame may take from its first octet to its last, and an answer to leave.</summary>
    public TimeSpan PerFrame { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may say nothing.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(120);
}
