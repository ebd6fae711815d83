using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>What SNRM proposes and UA settles: field lengths and windows, each seen from the side that speaks.</summary>
/// <param name="MaxInformationTransmit">Longest information field sent, 32 to 2030 octets.</param>
/// <param name="MaxInformationReceive">Longest information field taken, 32 to 2030 octets.</param>
/// <param name="WindowTransmit">I frames sent before an acknowledgement, 1 to 7.</param>
/// <param name="WindowReceive">I frames taken before an acknowledgement, 1 to 7.</param>
/// <remarks>Source: IEC 62056-46, 6.4.4.4.3.</remarks>
public readonly record struct HdlcParameters(ushort MaxInformationTransmit, ushort MaxInformationReceive, byte WindowTransmit, byte WindowReceive)
{
    /// <summary>What holds when nothing is said.</summary>
    public static HdlcParameters Default { get; } = new(128, 128, 1, 1);

    /// <summary>Reads the information field of SNRM or UA; an empty field means the defaults, unknown parameters are skipped, values are held to their range.</summary>
    public static bool TryRead(ReadOnlySpan<byte> information, out HdlcParameters parameters)
    {
        parameters = Default;
        if (information.IsEmpty) return true;
        var reader = new AxdrReader(information);
        if (!reader.TryReadExact(0x81) || !reader.TryReadExact(0x80) || !reader.TryReadByte(out byte length)) return false;
        if (length != reader.Remaining.Length) return false;
        HdlcParameters read = Default;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadByte(out byte id) || !reader.TryReadByte(out byte size)) return false;
            if (size is 0 or > 4 || !reader.TryReadOctets(size, out ReadOnlySpan<byte> octets)) return false;
            uint value = 0;
            foreach (byte octet in octets) value = (value << 8) | octet;
            read = read.With(id, value);
        }

        parameters = read;
        return true;
    }

    /// <summary>Writes the information field of SNRM or UA: 20 to 22 octets with two-octet lengths.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteOctets([0x81, 0x80, 0x14, 0x05, 0x02]);
        writer.WriteUInt16(MaxInformationTransmit);
        writer.WriteOctets([0x06, 0x02]);
        writer.WriteUInt16(MaxInformationReceive);
        writer.WriteOctets([0x07, 0x04]);
        writer.WriteUInt32(WindowTransmit);
        writer.WriteOctets([0x08, 0x04]);
        writer.WriteUInt32(WindowReceive);
        return writer.Overflowed ? 0 : writer.Position;
    }

    /// <summary>What both can bear, seen from this side: its sending pairs with the other's receiving.</summary>
    public HdlcParameters NegotiateWith(HdlcParameters other) => new(
        Math.Min(MaxInformationTransmit, other.MaxInformationReceive),
        Math.Min(MaxInformationReceive, other.MaxInformationTransmit),
        Math.Min(WindowTransmit, other.WindowReceive),
        Math.Min(WindowReceive, other.WindowTransmit));

    private HdlcParameters With(byte id, uint value) => id switch
    {
        5 => this with { MaxInformationTransmit = (ushort)Math.Clamp(value, 32, HdlcFrame.MaxInformation) },
        6 => this with { MaxInformationReceive = (ushort)Math.Clamp(value, 32, HdlcFrame.MaxInformation) },
        7 => this with { WindowTransmit = (byte)Math.Clamp(value, 1, 7) },
        8 => this with { WindowReceive = (byte)Math.Clamp(value, 1, 7) },
        _ => this,
    };
}
