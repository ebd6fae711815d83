using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The form of a Set request.</summary>
public enum SetRequestType : byte
{
    /// <summary>One attribute.</summary>
    Normal = 1,
    /// <summary>The first block of one long value.</summary>
    WithFirstDataBlock = 2,
    /// <summary>A further block.</summary>
    WithDataBlock = 3,
    /// <summary>Several attributes.</summary>
    WithList = 4,
    /// <summary>Several attributes and the first block of their values.</summary>
    WithListAndFirstDataBlock = 5,
}

/// <summary>Set request.</summary>
/// <remarks>Source: IEC 62056-5-3, Set-Request.</remarks>
public readonly ref struct SetRequest
{
    /// <summary>The form.</summary>
    public SetRequestType Type { get; init; }

    /// <summary>Which request this is.</summary>
    public InvokeId Invoke { get; init; }

    /// <summary>The attribute, in the forms of one attribute.</summary>
    public AttributeDescriptor Attribute { get; init; }

    /// <summary>The part of it.</summary>
    public SelectiveAccess Selection { get; init; }

    /// <summary>With <see cref="SetRequestType.Normal"/>: the value.</summary>
    public DataView Data { get; init; }

    /// <summary>In the block forms: the block.</summary>
    public DataBlock Block { get; init; }

    /// <summary>In the list forms: the attributes.</summary>
    public AttributeList List { get; init; }

    /// <summary>With <see cref="SetRequestType.WithList"/>: as many values as attributes.</summary>
    public DataList Values { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out SetRequest request)
    {
        request = default;
        var reader = new AxdrReader(apdu);
        if (!ApduHead.TryRead(ref reader, ApduTag.SetRequest, out byte octet, out InvokeId invoke)) return false;
        var type = (SetRequestType)octet;
        AttributeDescriptor attribute = default;
        SelectiveAccess selection = default;
        AttributeList list = default;
        DataView data = default;
        DataBlock block = default;
        DataList values = default;

        if (type is SetRequestType.Normal or SetRequestType.WithFirstDataBlock)
        {
            if (!AttributeDescriptor.TryRead(ref reader, out attribute) || !SelectiveAccess.TryRead(ref reader, out selection)) return false;
        }
        else if (type is SetRequestType.WithList or SetRequestType.WithListAndFirstDataBlock)
        {
            if (!reader.TryReadLength(out int count) || !AttributeList.TryRead(ref reader, count, out list)) return false;
        }

        bool read = type switch
        {
            SetRequestType.Normal => reader.TryReadData(out data),
            SetRequestType.WithFirstDataBlock or SetRequestType.WithDataBlock or SetRequestType.WithListAndFirstDataBlock =>
                DataBlock.TryRead(ref reader, out block),
            SetRequestType.WithList => DataList.TryRead(ref reader, out values) && values.Count == list.Count,
            _ => false,
        };
        if (!read) return false;
        request = new SetRequest
        {
            Type = type, Invoke = invoke, Attribute = attribute, Selection = selection, Data = data, Block = block, List = list, Values = values,
        };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        ApduHead.Write(ref writer, ApduTag.SetRequest, (byte)Type, Invoke);
        if (Type is SetRequestType.Normal or SetRequestType.WithFirstDataBlock)
        {
            Attribute.Write(ref writer);
            Selection.Write(ref writer);
        }
        else if (Type is SetRequestType.WithList or SetRequestType.WithListAndFirstDataBlock)
        {
            writer.WriteLength(List.Count);
            writer.WriteOctets(List.Encoded);
        }

        switch (Type)
        {
            case SetRequestType.Normal:
                writer.WriteData(Data);
                break;
            case SetRequestType.WithList:
                writer.WriteLength(Values.Count);
                writer.WriteOctets(Values.Encoded);
                break;
            default:
                Block.Write(ref writer);
                break;
        }

        return writer.Overflowed ? 0 : writer.Position;
    }
}
