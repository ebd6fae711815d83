using System.Buffers.Binary;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Journal;

/// <summary>Receives what the log holds, oldest first: one snapshot or none, then the records after it.</summary>
internal interface ILogReplay
{
    void OnSnapshot(ReadOnlySpan<byte> snapshot);

    void OnRecord(RecordType type, ReadOnlySpan<byte> payload);
}

internal enum AppendResult
{
    Done = 0,
    Full = 1,
    Failed = 2,
}

/// <summary>The log of transactions: appended records after a snapshot, in two banks, each kept twice.</summary>
/// <remarks>
/// A record is the decision: it is there or it is not. It is written and read back in the first half of the memory, then in the second;
/// once the first is whole the transaction has happened, and recovery completes the second before the meter goes on. A slot that was torn
/// is not trusted and not healed in place: the next record, which every start of the meter appends, takes its sequence number and its place.
/// When a bank is full the state is folded into a snapshot in the other bank, which counts from the moment its last slot is whole.
/// </remarks>
internal sealed class TransactionLog(INonVolatileMemory memory, LogArea area)
{
    /// <summary>Positions without a record after which a bank is taken to be at its end; more than a page, since records do not straddle pages.</summary>
    private const int GapLimit = 4 * JournalLayout.SlotsPerPage;
    private const int SkipLimit = 3;
    private const int EndLength = 8;
    private readonly RecordIo _io = new(memory);
    private readonly byte[] _payload = new byte[RecordIo.MaxPayload];
    private int _bank;
    private int _next;
    private uint _sequence;

    /// <summary>Slots that did not hold what was written, since the start of the meter.</summary>
    public int FaultySlots { get; private set; }

    /// <summary>Records that recovery found in one copy only and wrote again.</summary>
    public int Repaired { get; private set; }

    /// <summary>Finds the newest whole snapshot, replays what follows and completes missing copies. False when there is none.</summary>
    public bool Recover(ILogReplay replay)
    {
        (int bank, uint start, byte[][] parts)? best = null;
        for (int bank = 0; bank < JournalLayout.LogBanks; bank++)
        {
            for (int copy = 0; copy < JournalLayout.Copies; copy++)
            {
                if (!_io.TryReadHeader(SlotAt(bank, 0, copy), out SlotHeader head) || head is not { Type: RecordType.SnapshotPart, Part: 0 }) continue;
                if (best is { } b && b.start >= head.Sequence) continue;
                if (ReadSnapshot(bank, head.Sequence) is { } parts) best = (bank, head.Sequence, parts);
            }
        }

        if (best is not { } found) return false;
        byte[] snapshot = [.. found.parts.SelectMany(p => p)];
        _bank = found.bank;
        RepairSnapshot(found.start, found.parts, snapshot);
        replay.OnSnapshot(snapshot);
        Replay(replay, (found.parts.Length * JournalLayout.SlotsPerPage) + 1, found.start + (uint)found.parts.Length + 1);
        return true;
    }

    public AppendResult TryAppend(RecordType type, ReadOnlySpan<byte> payload)
    {
        int slots = RecordIo.SlotsFor(payload.Length);
        for (int skipped = 0; skipped <= SkipLimit; skipped++)
        {
            int at = Fit(_next, slots);
            if (at + slots > area.BankSlots) return AppendResult.Full;
            _next = at + slots;
            if (!_io.TryWrite(SlotAt(_bank, at, 0), type, _sequence, payload))
            {
                FaultySlots++;
                continue;
            }

            // The transaction has happened. A copy that fails leaves one good record, which the next start repairs.
            if (!_io.TryWrite(SlotAt(_bank, at, 1), type, _sequence, payload)) FaultySlots++;
            _sequence++;
            return AppendResult.Done;
        }

        return AppendResult.Failed;
    }

    /// <summary>Folds everything into <paramref name="snapshot"/> in the other bank and goes on there.</summary>
    public bool TryWriteSnapshot(ReadOnlySpan<byte> snapshot)
    {
        int bank = 1 - _bank;
        int pages = (snapshot.Length + RecordIo.MaxPayload - 1) / RecordIo.MaxPayload;
        byte[] end = EndOf(snapshot);
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            for (int page = 0; page < pages; page++)
            {
                ReadOnlySpan<byte> part = snapshot.Slice(page * RecordIo.MaxPayload, Math.Min(RecordIo.MaxPayload, snapshot.Length - (page * RecordIo.MaxPayload)));
                if (!WriteSnapshotPart(bank, page, copy, RecordType.SnapshotPart, _sequence + (uint)page, part) && copy == 0) return false;
            }

            if (!WriteSnapshotPart(bank, pages, copy, RecordType.SnapshotEnd, _sequence + (uint)pages, end) && copy == 0) return false;
        }

