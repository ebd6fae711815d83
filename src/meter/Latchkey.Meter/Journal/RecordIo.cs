using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Journal;

/// <summary>Reads and writes one record: one to eight slots side by side in one page, valid only all together.</summary>
internal sealed class RecordIo(INonVolatileMemory memory)
{
    public const int SlotsPerPage = 8;
    public const int MaxPayload = SlotsPerPage * SlotCodec.PayloadSize;
    private const int WriteAttempts = 2;
    private readonly byte[] _page = new byte[SlotsPerPage * SlotCodec.Size];
    private readonly byte[] _readBack = new byte[SlotsPerPage * SlotCodec.Size];

    public static int SlotsFor(int payloadLength) => Math.Max(1, (payloadLength + SlotCodec.PayloadSize - 1) / SlotCodec.PayloadSize);

    /// <summary>Programs the record and reads it back; false when the memory does not hold it after a second attempt.</summary>
    public bool TryWrite(int firstSlot, RecordType type, uint sequence, ReadOnlySpan<byte> payload)
    {
        int parts = SlotsFor(payload.Length);
        for (int part = 0; part < parts; part++)
        {
            ReadOnlySpan<byte> piece = payload.Slice(part * SlotCodec.PayloadSize, Math.Min(SlotCodec.PayloadSize, payload.Length - (part * SlotCodec.PayloadSize)));
            SlotCodec.Write(_page.AsSpan(part * SlotCodec.Size), new SlotHeader(type, part, parts, piece.Length, sequence), piece, firstSlot + part);
        }

        Span<byte> bytes = _page.AsSpan(0, parts * SlotCodec.Size);
        for (int attempt = 0; attempt < WriteAttempts; attempt++)
        {
            if (!memory.TryWrite(firstSlot * SlotCodec.Size, bytes)) continue;
            Span<byte> back = _readBack.AsSpan(0, bytes.Length);
            memory.Read(firstSlot * SlotCodec.Size, back);
            if (back.SequenceEqual(bytes)) return true;
        }

        return false;
    }

    /// <summary>Reads the record that begins at <paramref name="firstSlot"/>, if one does.</summary>
    public bool TryRead(int firstSlot, Span<byte> payload, out SlotHeader header, out int length)
    {
        length = 0;
        Span<byte> slot = _readBack.AsSpan(0, SlotCodec.Size);
        memory.Read(firstSlot * SlotCodec.Size, slot);
        if (!SlotCodec.TryRead(slot, firstSlot, out header) || header.Part != 0) return false;
        if (header.Parts > SlotsPerPage - (firstSlot % SlotsPerPage)) return false;
        SlotCodec.Payload(slot, header).CopyTo(payload);
        length = header.PayloadLength;
        for (int part = 1; part < header.Parts; part++)
        {
            memory.Read((firstSlot + part) * SlotCodec.Size, slot);
            bool belongs = SlotCodec.TryRead(slot, firstSlot + part, out SlotHeader next)
                && next == header with { Part = part, PayloadLength = next.PayloadLength };
            if (!belongs) return false;
            SlotCodec.Payload(slot, next).CopyTo(payload[length..]);
            length += next.PayloadLength;
        }

        return true;
    }

    /// <summary>The header of the slot alone, for looking over many pages quickly.</summary>
    public bool TryReadHeader(int slotIndex, out SlotHeader header)
    {
        Span<byte> slot = _readBack.AsSpan(0, SlotCodec.Size);
        memory.Read(slotIndex * SlotCodec.Size, slot);
        return SlotCodec.TryRead(slot, slotIndex, out header);
    }
}
