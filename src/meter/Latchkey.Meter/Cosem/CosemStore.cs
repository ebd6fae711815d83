using System.Buffers.Binary;
using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Cosem;

/// <summary>What was set from outside, by object and attribute: each value whole or not at all, whenever power fails.</summary>
/// <remarks>A record is <c>name:6 | attribute:1 | part:1 | parts:1 | octets</c>; the last part makes the value count.</remarks>
internal sealed class CosemStore : IAttributeStore, ILogReplay
{
    private const int Head = LogicalName.Size + 3;
    private const int MaxPart = RecordIo.MaxPayload - Head;
    private const int MaxTotal = 24 * 1024;
    private readonly TransactionLog _log;
    private readonly Dictionary<(LogicalName Name, int Attribute), byte[]> _values = [];
    private readonly List<byte> _parts = [];
    private int _total;

    public CosemStore(INonVolatileMemory memory)
    {
        if (memory.Size < CosemLayout.MemorySize) throw new ArgumentException("The communication store needs 512 KiB.", nameof(memory));
        _log = new TransactionLog(memory, CosemLayout.Log);

        // A new memory holds nothing; the first snapshot makes it one that can be read.
        if (!_log.Recover(this)) IsBroken = !TryFold();
    }

    /// <summary>True when the memory did not take a value: nothing is promised any more.</summary>
    public bool IsBroken { get; private set; }

    public byte[]? Load(LogicalName name, int attribute) => _values.GetValueOrDefault((name, attribute));

    public bool TrySave(LogicalName name, int attribute, ReadOnlySpan<byte> encoded)
    {
        int before = _values.TryGetValue((name, attribute), out byte[]? old) ? old.Length + Head : 0;
        if (IsBroken || encoded.Length + Head - before + _total > MaxTotal) return false;
        if (old is not null && encoded.SequenceEqual(old)) return true;
        int parts = Math.Max(1, (encoded.Length + MaxPart - 1) / MaxPart);
        Span<byte> record = stackalloc byte[RecordIo.MaxPayload];
        for (int part = 0; part < parts; part++)
        {
            name.Write(record);
            (record[6], record[7], record[8]) = ((byte)attribute, (byte)part, (byte)parts);
            ReadOnlySpan<byte> piece = encoded.Slice(part * MaxPart, Math.Min(MaxPart, encoded.Length - (part * MaxPart)));
            piece.CopyTo(record[Head..]);
            if (!TryAppend(record[..(Head + piece.Length)], ref part)) return false;
        }

        Take(name, attribute, encoded);
        return true;
    }

    void ILogReplay.OnSnapshot(ReadOnlySpan<byte> snapshot)
    {
        while (snapshot.Length >= Head && LogicalName.TryRead(snapshot[..LogicalName.Size], out LogicalName name))
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(snapshot[7..]);
            if (length > snapshot.Length - Head) return;
            Take(name, snapshot[6], snapshot.Slice(Head, length));
            snapshot = snapshot[(Head + length)..];
        }
    }

    void ILogReplay.OnRecord(RecordType type, ReadOnlySpan<byte> payload)
    {
        if (type != RecordType.Setting || payload.Length < Head || !LogicalName.TryRead(payload[..LogicalName.Size], out LogicalName name)) return;
        if (payload[7] == 0) _parts.Clear();
        _parts.AddRange(payload[Head..]);
        if (payload[7] + 1 == payload[8]) Take(name, payload[6], System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_parts));
    }

    // A bank that is full is folded, and the value begins anew behind it: its parts must stand together.
    private bool TryAppend(ReadOnlySpan<byte> record, ref int part)
    {
        AppendResult result = _log.TryAppend(RecordType.Setting, record);
        if (result == AppendResult.Full && TryFold())
        {
            if (part > 0)
            {
                part = -1;
                return true;
            }

            result = _log.TryAppend(RecordType.Setting, record);
        }

        IsBroken |= result != AppendResult.Done;
        return result == AppendResult.Done;
    }

    private bool TryFold()
    {
        byte[] snapshot = new byte[Head + _values.Sum(v => Head + v.Value.Length)];
        int at = 0;
        foreach (((LogicalName name, int attribute), byte[] value) in _values)
        {
            name.Write(snapshot.AsSpan(at));
            snapshot[at + 6] = (byte)attribute;
            BinaryPrimitives.WriteUInt16LittleEndian(snapshot.AsSpan(at + 7), (ushort)value.Length);
            value.CopyTo(snapshot, at + Head);
            at += Head + value.Length;
        }

        return _log.TryWriteSnapshot(snapshot.AsSpan(0, Math.Max(1, at)));
    }

    private void Take(LogicalName name, int attribute, ReadOnlySpan<byte> value)
    {
        if (_values.TryGetValue((name, attribute), out byte[]? old)) _total -= old.Length + Head;
        _values[(name, attribute)] = value.ToArray();
        _total += value.Length + Head;
    }
}
