using System.Buffers.Binary;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Update;

/// <summary>The program memory: two slots for images, a marker for every block that has arrived, and the boot control.</summary>
/// <remarks>
/// Each half of the memory holds two copies of the control, the markers of its slot, and the slot. A block is one page. A control of sequence n
/// is written to copy n mod 2 of both halves, so that neither a torn page nor a hit on a wrong one reaches its predecessor as well.
/// </remarks>
internal sealed class FirmwareStore
{
    public const int Slots = 2;
    private const int ControlPages = 2;
    private const int MarkerLength = sizeof(uint);
    private const int Copies = 4;
    private readonly INonVolatileMemory _memory;
    private readonly byte[] _page;
    private readonly int _halfLength;
    private readonly int _markerPages;

    public FirmwareStore(INonVolatileMemory memory)
    {
        _memory = memory;
        _page = new byte[memory.PageSize];
        _halfLength = memory.Size / Slots;
        int pages = (_halfLength / memory.PageSize) - ControlPages;
        int markersPerPage = memory.PageSize / MarkerLength;
        _markerPages = (pages + markersPerPage) / (markersPerPage + 1);
        Blocks = pages - _markerPages;
        if (memory.PageSize < BootControl.Length || Blocks < 1) throw new ArgumentException("The program memory is too small.", nameof(memory));
    }

    public int BlockSize => _page.Length;

    /// <summary>Blocks that a slot holds.</summary>
    public int Blocks { get; }

    public BootControl Control { get; private set; } = new();

    /// <summary>Finds the newest control and makes it whole again where a cut left one half behind.</summary>
    public void Recover()
    {
        BootControl newest = new();
        Span<byte> bytes = stackalloc byte[BootControl.Length];
        for (int copy = 0; copy < Copies; copy++)
        {
            _memory.Read(ControlAddress(copy), bytes);
            if (BootControl.Read(bytes, copy) is { } read && read.Sequence > newest.Sequence) newest = read;
        }

        Control = newest;
        if (newest.Sequence == 0) return;
        for (int half = 0; half < Slots; half++)
        {
            int copy = CopyOf(newest.Sequence, half);
            _memory.Read(ControlAddress(copy), bytes);
            if (BootControl.Read(bytes, copy) != newest) WriteCopy(newest, copy);
        }
    }

    /// <summary>Makes a step durable. False: it did not happen, as far as one copy can tell.</summary>
    public bool TryCommit(BootControl next)
    {
        next = next with { Sequence = Control.Sequence + 1 };
        bool held = WriteCopy(next, CopyOf(next.Sequence, 0));
        held |= WriteCopy(next, CopyOf(next.Sequence, 1));
        if (held) Control = next;
        return held;
    }

    /// <summary>Programs a block and then its marker; the block counts only with both.</summary>
    public bool TryWriteBlock(int slot, int number, ReadOnlySpan<byte> bytes)
    {
        _page.AsSpan().Fill(0xFF);
        bytes.CopyTo(_page);
        Span<byte> back = stackalloc byte[BlockSize];
        if (!_memory.TryWrite(BlockAddress(slot, number), _page)) return false;
        _memory.Read(BlockAddress(slot, number), back);
        if (!back.SequenceEqual(_page)) return false;
        Span<byte> marker = stackalloc byte[MarkerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(marker, Marker(number, _page));
        return _memory.TryWrite(MarkerAddress(slot, number), marker) && Holds(slot, number);
    }

    /// <summary>Whether a block of the running transfer is there, whole.</summary>
    public bool Holds(int slot, int number)
    {
        Span<byte> marker = stackalloc byte[MarkerLength];
        _memory.Read(MarkerAddress(slot, number), marker);
        _memory.Read(BlockAddress(slot, number), _page);
        return BinaryPrimitives.ReadUInt32LittleEndian(marker) == Marker(number, _page);
    }

    /// <summary>Bytes of a slot.</summary>
    public void Read(int slot, int offset, Span<byte> destination) => _memory.Read(BlockAddress(slot, 0) + offset, destination);

    private bool WriteCopy(BootControl control, int copy)
    {
        Span<byte> bytes = stackalloc byte[BootControl.Length];
        Span<byte> back = stackalloc byte[BootControl.Length];
        control.Write(bytes, copy);
        if (!_memory.TryWrite(ControlAddress(copy), bytes)) return false;
        _memory.Read(ControlAddress(copy), back);
        return back.SequenceEqual(bytes);
    }

    private uint Marker(int number, ReadOnlySpan<byte> content)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(place, Control.TransferId);
        BinaryPrimitives.WriteInt32LittleEndian(place[4..], number);
        return Crc32C.Continue(Crc32C.Compute(place), content);
    }

    private static int CopyOf(uint sequence, int half) => (half * ControlPages) + (int)(sequence % ControlPages);

    private int ControlAddress(int copy) => (copy / ControlPages * _halfLength) + (copy % ControlPages * BlockSize);

    private int MarkerAddress(int slot, int number) => (slot * _halfLength) + (ControlPages * BlockSize) + (number * MarkerLength);

    private int BlockAddress(int slot, int number) => (slot * _halfLength) + ((ControlPages + _markerPages + number) * BlockSize);
}
