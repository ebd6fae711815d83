using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The form of a Get request.</summary>
public enum GetRequestType : byte
{
    /// <summary>One attribute.</summary>
    Normal = 1,
    /// <summary>The next block of a long answer.</summary>
    Next = 2,
    /// <summary>Several attributes.</summary>
    WithList = 3,
}

/// <summary>Get request.</summary>
/// <remarks>Source: IEC 62056-5-3, Get-Request.</remarks>
public readonly ref struct GetRequest
{
    /// <summary>The form.</summary>
    public GetRequestType Type { get; init; }

    /// <summary>Which request this is.</summary>
    public InvokeId Invoke { get; init; }

    /// <summary>With <see cref="GetRequestType.Normal"/>: the attribute.</summary>
    public AttributeDescriptor Attribute { get; init; }

    /// <summary>With <see cref="GetRequestType.Normal"/>: the part of it.</summary>
    public SelectiveAccess Selection { get; init; }

    /// <summary>With <see cref="GetRequestType.Next"/>: the number of the block that was received.</summary>
    public uint BlockNumber { get; init; }

    /// <summary>With <see cref="GetRequestType.WithList"/>: the attributes.</summary>
    public AttributeList List { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out GetRequest request)
    {
        request = default;
        var reader = new AxdrReader(apdu);
        if (!ApduHead.TryRead(ref reader, ApduTag.GetRequest, out byte type, out InvokeId invoke)) return false;
        switch ((GetRequestType)type)
        {
            case GetRequestType.Normal:
                if (!AttributeDescriptor.TryRead(ref reader, out AttributeDescriptor attribute)) return false;
                if (!SelectiveAccess.TryRead(ref reader, out SelectiveAccess selection)) return false;
                request = new GetRequest { Type = GetRequestType.Normal, Invoke = invoke, Attribute = attribute, Selection = selection };
                break;
            case GetRequestType.Next:
                if (!reader.TryReadUInt32(out uint number)) return false;
                request = new GetRequest { Type = GetRequestType.Next, Invoke = invoke, BlockNumber = number };
                break;
            case GetRequestType.WithList:
                if (!reader.TryReadLength(out int count) || !AttributeList.TryRead(ref reader, count, out AttributeList list)) return false;
                request = new GetRequest { Type = GetRequestType.WithList, Invoke = invoke, List = list };
                break;
            default:
                return false;
        }

        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        ApduHead.Write(ref writer, ApduTag.GetRequest, (byte)Type, Invoke);
        switch (Type)
        {
            case GetRequestType.Normal:
                Attribute.Write(ref writer);
                Selection.Write(ref writer);
                break;
            case GetRequestType.Next:
                writer.WriteUInt32(BlockNumber);
                break;
            default:
                writer.WriteLength(List.Count);
                writer.WriteOctets(List.Encoded);
                break;
        }

        return writer.Overflowed ? 0 : writer.Position;
    }
}
