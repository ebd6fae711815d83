using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>xDLMS InitiateResponse: what holds in the association.</summary>
/// <remarks>Source: IEC 62056-5-3, InitiateResponse.</remarks>
public readonly ref struct InitiateResponse
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0x08;

    /// <summary>The vaa-name of logical name referencing.</summary>
    public const ushort LogicalNameVaa = 0x0007;

    /// <summary>Negotiated quality of service; null where it is absent.</summary>
    public byte? QualityOfService { get; init; }

    /// <summary>Negotiated DLMS version.</summary>
    public byte Version { get; init; }

    /// <summary>Negotiated services.</summary>
    public Conformance Conformance { get; init; }

    /// <summary>The largest APDU that the server takes, in octets.</summary>
    public ushort MaxReceivePdu { get; init; }

    /// <summary>0007 with logical names, FA00 with short names.</summary>
    public ushort VaaName { get; init; }

    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out InitiateResponse response)
    {
        response = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact(Tag) || !InitiateFields.TryReadQuality(ref reader, out byte? quality)) return false;
        if (!reader.TryReadByte(out byte version) || !InitiateFields.TryReadConformance(ref reader, out Conformance conformance)) return false;
        if (!reader.TryReadUInt16(out ushort maxPdu) || !reader.TryReadUInt16(out ushort vaaName) || !reader.AtEnd) return false;
        response = new InitiateResponse
        {
            QualityOfService = quality, Version = version, Conformance = conformance, MaxReceivePdu = maxPdu, VaaName = vaaName,
        };
        return true;
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte(Tag);
        InitiateFields.WriteQuality(ref writer, QualityOfService);
        writer.WriteByte(Version);
        InitiateFields.WriteConformance(ref writer, Conformance);
        writer.WriteUInt16(MaxReceivePdu);
        writer.WriteUInt16(VaaName);
        return writer.Overflowed ? 0 : writer.Position;
    }
}
