using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Journal;

/// <summary>The ring of checkpoints: one page each, 128 pages, in both halves of the memory; the newest whole one counts.</summary>
/// <remarks>A new checkpoint goes where the oldest was, so the newest whole one is never touched.</remarks>
internal sealed class CheckpointRing(INonVolatileMemory memory)
{
    private readonly PageIo _io = new(memory);
    private uint _sequence = 1;

    public int FaultyPages { get; private set; }

    public bool Recover(out Checkpoint checkpoint)
    {
        checkpoint = default;
        foreach ((uint sequence, int page) in Newest())
        {
            if (!_io.TryRead(page, RecordType.Checkpoint, out uint found, out ReadOnlySpan<byte> payload) || found != sequence) continue;
            if (!Checkpoint.TryRead(payload, out checkpoint)) continue;
            _sequence = sequence + 1;
            return true;
        }

        return false;
    }

    /// <summary>Saves into the first half and then, unless power is failing, into the second.</summary>
    public bool TryWrite(in Checkpoint checkpoint, bool both = true)
    {
        Span<byte> buffer = stackalloc byte[PageIo.MaxPayload];
        var writer = new ByteWriter(buffer);
        checkpoint.Write(ref writer);
        int page = JournalLayout.RingPage + (int)(_sequence % JournalLayout.RingPages);
        bool first = _io.TryWrite(page, RecordType.Checkpoint, _sequence, writer.Written);
        bool second = both && _io.TryWrite(page + JournalLayout.CopyPages, RecordType.Checkpoint, _sequence, writer.Written);
        if (!first || (both && !second)) FaultyPages++;
        _sequence++;
        return first || second;
    }

    private List<(uint Sequence, int Page)> Newest()
    {
        var heads = new List<(uint Sequence, int Page)>(JournalLayout.RingPages * JournalLayout.Copies);
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            for (int i = 0; i < JournalLayout.RingPages; i++)
            {
                int page = JournalLayout.RingPage + i + (copy * JournalLayout.CopyPages);
                bool mayBeOne = _io.TryReadHeader(page, RecordType.Checkpoint, out uint sequence, out _)
                    && sequence < uint.MaxValue && (int)(sequence % JournalLayout.RingPages) == i;
                if (mayBeOne) heads.Add((sequence, page));
            }
        }

        heads.Sort((a, b) => b.Sequence.CompareTo(a.Sequence));
        return heads;
    }
}
