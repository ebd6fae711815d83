using System.Buffers.Binary;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Cosem;

/// <summary>The rows of a profile in a ring of the store: an instant and the values as they were captured. A row may be lost to a power cut, never invented.</summary>
internal sealed class RowRing : IProfileBuffer
{
    private const int TimeSize = sizeof(uint);
    private static readonly LogicalName Erased = new(0, 0, 99, 255, 0);
    private readonly RecordIo _io;
    private readonly RowArea _area;
    private readonly CosemStore _store;
    private readonly byte[] _cells;
    private readonly byte[] _lengths;
    private uint _next = 1;
    private uint _first = 1;

    public RowRing(INonVolatileMemory memory, RowArea area, CosemStore store)
    {
        (_io, _area, _store) = (new RecordIo(memory), area, store);
        _cells = new byte[area.Rows * area.MaxRow];
        _lengths = new byte[area.Rows];
        Recover();
    }

    public int Capacity => _area.Rows;

    /// <summary>Octets that the values of one row may take.</summary>
    public int MaxRow => _area.MaxRow - TimeSize;

    public int Count => (int)(_next - _first);

    public long TimeOf(int row) => BinaryPrimitives.ReadUInt32LittleEndian(Row(row));

    public ReadOnlySpan<byte> ValuesOf(int row) => Row(row)[TimeSize..];

    public bool TryAppend(long seconds, ReadOnlySpan<byte> values)
    {
        if (values.Length > MaxRow) return false;
        Span<byte> row = stackalloc byte[RecordIo.MaxPayload];
        BinaryPrimitives.WriteUInt32LittleEndian(row, (uint)Math.Clamp(seconds, 0, uint.MaxValue));
        values.CopyTo(row[TimeSize..]);
        row = row[..(TimeSize + values.Length)];
        int at = (int)(_next % (uint)_area.Rows);
        if (!_io.TryWrite(_area.Start + (at * _area.SlotsPerRow), RecordType.ProfileRow, _next, row)) return false;
        Keep(at, row);
        _next++;
        if (Count > _area.Rows) _first = _next - (uint)_area.Rows;
        return true;
    }

    /// <summary>Forgets all rows, durably.</summary>
    public bool TryClear()
    {
        Span<byte> from = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(from, _next);
        if (!_store.TrySave(Erased, _area.Id, from)) return false;
        _first = _next;
        return true;
    }

    private ReadOnlySpan<byte> Row(int row)
    {
        int at = (int)((_first + (uint)row) % (uint)_area.Rows);
        return _cells.AsSpan(at * _area.MaxRow, _lengths[at]);
    }

    private void Keep(int at, ReadOnlySpan<byte> row)
    {
        row.CopyTo(_cells.AsSpan(at * _area.MaxRow));
        _lengths[at] = (byte)row.Length;
    }

    private void Recover()
    {
        uint[] sequences = new uint[_area.Rows];
        Span<byte> payload = stackalloc byte[RecordIo.MaxPayload];
        for (int at = 0; at < _area.Rows; at++)
        {
            bool read = _io.TryRead(_area.Start + (at * _area.SlotsPerRow), payload, out SlotHeader header, out int length);
            if (!read || header.Type != RecordType.ProfileRow || length < TimeSize || header.Sequence % (uint)_area.Rows != at) continue;
            Keep(at, payload[..length]);
            sequences[at] = header.Sequence;
            _next = Math.Max(_next, header.Sequence + 1);
        }

        // A row that was torn leaves a gap: what is older than the gap is not shown, so that numbers stay without holes.
        _first = _next;
        while (_first > 1 && _next - _first < _area.Rows && sequences[(_first - 1) % (uint)_area.Rows] == _first - 1) _first--;
        if (_store.Load(Erased, _area.Id) is { Length: sizeof(uint) } erased) _first = Math.Min(_next, Math.Max(_first, BinaryPrimitives.ReadUInt32LittleEndian(erased)));
    }
}
