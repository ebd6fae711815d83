using Latchkey.Meter.Hal;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Journal;

/// <summary>What a parameter block is about. The numbers are stored.</summary>
public enum BlockKind : byte
{
    /// <summary>Account, credits and charges.</summary>
    Account = 0,

    /// <summary>The calendar in force.</summary>
    Calendar = 1,

    /// <summary>The calendar to come.</summary>
    FutureCalendar = 2,

    /// <summary>When and why the supply is limited or switched.</summary>
    Supply = 3,
}

/// <summary>Where a block lies and what it must be; without length there is none.</summary>
/// <param name="Area">Which part of the block store.</param>
/// <param name="Version">As the writer counts.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Crc">CRC-32C of the bytes.</param>
public readonly record struct BlockReference(byte Area, ushort Version, ushort Length, uint Crc)
{
    public bool IsNone => Length == 0;
}

/// <summary>Keeps parameter blocks: written whole into an area that nothing refers to, in both halves; they count from the record that refers to them.</summary>
internal sealed class BlockStore(INonVolatileMemory memory)
{
    public const int Kinds = 4;
    public const int Areas = 6;
    public const int AreaPages = 8;
    public const int MaxLength = AreaPages * PageIo.MaxPayload;
    private readonly PageIo _io = new(memory);

    /// <summary>Writes and reads back both copies; false when the memory does not hold them.</summary>
    public bool TryWrite(ReadOnlySpan<BlockReference> inUse, ushort version, ReadOnlySpan<byte> content, out BlockReference written)
    {
        byte area = FreeArea(inUse);
        written = new BlockReference(area, version, (ushort)content.Length, Crc32C.Compute(content));
        bool held = content.Length is > 0 and <= MaxLength;
        for (int copy = 0; copy < JournalLayout.Copies && held; copy++)
        {
            for (int part = 0; part * PageIo.MaxPayload < content.Length; part++)
            {
                ReadOnlySpan<byte> piece = content.Slice(part * PageIo.MaxPayload, Math.Min(PageIo.MaxPayload, content.Length - (part * PageIo.MaxPayload)));
                held &= _io.TryWrite(PageOf(area, part, copy), RecordType.BlockPart, written.Crc, piece);
            }
        }

        return held;
    }

    /// <summary>The block, each part from whichever copy is whole; null when neither is.</summary>
    public byte[]? Read(in BlockReference reference)
    {
        if (reference.IsNone || reference.Area >= Areas || reference.Length > MaxLength) return null;
        byte[] content = new byte[reference.Length];
        for (int part = 0; part * PageIo.MaxPayload < content.Length; part++)
        {
            Span<byte> piece = content.AsSpan(part * PageIo.MaxPayload);
            if (!TryReadPart(reference, part, piece[..Math.Min(PageIo.MaxPayload, piece.Length)])) return null;
        }

        return Crc32C.Compute(content) == reference.Crc ? content : null;
    }

    /// <summary>Writes again what is whole in one copy only; the number of pages written.</summary>
    public int Repair(in BlockReference reference)
    {
        if (Read(reference) is not { } content) return 0;
        int repaired = 0;
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            for (int part = 0; part * PageIo.MaxPayload < content.Length; part++)
            {
                ReadOnlySpan<byte> piece = content.AsSpan(part * PageIo.MaxPayload, Math.Min(PageIo.MaxPayload, content.Length - (part * PageIo.MaxPayload)));
                int page = PageOf(reference.Area, part, copy);
                bool whole = _io.TryRead(page, RecordType.BlockPart, out uint crc, out ReadOnlySpan<byte> found) && crc == reference.Crc && found.SequenceEqual(piece);
                if (!whole && _io.TryWrite(page, RecordType.BlockPart, reference.Crc, piece)) repaired++;
            }
        }

        return repaired;
    }

    private bool TryReadPart(in BlockReference reference, int part, Span<byte> piece)
    {
        for (int copy = 0; copy < JournalLayout.Copies; copy++)
        {
            bool whole = _io.TryRead(PageOf(reference.Area, part, copy), RecordType.BlockPart, out uint crc, out ReadOnlySpan<byte> found)
                && crc == reference.Crc && found.Length == piece.Length;
            if (!whole) continue;
            found.CopyTo(piece);
            return true;
        }

        return false;
    }

    private static byte FreeArea(ReadOnlySpan<BlockReference> inUse)
    {
        for (byte area = 0; area < Areas; area++)
        {
            bool taken = false;
            foreach (BlockReference used in inUse) taken |= !used.IsNone && used.Area == area;
            if (!taken) return area;
        }

        return 0;
    }

    private static int PageOf(int area, int part, int copy) =>
        JournalLayout.BlockPage + (area * AreaPages) + part + (copy * JournalLayout.CopyPages);
}
