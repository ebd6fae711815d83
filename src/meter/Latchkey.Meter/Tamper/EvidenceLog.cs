using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Tamper;

/// <summary>The last 32 evidence records, durable, one page each. One may be lost to a power cut, none is ever invented.</summary>
internal sealed class EvidenceLog(INonVolatileMemory memory)
{
    public const int Capacity = 32;
    private readonly RecordIo _io = new(memory);
    private readonly List<TamperEvidence> _entries = [];
    private uint _next = 1;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<TamperEvidence> Entries => _entries;

    public void Recover()
    {
        Span<byte> payload = stackalloc byte[RecordIo.MaxPayload];
        for (int i = 0; i < Capacity; i++)
        {
            bool found = _io.TryRead(Slot((uint)i), payload, out SlotHeader header, out int length) && header.Type == RecordType.TamperEvidence;
            if (found && TamperEvidence.Read(header.Sequence, payload[..length]) is { } evidence) _entries.Add(evidence);
        }

        _entries.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        if (_entries.Count > 0) _next = _entries[^1].Sequence + 1;
    }

    public void Add(TamperEvidence evidence)
    {
        evidence = evidence with { Sequence = _next };
        Span<byte> buffer = stackalloc byte[RecordIo.MaxPayload];
        var writer = new ByteWriter(buffer);
        evidence.Write(ref writer);
        _io.TryWrite(Slot(_next), RecordType.TamperEvidence, _next, writer.Written);
        _entries.Add(evidence);
        if (_entries.Count > Capacity) _entries.RemoveAt(0);
        _next++;
    }

    private static int Slot(uint sequence) => JournalLayout.EvidenceStart + ((int)(sequence % Capacity) * JournalLayout.SlotsPerPage);
}
