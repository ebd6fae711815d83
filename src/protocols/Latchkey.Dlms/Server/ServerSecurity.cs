using System.Security.Cryptography;
using Latchkey.Dlms.Security;

namespace Latchkey.Dlms.Server;

/// <summary>Fills challenges; a server needs octets that nobody can foretell.</summary>
public interface IChallengeSource
{
    /// <summary>Fills the whole span.</summary>
    void Fill(Span<byte> challenge);
}

/// <summary>A meter's title, global keys and counters.</summary>
public sealed class ServerSecurity : IDisposable
{
    private const int MaxPeers = 32;
    private readonly IInvocationCounterStore _store;
    private readonly Action<KeySlot, ReadOnlyMemory<byte>>? _keyChanged;
    private Dictionary<SystemTitle, ReceiveCounter> _received = [];
    private Dictionary<SystemTitle, ReceiveCounter> _previousReceived = [];
    private readonly Dictionary<SystemTitle, ReceiveCounter> _transported = [];
    private CipherKey? _previous;
    private CipherKey? _broadcast;
    private readonly byte[] _encryption;
    private readonly byte[] _authentication;
    private readonly byte[] _master;
    private readonly byte[]?[] _staged = new byte[]?[4];
    private CipherKey _global;
    private TransmitCounter _transmit;

    /// <summary>Takes copies of the keys: global encryption (GUEK), authentication (GAK) and master key (KEK).</summary>
    /// <param name="title">The meter's title.</param>
    /// <param name="suite">The suite of the keys.</param>
    /// <param name="encryption">GUEK.</param>
    /// <param name="authentication">GAK.</param>
    /// <param name="master">KEK.</param>
    /// <param name="store">Where counters survive.</param>
    /// <param name="keyChanged">Makes a transferred key durable; called before the key is used. Null where keys are not to survive.</param>
    public ServerSecurity(
        SystemTitle title, SecuritySuite suite, ReadOnlySpan<byte> encryption, ReadOnlySpan<byte> authentication, ReadOnlySpan<byte> master,
        IInvocationCounterStore store, Action<KeySlot, ReadOnlyMemory<byte>>? keyChanged = null)
    {
        (Title, Suite, _store, _keyChanged) = (title, suite, store, keyChanged);
        (_encryption, _authentication, _master) = (encryption.ToArray(), authentication.ToArray(), master.ToArray());
        _global = new CipherKey(suite, _encryption, _authentication);
        _transmit = new TransmitCounter(store, KeySlot.GlobalUnicastEncryption);
    }

    /// <summary>The meter's title.</summary>
    public SystemTitle Title { get; }

    /// <summary>The suite of the keys.</summary>
    public SecuritySuite Suite { get; }

    /// <summary>The counter that will be sent next.</summary>
    public ulong NextTransmit => _transmit.Next;

    /// <summary>The lowest counter that will be taken from a client; what the public client reads at 0.0.43.1.e.255.</summary>
    public uint ExpectedFrom(SystemTitle client) => Counter(client).Expected;

    /// <summary>Told when all keys of one transfer were handed over: they become durable together, before any is used.</summary>
    public Action? KeysTransferred { get; init; }

    /// <summary>Wraps a notification in general-glo-ciphering, authenticated and encrypted; 0 when it does not fit or the key has no counter left.</summary>
    public int ProtectNotification(ReadOnlySpan<byte> notification, Span<byte> output) => new CipherSession(Title, default, _global, _transmit, new ReceiveCounter())
        .Protect(ProtectionFamily.GeneralGlobal, SecurityControl.AuthenticatedAndEncrypted(Suite), notification, output);

    /// <summary>GBEK, for APDUs that are sent to many meters at once; empty where none is held.</summary>
    public ReadOnlyMemory<byte> Broadcast
    {
        init => SetBroadcast(value.Span);
    }

    /// <summary>Key pairs and certificates, which suites 1 and 2 need; null where there are none.</summary>
    public PublicKeys? PublicKeys { get; init; }

    /// <summary>Told of a raised policy, to make it durable.</summary>
    public Action<SecurityPolicy>? PolicyRaised { get; init; }

    /// <summary>What every association with ciphering must hold to besides its own policy; it is only ever raised.</summary>
    public SecurityPolicy Policy { get; private set; }

    /// <summary>Adds to the policy; false where something would be taken away.</summary>
    public bool TryRaisePolicy(SecurityPolicy policy)
    {
        if (!policy.Has(Policy)) return false;
        if (policy == Policy) return true;
        PolicyRaised?.Invoke(policy);
        Policy = policy;
        return true;
    }

    /// <summary>Changes with every change of keys: associations made before are over.</summary>
    internal int Generation { get; private set; }

    internal CipherSession CreateSession(SystemTitle client) => new(
        Title, client, _global, _transmit, Counter(client), _broadcast,
        _broadcast is null ? null : new ReceiveCounter(_store, KeySlot.GlobalBroadcastEncryption, client));

    internal EndToEndSession CreateEndToEnd(CipherSession session)
    {
        if (!_transported.TryGetValue(session.Peer, out ReceiveCounter? counter))
            counter = new ReceiveCounter(_store, KeySlot.Transported, session.Peer);
        return new EndToEndSession(session, PublicKeys, _master, counter);
    }

