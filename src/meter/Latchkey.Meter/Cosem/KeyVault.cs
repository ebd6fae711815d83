using System.Buffers.Binary;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;

namespace Latchkey.Meter.Cosem;

/// <summary>Keys and invocation counters of the DLMS line, durable before they count.</summary>
internal sealed class KeyVault(CosemStore store, CosemIdentity factory) : IInvocationCounterStore
{
    private const int SetAttribute = 128;
    private const int PolicyAttribute = 129;
    private const int TransmitAttribute = 140;
    private const int ReceiveAttribute = 160;
    private const int MaxSenders = 8;
    private const int SenderSize = 16;
    private static readonly LogicalName Setup = new(0, 0, 43, 0, 0);
    private readonly byte[][] _keys = Load(store, factory);

    public ReadOnlySpan<byte> Key(KeySlot slot) => _keys[(int)slot];

    /// <summary>A bound above every counter that was ever taken: where a client that knows nothing may begin.</summary>
    public ulong NextExpected
    {
        get
        {
            ulong highest = 0;
            byte[] all = store.Load(Setup, ReceiveAttribute + (int)KeySlot.GlobalUnicastEncryption) ?? [];
            for (int at = 0; at + SenderSize <= all.Length; at += SenderSize) highest = Math.Max(highest, Read(all.AsSpan(at + sizeof(ulong))));
            return highest;
        }
    }

    /// <summary>A key was transferred; it is durable with <see cref="Commit"/>.</summary>
    public void Change(KeySlot slot, ReadOnlyMemory<byte> key) => _keys[(int)slot] = key.ToArray();

    /// <summary>All four keys lie in one value: after a cut the whole set is the old one or the new one.</summary>
    public void Commit()
    {
        Span<byte> set = stackalloc byte[4 * 32];
        int size = 0;
        foreach (byte[] held in _keys)
        {
            held.CopyTo(set[size..]);
            size += held.Length;
        }

        store.TrySave(Setup, SetAttribute, set[..size]);
        set.Clear();
    }

    /// <summary>The policy as it was raised last.</summary>
    public SecurityPolicy Policy => store.Load(Setup, PolicyAttribute) is [byte raised] ? (SecurityPolicy)raised : SecurityPolicy.None;

    public void KeepPolicy(SecurityPolicy policy) => store.TrySave(Setup, PolicyAttribute, [(byte)policy]);

    public ulong LoadTransmit(KeySlot slot) => Read(store.Load(Setup, TransmitAttribute + (int)slot));

    public void SaveTransmit(KeySlot slot, ulong bound)
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(octets, bound);
        store.TrySave(Setup, TransmitAttribute + (int)slot, octets);
    }

    public ulong LoadReceive(KeySlot slot, SystemTitle sender)
    {
        byte[] all = store.Load(Setup, ReceiveAttribute + (int)slot) ?? [];
        for (int at = 0; at + SenderSize <= all.Length; at += SenderSize)
        {
            if (Read(all.AsSpan(at)) == sender.Value) return Read(all.AsSpan(at + sizeof(ulong)));
        }

        return 0;
    }

    // The sender heard last stands first; the one not heard longest makes room.
    public void SaveReceive(KeySlot slot, SystemTitle sender, ulong bound)
    {
        byte[] before = store.Load(Setup, ReceiveAttribute + (int)slot) ?? [];
        Span<byte> all = stackalloc byte[MaxSenders * SenderSize];
        BinaryPrimitives.WriteUInt64BigEndian(all, sender.Value);
        BinaryPrimitives.WriteUInt64BigEndian(all[sizeof(ulong)..], bound);
        int size = SenderSize;
        for (int at = 0; at + SenderSize <= before.Length && size < all.Length; at += SenderSize)
        {
            if (Read(before.AsSpan(at)) == sender.Value) continue;
            before.AsSpan(at, SenderSize).CopyTo(all[size..]);
            size += SenderSize;
        }

        store.TrySave(Setup, ReceiveAttribute + (int)slot, all[..size]);
    }

    public void ForgetReceived(KeySlot slot) => store.TrySave(Setup, ReceiveAttribute + (int)slot, default);

    private static ulong Read(ReadOnlySpan<byte> octets) => octets.Length >= sizeof(ulong) ? BinaryPrimitives.ReadUInt64BigEndian(octets) : 0;

    private static byte[][] Load(CosemStore store, CosemIdentity factory)
    {
        ReadOnlyMemory<byte>[] delivered = [factory.Encryption, factory.Broadcast, factory.Authentication, factory.Master];
        byte[]? kept = store.Load(Setup, SetAttribute);
        int size = factory.Suite.KeySize();
        return kept is null || kept.Length != delivered.Length * size
            ? [.. delivered.Select(k => k.ToArray())]
            : [.. Enumerable.Range(0, delivered.Length).Select(i => kept.AsSpan(i * size, size).ToArray())];
    }
}