        _bank = bank;
        _next = (pages * JournalLayout.SlotsPerPage) + 1;
        _sequence += (uint)pages + 1;
        return true;
    }

    private int SlotAt(int bank, int slot, int copy) =>
        area.Start + (bank * area.BankSlots) + slot + (copy * area.CopyOffset);

    private static int Fit(int slot, int slots)
    {
        int left = JournalLayout.SlotsPerPage - (slot % JournalLayout.SlotsPerPage);
        return left >= slots ? slot : slot + left;
    }

    private bool WriteSnapshotPart(int bank, int page, int copy, RecordType type, uint sequence, ReadOnlySpan<byte> part)
    {
        bool written = _io.TryWrite(SlotAt(bank, page * JournalLayout.SlotsPerPage, copy), type, sequence, part);
        if (!written) FaultySlots++;
        return written;
    }

    /// <summary>The parts of the snapshot that begins with <paramref name="start"/>, each from whichever copy is whole; null if one is missing.</summary>
    private byte[][]? ReadSnapshot(int bank, uint start)
    {
        var parts = new List<byte[]>();
        for (int page = 0; page < area.BankPages; page++)
        {
            if (ReadEither(bank, page * JournalLayout.SlotsPerPage, start + (uint)page) is not { } read) return null;
            if (read.Type == RecordType.SnapshotPart)
            {
                parts.Add(read.Bytes);
                continue;
            }

            byte[] whole = [.. parts.SelectMany(p => p)];
            bool matches = read.Type == RecordType.SnapshotEnd && read.Bytes.AsSpan().SequenceEqual(EndOf(whole));
            return matches ? [.. parts] : null;
        }

        return null;
    }

    // From what was read, not from another look: cells that were being written may read otherwise the next time.
    private void RepairSnapshot(uint start, byte[][] parts, byte[] snapshot)
    {
        byte[] end = EndOf(snapshot);
        for (int page = 0; page <= parts.Length; page++)
        {
            int slot = page * JournalLayout.SlotsPerPage;
            byte[] bytes = page < parts.Length ? parts[page] : end;
            RecordType type = page < parts.Length ? RecordType.SnapshotPart : RecordType.SnapshotEnd;
            for (int copy = 0; copy < JournalLayout.Copies; copy++)
            {
                bool whole = _io.TryRead(SlotAt(_bank, slot, copy), _payload, out SlotHeader header, out int length)
                    && header.Sequence == start + (uint)page && header.Type == type && _payload.AsSpan(0, length).SequenceEqual(bytes);
                if (whole) continue;
                if (_io.TryWrite(SlotAt(_bank, slot, copy), type, start + (uint)page, bytes)) Repaired++;
                else FaultySlots++;
            }
        }
    }

    private static byte[] EndOf(ReadOnlySpan<byte> snapshot)
    {
        byte[] end = new byte[EndLength];
        BinaryPrimitives.WriteInt32LittleEndian(end, snapshot.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(4), Crc32C.Compute(snapshot));
        return end;
    }

    private void Replay(ILogReplay replay, int from, uint sequence)
    {
        _sequence = sequence;
        _next = from;
        int gap = 0;
        for (int slot = from; slot < area.BankSlots && gap < GapLimit; slot++)
        {
            if (ReadEither(_bank, slot, _sequence) is not { } record)
            {
                gap++;
                continue;
            }

            // Before it counts: what was read may be cells that will read otherwise next time.
            Complete(slot, _sequence, record);
            replay.OnRecord(record.Type, record.Bytes);
            gap = 0;
            _sequence++;
            slot += RecordIo.SlotsFor(record.Bytes.Length) - 1;
            _next = slot + 1;
        }
    }

    private void Complete(int slot, uint sequence, in StoredRecord record)
    {
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            if ((record.CopiesFound & (1 << copy)) != 0) continue;
            if (_io.TryWrite(SlotAt(_bank, slot, copy), record.Type, sequence, record.Bytes)) Repaired++;
            else FaultySlots++;
        }
    }

    private StoredRecord? ReadEither(int bank, int slot, uint sequence)
    {
        StoredRecord? found = null;
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            bool read = _io.TryRead(SlotAt(bank, slot, copy), _payload, out SlotHeader header, out int length) && header.Sequence == sequence;
            if (!read) continue;
            found = found is { } first
                ? first with { CopiesFound = first.CopiesFound | (1 << copy) }
                : new StoredRecord(header.Type, _payload[..length], 1 << copy);
        }

        return found;
    }

    private readonly record struct StoredRecord(RecordType Type, byte[] Bytes, int CopiesFound);
}