    internal CipherKey CreateKey(ReadOnlySpan<byte> dedicated) => new(Suite, dedicated, _authentication);

    /// <summary>Keeps a sender's counter once one of its messages has verified; before that, titles cost no memory.</summary>
    internal void Remember(CipherSession session)
    {
        if (_received.Count < MaxPeers) _received.TryAdd(session.Peer, session.Receive);
        if (_transported.Count < MaxPeers && !_transported.ContainsKey(session.Peer))
            _transported[session.Peer] = new ReceiveCounter(_store, KeySlot.Transported, session.Peer);
    }

    /// <summary>Unwraps a new key under the master key; it takes effect with <see cref="ApplyStaged"/>, after the answer under the old keys.</summary>
    internal bool TryStage(KeySlot slot, ReadOnlySpan<byte> wrapped)
    {
        Span<byte> key = stackalloc byte[32];
        bool good = slot <= KeySlot.KeyEncryption && wrapped.Length == Suite.KeySize() + KeyWrap.Overhead
            && KeyWrap.TryUnwrap(_master, wrapped, key, out _);
        if (good) _staged[(int)slot] = key[..Suite.KeySize()].ToArray();
        CryptographicOperations.ZeroMemory(key);
        return good;
    }

    /// <summary>Takes a key that was agreed; like a transferred one it takes effect after the answer.</summary>
    internal void Stage(KeySlot slot, ReadOnlySpan<byte> key) => _staged[(int)slot] = key.ToArray();

    internal void DropStaged()
    {
        foreach (byte[]? key in _staged) CryptographicOperations.ZeroMemory(key);
        Array.Clear(_staged);
    }

    /// <summary>Puts transferred keys in force. The old ones stay beside them until an APDU has verified under the new: the answer may be lost.</summary>
    internal bool ApplyStaged()
    {
        bool rekeyed = Changes(KeySlot.GlobalUnicastEncryption, _encryption);
        bool changed = rekeyed | Changes(KeySlot.Authentication, _authentication);
        Take(KeySlot.GlobalUnicastEncryption, _encryption);
        Take(KeySlot.Authentication, _authentication);
        Take(KeySlot.KeyEncryption, _master);
        TakeBroadcast();
        bool any = Array.Exists(_staged, k => k is not null);
        DropStaged();
        if (any) KeysTransferred?.Invoke();

        // The same keys once more, from a client that did not hear the answer: starting counters again would repeat nonces.
        if (!changed) return false;
        _previous?.Dispose();
        (_previous, _previousReceived) = (_global, _received);
        _global = new CipherKey(Suite, _encryption, _authentication);
        if (rekeyed)
        {
            _received = [];
            _store.ForgetReceived(KeySlot.GlobalUnicastEncryption);

            // What is sent goes on counting, so that a key that comes back one day meets no nonce again; only a spent counter starts anew.
            if (_transmit.IsNearEnd)
            {
                _store.SaveTransmit(KeySlot.GlobalUnicastEncryption, 0);
                _transmit = new TransmitCounter(_store, KeySlot.GlobalUnicastEncryption);
            }
        }

        Generation = unchecked(Generation + 1);
        return true;
    }

    /// <summary>A session under the keys before the last transfer; null once the new ones were used.</summary>
    internal CipherSession? CreatePreviousSession(SystemTitle client) =>
        _previous is not null && _previousReceived.TryGetValue(client, out ReceiveCounter? counter)
            ? new CipherSession(Title, client, _previous, _transmit, counter)
            : null;

    /// <summary>Whether the keys before the last transfer still hold.</summary>
    internal bool HoldsPrevious => _previous is not null;

    /// <summary>An APDU has verified under the new keys: the old ones are over.</summary>
    internal void DiscardPrevious()
    {
        _previous?.Dispose();
        _previous = null;
        _previousReceived = [];
    }

    private bool Changes(KeySlot slot, byte[] current) =>
        _staged[(int)slot] is byte[] staged && !CryptographicOperations.FixedTimeEquals(staged, current);

    private void Take(KeySlot slot, byte[] current)
    {
        if (!Changes(slot, current)) return;
        _keyChanged?.Invoke(slot, _staged[(int)slot]);
        _staged[(int)slot]!.CopyTo(current, 0);
    }

    private void TakeBroadcast()
    {
        if (_staged[(int)KeySlot.GlobalBroadcastEncryption] is not byte[] key) return;
        _keyChanged?.Invoke(KeySlot.GlobalBroadcastEncryption, key);
        SetBroadcast(key);
        _store.ForgetReceived(KeySlot.GlobalBroadcastEncryption);
    }

    private void SetBroadcast(ReadOnlySpan<byte> key)
    {
        _broadcast?.Dispose();
        _broadcast = key.IsEmpty ? null : new CipherKey(Suite, key, _authentication);
    }

    private ReceiveCounter Counter(SystemTitle client) =>
        _received.TryGetValue(client, out ReceiveCounter? known) ? known : new ReceiveCounter(_store, KeySlot.GlobalUnicastEncryption, client);

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        _global.Dispose();
        _previous?.Dispose();
        _broadcast?.Dispose();
        CryptographicOperations.ZeroMemory(_encryption);
        CryptographicOperations.ZeroMemory(_authentication);
        CryptographicOperations.ZeroMemory(_master);
    }
}
