using System.Buffers.Binary;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Journal;

/// <summary>A record that has a page for itself: one program writes it whole.</summary>
/// <remarks>
/// <c>0 type | 1 version | 2..3 payload length | 4..7 sequence | payload | CRC-32C</c>, little-endian. The CRC also covers the page's number, so that
/// a page that lands in the wrong place is not taken for what belongs there.
/// </remarks>
internal sealed class PageIo(INonVolatileMemory memory)
{
    public const int PageSize = 256;
    public const int MaxPayload = PageSize - HeaderSize - CrcSize;
    private const int HeaderSize = 8;
    private const int CrcSize = 4;
    private const byte Version = 2;
    private const int WriteAttempts = 2;
    private readonly byte[] _page = new byte[PageSize];
    private readonly byte[] _readBack = new byte[PageSize];

    /// <summary>Programs the page and reads it back; false when the memory does not hold it after a second attempt.</summary>
    public bool TryWrite(int page, RecordType type, uint sequence, ReadOnlySpan<byte> payload)
    {
        int covered = HeaderSize + payload.Length;
        _page[0] = (byte)type;
        _page[1] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(_page.AsSpan(2), (ushort)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(4), sequence);
        payload.CopyTo(_page.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(covered), Crc(_page.AsSpan(0, covered), page));
        ReadOnlySpan<byte> bytes = _page.AsSpan(0, covered + CrcSize);
        for (int attempt = 0; attempt < WriteAttempts; attempt++)
        {
            if (!memory.TryWrite(page * PageSize, bytes)) continue;
            Span<byte> back = _readBack.AsSpan(0, bytes.Length);
            memory.Read(page * PageSize, back);
            if (back.SequenceEqual(bytes)) return true;
        }

        return false;
    }

    /// <summary>The page's payload, valid until the next call; false for erased, torn, rotten or foreign bytes.</summary>
    public bool TryRead(int page, RecordType type, out uint sequence, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (!TryReadHeader(page, type, out sequence, out int length)) return false;
        int covered = HeaderSize + length;
        memory.Read(page * PageSize, _readBack.AsSpan(0, covered + CrcSize));
        // Read once more as one piece: the header may read otherwise this time.
        if (BinaryPrimitives.ReadUInt16LittleEndian(_readBack.AsSpan(2)) != length) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(_readBack.AsSpan(covered)) != Crc(_readBack.AsSpan(0, covered), page)) return false;
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(_readBack.AsSpan(4));
        payload = _readBack.AsSpan(HeaderSize, length);
        return _readBack[0] == (byte)type;
    }

    /// <summary>What the page says it is, unchecked: for finding the newest of many quickly.</summary>
    public bool TryReadHeader(int page, RecordType type, out uint sequence, out int length)
    {
        Span<byte> header = _readBack.AsSpan(0, HeaderSize);
        memory.Read(page * PageSize, header);
        length = BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);
        sequence = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return header[0] == (byte)type && header[1] == Version && length <= MaxPayload;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, int page)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(number, page);
        return Crc32C.Continue(Crc32C.Compute(bytes), number);
    }
}
