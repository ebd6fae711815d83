namespace Latchkey.Dlms.Server;

/// <summary>A meter's DLMS server: its objects and associations, over any transport. APDUs in, APDUs out; no I/O.</summary>
/// <remarks>All connections of one server are served by one thread at a time; that is what lets them share buffers and the objects need no
/// locks. Source: IEC 62056-5-3.</remarks>
public sealed class DlmsServer
{
    private readonly Dictionary<ushort, AssociationProfile> _profiles;
    private readonly Dictionary<ushort, (int Objects, byte[] Encoded)> _objectLists = [];

    /// <summary>A server over a device.</summary>
    /// <param name="device">The objects.</param>
    /// <param name="profiles">What each client address is offered.</param>
    /// <param name="security">Title and keys; null where no profile is ciphered.</param>
    /// <param name="challenges">Where challenges come from.</param>
    /// <param name="time">The time by which lock-outs end.</param>
    /// <param name="maxValue">The longest value that can be read or written in blocks, in octets.</param>
    public DlmsServer(
        LogicalDevice device, IEnumerable<AssociationProfile> profiles, ServerSecurity? security, IChallengeSource challenges, TimeProvider time,
        int maxValue = 65_536)
    {
        (Device, Security, Challenges, Time) = (device, security, challenges, time);
        _profiles = profiles.ToDictionary(p => p.Client);
        Lock = new PortLock(time);
        Plain = new byte[ushort.MaxValue];
        Answer = new byte[maxValue];
    }

    /// <summary>The objects.</summary>
    public LogicalDevice Device { get; }

    internal ServerSecurity? Security { get; }

    internal IChallengeSource Challenges { get; }

    internal TimeProvider Time { get; }

    internal PortLock Lock { get; }

    /// <summary>Where requests are deciphered to.</summary>
    internal byte[] Plain { get; }

    /// <summary>Where plain answers are written.</summary>
    internal byte[] Answer { get; }

    /// <summary>Asked before each APDU: lets the meter catch up with its time. False where the meter has no power: then there is silence.</summary>
    public Func<bool>? Entering { get; set; }

    /// <summary>Told after each APDU: lets the meter do what was asked of it.</summary>
    public Action? Leaving { get; set; }

    /// <summary>A new transport connection.</summary>
    public ServerConnection Open() => new(this);

    /// <summary>The encoded object list of a client, made once: it is the longest value of most meters.</summary>
    internal ReadOnlySpan<byte> ObjectList(ushort client)
    {
        if (_objectLists.TryGetValue(client, out (int Objects, byte[] Encoded) known) && known.Objects == Device.Count) return known.Encoded;
        DeviceObject[] visible = [.. Visible(client)];
        var writer = new Axdr.AxdrWriter(new byte[Answer.Length]);
        Axdr.AxdrDataExtensions.Array(ref writer, visible.Length);
        foreach (DeviceObject entry in visible) AssociationObject.WriteEntry(entry, client, withRights: true, ref writer);
        byte[] encoded = writer.Overflowed ? [] : writer.Written.ToArray();
        _objectLists[client] = (Device.Count, encoded);
        return encoded;
    }

    /// <summary>The current association, and the objects on which a client has any right.</summary>
    internal IEnumerable<DeviceObject> Visible(ushort client)
    {
        bool proves = _profiles.TryGetValue(client, out AssociationProfile? profile) && profile.Mechanism >= Acse.AuthenticationMechanism.Manufacturer;
        return Device.Objects.Where(o => o.IsVisibleTo(client)).Prepend(AssociationObject.Entry(client, proves));
    }

    internal AssociationProfile? Profile(ushort client) => _profiles.GetValueOrDefault(client);
}

/// <summary>One transport connection: the associations that clients have over it.</summary>
public sealed class ServerConnection(DlmsServer server)
{
    /// <summary>How long an association may wait for its proof.</summary>
    public const int HalfOpenSeconds = 10;

    /// <summary>How long an association may say nothing.</summary>
    public const int IdleSeconds = 120;

    private const int MaxAssociations = 4;
    private readonly Dictionary<ushort, ServerAssociation> _associations = [];

    /// <summary>Whether a client has an association here, authentication finished.</summary>
    public bool IsAssociated(ushort client) => _associations.TryGetValue(client, out ServerAssociation? a) && a.IsAssociated;

    /// <summary>Whether any client has an association here, authentication finished.</summary>
    public bool HasAssociation
    {
        get
        {
            foreach (ServerAssociation association in _associations.Values)
            {
                if (association.IsAssociated) return true;
            }

            return false;
        }
    }

    /// <summary>Ends associations whose proof or next word is overdue. A transport calls it about once a second.</summary>
    /// <returns>Whether an association that waited for its proof was ended.</returns>
    public bool Expire()
    {
        bool halfOpen = false;
        foreach (ServerAssociation association in _associations.Values)
        {
            double silent = server.Time.GetElapsedTime(association.HeardAt).TotalSeconds;
            bool overdue = association.IsProving && server.Time.GetElapsedTime(association.AskedAt).TotalSeconds >= HalfOpenSeconds;
            halfOpen |= overdue;
            if (overdue || (association.IsAssociated && silent >= IdleSeconds)) association.Close();
        }

        return halfOpen;
    }

    /// <summary>The longest APDU that a transport should take from this client now.</summary>
    public int MaxReceivePdu(ushort client) =>
        IsAssociated(client) ? server.Profile(client)!.MaxReceivePdu : Link.Wrapper.WrapperFrame.MaxApduBeforeAssociation;

    /// <summary>Serves one APDU and writes the answer.</summary>
    /// <param name="client">The client's address.</param>
    /// <param name="apdu">The APDU, whatever it holds.</param>
    /// <param name="output">Room for the answer: as much as the client takes, at least 256 octets.</param>
    /// <returns>Octets of the answer; 0 is silence.</returns>
    public int Process(ushort client, ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!_associations.TryGetValue(client, out ServerAssociation? association))
        {
            if (server.Profile(client) is not AssociationProfile profile || _associations.Count == MaxAssociations)
                return ServerAssociation.RefuseUnknown(apdu, output);
            association = new ServerAssociation(server, profile);
            _associations.Add(client, association);
        }

        if (server.Entering?.Invoke() == false) return 0;
        int size = association.Process(apdu, output);
        server.Leaving?.Invoke();
        return size;
    }

    /// <summary>After <see cref="Process"/>: writes the next block where the answer goes out in a stream of general blocks; 0 when there is none.
    /// A transport calls it until then.</summary>
    public int Continue(ushort client, Span<byte> output) =>
        _associations.TryGetValue(client, out ServerAssociation? association) ? association.Continue(output) : 0;

    /// <summary>The transport has closed: every association is over.</summary>
    public void Close()
    {
        foreach (ServerAssociation association in _associations.Values) association.Close();
        _associations.Clear();
    }
}
