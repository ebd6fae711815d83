namespace Latchkey.Dlms.Security;

/// <summary>The symmetric keys that a meter holds; the numbers are those of key_transfer.</summary>
/// <remarks>Source: IEC 62056-6-2, Security setup (class_id 64), key_id.</remarks>
public enum KeySlot : byte
{
    /// <summary>GUEK: global unicast encryption key.</summary>
    GlobalUnicastEncryption = 0,
    /// <summary>GBEK: global broadcast encryption key.</summary>
    GlobalBroadcastEncryption = 1,
    /// <summary>GAK: authentication key.</summary>
    Authentication = 2,
    /// <summary>KEK: master key.</summary>
    KeyEncryption = 3,
    /// <summary>Keys that come with an APDU, wrapped or agreed; they share one counter per sender. Never transferred.</summary>
    Transported = 4,
}

/// <summary>Where invocation counters survive a loss of power. Each save must be durable when it returns: a nonce that is used twice breaks the key.</summary>
/// <remarks>Source: IEC 62056-5-3, invocation counter.</remarks>
public interface IInvocationCounterStore
{
    /// <summary>The first counter that was never reserved for sending; 0 when none was.</summary>
    ulong LoadTransmit(KeySlot slot);

    /// <summary>Stores that every counter below <paramref name="bound"/> may have been sent.</summary>
    void SaveTransmit(KeySlot slot, ulong bound);

    /// <summary>The lowest counter to take from a sender; 0 when nothing was taken yet.</summary>
    ulong LoadReceive(KeySlot slot, SystemTitle sender);

    /// <summary>Stores that no counter below <paramref name="bound"/> may be taken after a restart.</summary>
    void SaveReceive(KeySlot slot, SystemTitle sender, ulong bound);

    /// <summary>Forgets what was taken under a key: it was replaced by another key. What was sent is not forgotten.</summary>
    void ForgetReceived(KeySlot slot);
}

/// <summary>The counter of what is sent under one key. Reserved in blocks before use, never used twice, never wrapping.</summary>
public sealed class TransmitCounter
{
    /// <summary>Counters reserved at once.</summary>
    public const uint Reserve = 1000;

    /// <summary>From here on the key must be changed.</summary>
    public const ulong AlarmFrom = (1UL << 32) - (1UL << 20);

    private readonly IInvocationCounterStore? _store;
    private readonly KeySlot _slot;
    private ulong _reserved;

    /// <summary>Goes on after everything that may have been sent before.</summary>
    public TransmitCounter(IInvocationCounterStore store, KeySlot slot)
    {
        _store = store;
        _slot = slot;

        // Some peers take only counters above 0, so the first is 1.
        Next = Math.Max(1, store.LoadTransmit(slot));
        _reserved = store.LoadTransmit(slot);
    }

    /// <summary>A counter for a key that does not outlive the association: nothing is stored.</summary>
    public TransmitCounter()
    {
        Next = 1;
        _reserved = 1UL << 32;
    }

    /// <summary>The counter that <see cref="TryTake"/> will give next.</summary>
    public ulong Next { get; private set; }

    /// <summary>Whether the key is near its end.</summary>
    public bool IsNearEnd => Next >= AlarmFrom;

    /// <summary>Gives a counter that was never given before; false when the key has none left.</summary>
    public bool TryTake(out uint counter)
    {
        counter = 0;
        if (Next > uint.MaxValue) return false;
        if (Next >= _reserved)
        {
            ulong bound = Math.Min(Next + Reserve, 1UL << 32);
            _store?.SaveTransmit(_slot, bound);
            _reserved = bound;
        }

        counter = (uint)Next;
        Next++;
        return true;
    }

    /// <summary>Follows a peer's hint, which is not authenticated: the counter may only jump forward, and never into the last million.</summary>
    public bool TryJumpTo(uint expected)
    {
        if (expected <= Next || expected >= AlarmFrom) return false;
        Next = expected;
        return true;
    }
}

/// <summary>The counter of what was taken from one sender under one key.</summary>
public sealed class ReceiveCounter
{
    private readonly IInvocationCounterStore? _store;
    private readonly KeySlot _slot;
    private readonly SystemTitle _sender;
    private readonly uint _ahead;
    private ulong _saved;

    /// <summary>Goes on from a bound that no counter taken before can reach.</summary>
    public ReceiveCounter(IInvocationCounterStore store, KeySlot slot, SystemTitle sender)
        : this(store, slot, sender, TransmitCounter.Reserve)
    {
    }

    /// <summary>The same, storing <paramref name="ahead"/> counters more than were taken: 0 writes for every message and skips none after a
    /// restart, which suits a client that lives for a few messages.</summary>
    public ReceiveCounter(IInvocationCounterStore store, KeySlot slot, SystemTitle sender, uint ahead)
    {
        _store = store;
        _slot = slot;
        _sender = sender;
        _ahead = ahead;
        Lowest = _saved = store.LoadReceive(slot, sender);
    }

    /// <summary>A counter for a key that does not outlive the association: nothing is stored.</summary>
    public ReceiveCounter() => _saved = ulong.MaxValue;

    /// <summary>The lowest counter that will be taken.</summary>
    public ulong Lowest { get; private set; }

    /// <summary>What to tell a peer whose counter was too low.</summary>
    public uint Expected => (uint)Math.Min(Lowest, uint.MaxValue);

    /// <summary>Whether this counter is above all taken before. Asking changes nothing.</summary>
    public bool IsFresh(uint counter) => counter >= Lowest;

    /// <summary>Takes a counter; only after the tag was found right.</summary>
    public void Accept(uint counter)
    {
        if (counter < Lowest) return;
        Lowest = counter + 1UL;
        if (Lowest <= _saved) return;

        // Stored ahead, so that most messages cost no write; after a restart up to this many counters are skipped.
        _saved = Lowest + _ahead;
        _store?.SaveReceive(_slot, _sender, _saved);
    }
}
