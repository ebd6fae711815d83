using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Journal;

/// <summary>The ring of checkpoints: one page each, 256 pages, in both halves of the memory; the newest whole one counts.</summary>
/// <remarks>A new checkpoint goes where the oldest was, so the newest whole one is never touched.</remarks>
internal sealed class CheckpointRing(INonVolatileMemory memory)
{
    private readonly RecordIo _io = new(memory);
    private readonly byte[] _payload = new byte[RecordIo.MaxPayload];
    private uint _sequence = 1;

    public int FaultyPages { get; private set; }

    public bool Recover(out Checkpoint checkpoint)
    {
        checkpoint = default;
        bool found = false;
        foreach ((uint sequence, int slot) in Newest())
        {
            if (!_io.TryRead(slot, _payload, out SlotHeader header, out int length) || header.Type != RecordType.Checkpoint) continue;
            if (!Checkpoint.TryRead(_payload.AsSpan(0, length), out checkpoint)) continue;
            _sequence = sequence + 1;
            found = true;
            break;
        }

        return found;
    }

    /// <summary>Saves into the first half and then, unless power is failing, into the second.</summary>
    public bool TryWrite(in Checkpoint checkpoint, bool both = true)
    {
        Span<byte> buffer = stackalloc byte[RecordIo.MaxPayload];
        var writer = new ByteWriter(buffer);
        checkpoint.Write(ref writer);
        int slot = SlotOf(_sequence);
        bool first = _io.TryWrite(slot, RecordType.Checkpoint, _sequence, writer.Written);
        bool second = both && _io.TryWrite(slot + JournalLayout.CopyOffset, RecordType.Checkpoint, _sequence, writer.Written);
        if (!first || (both && !second)) FaultyPages++;
        _sequence++;
        return first || second;
    }

    private static int SlotOf(uint sequence) =>
        JournalLayout.RingStart + ((int)(sequence % JournalLayout.RingPages) * JournalLayout.SlotsPerPage);

    private List<(uint Sequence, int Slot)> Newest()
    {
        var heads = new List<(uint Sequence, int Slot)>();
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            for (int page = 0; page < JournalLayout.RingPages; page++)
            {
                int slot = JournalLayout.RingStart + (page * JournalLayout.SlotsPerPage) + (copy * JournalLayout.CopyOffset);
                if (_io.TryReadHeader(slot, out SlotHeader header) && header is { Type: RecordType.Checkpoint, Part: 0 })
                    heads.Add((header.Sequence, slot));
            }
        }

        heads.Sort((a, b) => b.Sequence.CompareTo(a.Sequence));
        return heads;
    }
}
