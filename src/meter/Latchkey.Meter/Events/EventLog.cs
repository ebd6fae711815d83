using System.Buffers.Binary;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Events;

/// <summary>One entry of an event log.</summary>
/// <param name="Sequence">Counts the entries since manufacture.</param>
/// <param name="Code">What happened.</param>
/// <param name="ClockSeconds">The clock then, seconds since 1970-01-01 UTC; 0 when it was not set.</param>
/// <param name="UptimeSeconds">Seconds the meter had run since manufacture: an order that no clock can disturb.</param>
/// <param name="Detail">Its meaning depends on the code.</param>
public readonly record struct MeterEvent(uint Sequence, EventCode Code, long ClockSeconds, long UptimeSeconds, long Detail);

/// <summary>The last 256 events, durable, in a ring of slots. An event may be lost to a power cut, never invented.</summary>
public sealed class EventLog
{
    private const int Length = 2 + 8 + 4 + 6;
    private readonly RecordIo _io;
    private readonly int _firstSlot;
    private readonly List<MeterEvent> _entries = [];
    private uint _next = 1;

    internal EventLog(INonVolatileMemory memory, int firstSlot)
    {
        _io = new RecordIo(memory);
        _firstSlot = firstSlot;
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<MeterEvent> Entries => _entries;

    /// <summary>Entries ever written.</summary>
    public uint Count => _next - 1;

    internal void Recover()
    {
        Span<byte> payload = stackalloc byte[SlotCodec.PayloadSize];
        for (int i = 0; i < JournalLayout.EventSlots; i++)
        {
            if (_io.TryRead(_firstSlot + i, payload, out SlotHeader header, out int length) && header.Type == RecordType.Event && length == Length)
                _entries.Add(Read(header.Sequence, payload));
        }

        _entries.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        // What lies before the last clearing is in the cells and no longer in the log.
        int cleared = _entries.FindLastIndex(e => e.Code == EventCode.LogCleared);
        if (cleared > 0) _entries.RemoveRange(0, cleared);
        if (_entries.Count > 0) _next = _entries[^1].Sequence + 1;
    }

    /// <summary>Empties the log. Its first entry says so, and how many were in it; the count since manufacture goes on.</summary>
    internal void Clear(long clockSeconds, long uptimeSeconds)
    {
        int held = _entries.Count;
        Add(EventCode.LogCleared, clockSeconds, uptimeSeconds, held);
        _entries.RemoveRange(0, _entries.Count - 1);
    }

    internal void Add(EventCode code, long clockSeconds, long uptimeSeconds, long detail)
    {
        Span<byte> payload = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt16LittleEndian(payload, (ushort)code);
        BinaryPrimitives.WriteInt64LittleEndian(payload[2..], clockSeconds);
        BinaryPrimitives.WriteUInt32LittleEndian(payload[10..], (uint)Math.Clamp(uptimeSeconds, 0, uint.MaxValue));
        BinaryPrimitives.WriteUInt32LittleEndian(payload[14..], (uint)(detail & uint.MaxValue));
        BinaryPrimitives.WriteInt16LittleEndian(payload[18..], (short)Math.Clamp(detail >> 32, short.MinValue, short.MaxValue));
        _io.TryWrite(_firstSlot + (int)(_next % JournalLayout.EventSlots), RecordType.Event, _next, payload);
        _entries.Add(Read(_next, payload));
        if (_entries.Count > JournalLayout.EventSlots) _entries.RemoveAt(0);
        _next++;
    }

    private static MeterEvent Read(uint sequence, ReadOnlySpan<byte> payload) => new(
        sequence,
        (EventCode)BinaryPrimitives.ReadUInt16LittleEndian(payload),
        BinaryPrimitives.ReadInt64LittleEndian(payload[2..]),
        BinaryPrimitives.ReadUInt32LittleEndian(payload[10..]),
        ((long)BinaryPrimitives.ReadInt16LittleEndian(payload[18..]) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(payload[14..]));
}
