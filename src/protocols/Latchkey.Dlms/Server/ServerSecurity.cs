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
    private readonly Dictionary<SystemTitle, ReceiveCounter> _received = [];
    private readonly byte[] _encryption;
    private readonly byte[] _authentication;
    private readonly byte[] _master;
    private readonly byte[]?[] _staged = new byte[]?[4];
    private CipherKey _global;
    private TransmitCounter _transmit;

    /// <summary>Takes copies of the keys: global encryption (GUEK), authentication (GAK) and master key (KEK).</summary>
    public ServerSecurity(
        SystemTitle title, SecuritySuite suite, ReadOnlySpan<byte> encryption, ReadOnlySpan<byte> authentication, ReadOnlySpan<byte> master,
        IInvocationCounterStore store)
    {
        (Title, Suite, _store) = (title, suite, store);
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

    /// <summary>Changes with every change of keys: associations made before are over.</summary>
    internal int Generation { get; private set; }

    internal CipherSession CreateSession(SystemTitle client) => new(Title, client, _global, _transmit, Counter(client));

    internal CipherKey CreateKey(ReadOnlySpan<byte> dedicated) => new(Suite, dedicated, _authentication);

    /// <summary>Keeps a sender's counter once one of its messages has verified; before that, titles cost no memory.</summary>
    internal void Remember(CipherSession session)
    {
        if (_received.Count < MaxPeers) _received.TryAdd(session.Peer, session.Receive);
    }

    /// <summary>Unwraps a new key under the master key; it takes effect with <see cref="ApplyStaged"/>, after the answer under the old keys.</summary>
    internal bool TryStage(KeySlot slot, ReadOnlySpan<byte> wrapped)
    {
        Span<byte> key = stackalloc byte[32];
        bool good = slot is not KeySlot.GlobalBroadcastEncryption && wrapped.Length == Suite.KeySize() + KeyWrap.Overhead
            && KeyWrap.TryUnwrap(_master, wrapped, key, out _);
        if (good) _staged[(int)slot] = key[..Suite.KeySize()].ToArray();
        CryptographicOperations.ZeroMemory(key);
        return good;
    }

    internal void DropStaged() => Array.Clear(_staged);

    internal bool ApplyStaged()
    {
        if (Array.TrueForAll(_staged, k => k is null)) return false;
        bool rekeyed = _staged[(int)KeySlot.GlobalUnicastEncryption] is not null;
        _staged[(int)KeySlot.GlobalUnicastEncryption]?.CopyTo(_encryption, 0);
        _staged[(int)KeySlot.Authentication]?.CopyTo(_authentication, 0);
        _staged[(int)KeySlot.KeyEncryption]?.CopyTo(_master, 0);
        DropStaged();
        _global.Dispose();
        _global = new CipherKey(Suite, _encryption, _authentication);

        // Counters belong to the encryption key: only a new one lets them start again.
        if (rekeyed)
        {
            _store.Forget(KeySlot.GlobalUnicastEncryption);
            _transmit = new TransmitCounter(_store, KeySlot.GlobalUnicastEncryption);
            _received.Clear();
        }

        Generation = unchecked(Generation + 1);
        return true;
    }

    private ReceiveCounter Counter(SystemTitle client) =>
        _received.TryGetValue(client, out ReceiveCounter? known) ? known : new ReceiveCounter(_store, KeySlot.GlobalUnicastEncryption, client);

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        _global.Dispose();
        CryptographicOperations.ZeroMemory(_encryption);
        CryptographicOperations.ZeroMemory(_authentication);
        CryptographicOperations.ZeroMemory(_master);
    }
}
