using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>general-block-transfer: a numbered piece of any APDU, ciphered ones included.</summary>
/// <remarks>Source: IEC 62056-5-3, General-Block-Transfer.</remarks>
public readonly ref struct GeneralBlock
{
    /// <summary>Octets in front of the piece, at most.</summary>
    public const int MaxOverhead = 9;

    /// <summary>LB: no block follows.</summary>
    public bool IsLast { get; init; }

    /// <summary>STR: more blocks come without waiting for the other side.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>How many blocks the sender of this block takes in one stream, 0 to 63.</summary>
    public byte Window { get; init; }

    /// <summary>The number of this block; the first is 1.</summary>
    public ushort Number { get; init; }

    /// <summary>The number of the last block of the other side that arrived in order.</summary>
    public ushort Acknowledged { get; init; }

    /// <summary>The piece.</summary>
    public ReadOnlySpan<byte> Raw { get; init; }

    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out GeneralBlock block)
    {
        block = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.GeneralBlockTransfer) || !reader.TryReadByte(out byte control)) return false;
        if (!reader.TryReadUInt16(out ushort number) || !reader.TryReadUInt16(out ushort acknowledged)) return false;
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> raw) || !reader.AtEnd) return false;
        block = new GeneralBlock
        {
            IsLast = (control & 0x80) != 0,
            IsStreaming = (control & 0x40) != 0,
            Window = (byte)(control & 0x3F),
            Number = number,
            Acknowledged = acknowledged,
            Raw = raw,
        };
        return true;
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.GeneralBlockTransfer);
        writer.WriteByte((byte)((IsLast ? 0x80 : 0) | (IsStreaming ? 0x40 : 0) | (Window & 0x3F)));
        writer.WriteUInt16(Number);
        writer.WriteUInt16(Acknowledged);
        writer.WriteOctetString(Raw);
        return writer.Overflowed ? 0 : writer.Position;
    }
}
