using System.Buffers.Binary;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Journal;

/// <summary>What one valid slot says about itself.</summary>
internal readonly record struct SlotHeader(RecordType Type, int Part, int Parts, int PayloadLength, uint Sequence);

/// <summary>The 32-byte slot, the unit of everything durable.</summary>
/// <remarks>
/// <c>0 type | 1 version | 2 part:4, last part:4 | 3 payload length | 4..7 sequence | 8..27 payload | 28..31 CRC-32C</c>, little-endian.
/// The CRC also covers the slot's own index, so that a page that lands in the wrong place is not taken for what belongs there.
/// A slot is eight groups of four bytes, the unit that the memory corrects and wears.
/// </remarks>
internal static class SlotCodec
{
    public const int Size = 32;
    public const int PayloadSize = 20;
    private const byte Version = 1;
    private const int PayloadAt = 8;
    private const int CrcAt = 28;

    public static void Write(Span<byte> slot, in SlotHeader header, ReadOnlySpan<byte> payload, int slotIndex)
    {
        slot[..Size].Clear();
        slot[0] = (byte)header.Type;
        slot[1] = Version;
        slot[2] = (byte)((header.Part << 4) | (header.Parts - 1));
        slot[3] = (byte)payload.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(slot[4..], header.Sequence);
        payload.CopyTo(slot[PayloadAt..CrcAt]);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[CrcAt..], Crc(slot, slotIndex));
    }

    /// <summary>False for erased, torn, rotten or foreign bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> slot, int slotIndex, out SlotHeader header)
    {
        header = default;
        if (slot[1] != Version || slot[3] > PayloadSize) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot[CrcAt..]) != Crc(slot, slotIndex)) return false;
        header = new SlotHeader((RecordType)slot[0], slot[2] >> 4, (slot[2] & 0xF) + 1, slot[3], BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]));
        return header.Part < header.Parts;
    }

    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> slot, in SlotHeader header) => slot.Slice(PayloadAt, header.PayloadLength);

    private static uint Crc(ReadOnlySpan<byte> slot, int slotIndex)
    {
        Span<byte> index = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(index, slotIndex);
        return Crc32C.Continue(Crc32C.Compute(slot[..CrcAt]), index);
    }
}
