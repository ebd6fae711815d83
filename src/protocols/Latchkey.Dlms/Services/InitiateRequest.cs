using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>xDLMS InitiateRequest: what a client proposes inside an AARQ.</summary>
/// <remarks>Source: IEC 62056-5-3, InitiateRequest.</remarks>
public readonly ref struct InitiateRequest
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0x01;

    /// <summary>The only DLMS version there is.</summary>
    public const byte DlmsVersion = 6;

    /// <summary>Makes a request that allows a response.</summary>
    public InitiateRequest()
    {
        ResponseAllowed = true;
        Version = DlmsVersion;
    }

    /// <summary>The dedicated key of this association; empty where it is absent.</summary>
    public ReadOnlySpan<byte> DedicatedKey { get; init; }

    /// <summary>Whether the server may answer.</summary>
    public bool ResponseAllowed { get; init; }

    /// <summary>Proposed quality of service; null where it is absent.</summary>
    public byte? QualityOfService { get; init; }

    /// <summary>Proposed DLMS version.</summary>
    public byte Version { get; init; }

    /// <summary>Proposed services.</summary>
    public Conformance Conformance { get; init; }

    /// <summary>The largest APDU that the client takes, in octets; 0 is unlimited.</summary>
    public ushort MaxReceivePdu { get; init; }

    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out InitiateRequest request)
    {
        request = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact(Tag) || !reader.TryReadFlag(out bool hasKey)) return false;
        ReadOnlySpan<byte> key = default;
        if (hasKey && !reader.TryReadOctetString(out key)) return false;
        if (!reader.TryReadFlag(out bool hasResponse)) return false;
        bool response = true;
        if (hasResponse && !reader.TryReadFlag(out response)) return false;
        if (!InitiateFields.TryReadQuality(ref reader, out byte? quality)) return false;
        if (!reader.TryReadByte(out byte version) || !InitiateFields.TryReadConformance(ref reader, out Conformance conformance)) return false;
        if (!reader.TryReadUInt16(out ushort maxPdu) || !reader.AtEnd) return false;
        request = new InitiateRequest
        {
            DedicatedKey = key, ResponseAllowed = response, QualityOfService = quality, Version = version, Conformance = conformance, MaxReceivePdu = maxPdu,
        };
        return true;
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte(Tag);
        writer.WriteByte(DedicatedKey.IsEmpty ? (byte)0 : (byte)1);
        if (!DedicatedKey.IsEmpty) writer.WriteOctetString(DedicatedKey);
        if (ResponseAllowed) writer.WriteByte(0);
        else writer.WriteOctets([1, 0]);
        InitiateFields.WriteQuality(ref writer, QualityOfService);
        writer.WriteByte(Version);
        InitiateFields.WriteConformance(ref writer, Conformance);
        writer.WriteUInt16(MaxReceivePdu);
        return writer.Overflowed ? 0 : writer.Position;
    }
}
