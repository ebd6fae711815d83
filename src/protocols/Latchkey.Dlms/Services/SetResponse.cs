using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The form of a Set response.</summary>
public enum SetResponseType : byte
{
    /// <summary>One result.</summary>
    Normal = 1,
    /// <summary>A block was received.</summary>
    DataBlock = 2,
    /// <summary>The last block was received: one result.</summary>
    LastDataBlock = 3,
    /// <summary>The last block was received: several results.</summary>
    LastDataBlockWithList = 4,
    /// <summary>Several results.</summary>
    WithList = 5,
}

/// <summary>Set response.</summary>
/// <remarks>Source: IEC 62056-5-3, Set-Response.</remarks>
public readonly ref struct SetResponse
{
    /// <summary>The form.</summary>
    public SetResponseType Type { get; init; }

    /// <summary>Which request this answers.</summary>
    public InvokeId Invoke { get; init; }

    /// <summary>The result, in the forms of one result.</summary>
    public DataAccessResult Result { get; init; }

    /// <summary>The block received, in the block forms.</summary>
    public uint BlockNumber { get; init; }

    /// <summary>In the list forms: one octet per attribute, each a <see cref="DataAccessResult"/>.</summary>
    public ReadOnlySpan<byte> Results { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out SetResponse response)
    {
        response = default;
        var reader = new AxdrReader(apdu);
        if (!ApduHead.TryRead(ref reader, ApduTag.SetResponse, out byte octet, out InvokeId invoke)) return false;
        var type = (SetResponseType)octet;
        if (type is < SetResponseType.Normal or > SetResponseType.WithList) return false;
        byte result = 0;
        uint number = 0;
        ReadOnlySpan<byte> results = default;
        if (type is SetResponseType.Normal or SetResponseType.LastDataBlock && !reader.TryReadByte(out result)) return false;
        if (type is SetResponseType.LastDataBlockWithList or SetResponseType.WithList && !reader.TryReadOctetString(out results)) return false;
        if (type is not (SetResponseType.Normal or SetResponseType.WithList) && !reader.TryReadUInt32(out number)) return false;
        response = new SetResponse { Type = type, Invoke = invoke, Result = (DataAccessResult)result, BlockNumber = number, Results = results };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        ApduHead.Write(ref writer, ApduTag.SetResponse, (byte)Type, Invoke);
        if (Type is SetResponseType.Normal or SetResponseType.LastDataBlock) writer.WriteByte((byte)Result);
        if (Type is SetResponseType.LastDataBlockWithList or SetResponseType.WithList) writer.WriteOctetString(Results);
        if (Type is not (SetResponseType.Normal or SetResponseType.WithList)) writer.WriteUInt32(BlockNumber);
        return writer.Overflowed ? 0 : writer.Position;
    }
}
