using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The form of an Action request.</summary>
public enum ActionRequestType : byte
{
    /// <summary>One method.</summary>
    Normal = 1,
    /// <summary>The next block of a long answer.</summary>
    NextBlock = 2,
    /// <summary>Several methods.</summary>
    WithList = 3,
    /// <summary>One method and the first block of its parameter.</summary>
    WithFirstBlock = 4,
    /// <summary>Several methods and the first block of their parameters.</summary>
    WithListAndFirstBlock = 5,
    /// <summary>A further block.</summary>
    WithBlock = 6,
}

/// <summary>Action request.</summary>
/// <remarks>Source: IEC 62056-5-3, Action-Request.</remarks>
public readonly ref struct ActionRequest
{
    /// <summary>The form.</summary>
    public ActionRequestType Type { get; init; }

    /// <summary>Which request this is.</summary>
    public InvokeId Invoke { get; init; }

    /// <summary>The method, in the forms of one method.</summary>
    public MethodDescriptor Method { get; init; }

    /// <summary>With <see cref="ActionRequestType.Normal"/>: whether a parameter is there.</summary>
    public bool HasParameter { get; init; }

    /// <summary>With <see cref="ActionRequestType.Normal"/>: the parameter, null-data where there is none.</summary>
    public DataView Parameter { get; init; }

    /// <summary>With <see cref="ActionRequestType.NextBlock"/>: the number of the block that was received.</summary>
    public uint BlockNumber { get; init; }

    /// <summary>In the forms that carry a block: the block.</summary>
    public DataBlock Block { get; init; }

    /// <summary>In the list forms: the methods.</summary>
    public MethodList List { get; init; }

    /// <summary>With <see cref="ActionRequestType.WithList"/>: as many parameters as methods.</summary>
    public DataList Parameters { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out ActionRequest request)
    {
        request = default;
        var reader = new AxdrReader(apdu);
        if (!ApduHead.TryRead(ref reader, ApduTag.ActionRequest, out byte octet, out InvokeId invoke)) return false;
        var type = (ActionRequestType)octet;
        MethodDescriptor method = default;
        MethodList list = default;
        bool hasParameter = false;
        DataView parameter = default;
        DataBlock block = default;
        DataList parameters = default;
        uint number = 0;

        if (type is ActionRequestType.Normal or ActionRequestType.WithFirstBlock && !MethodDescriptor.TryRead(ref reader, out method)) return false;
        if (type is ActionRequestType.WithList or ActionRequestType.WithListAndFirstBlock && !MethodList.TryRead(ref reader, out list)) return false;
        bool read = type switch
        {
            ActionRequestType.Normal => reader.TryReadFlag(out hasParameter) && (!hasParameter || reader.TryReadData(out parameter)),
            ActionRequestType.NextBlock => reader.TryReadUInt32(out number),
            ActionRequestType.WithList => DataList.TryRead(ref reader, out parameters) && parameters.Count == list.Count,
            ActionRequestType.WithFirstBlock or ActionRequestType.WithListAndFirstBlock or ActionRequestType.WithBlock =>
                DataBlock.TryRead(ref reader, out block),
            _ => false,
        };
        if (!read) return false;
        request = new ActionRequest
        {
            Type = type, Invoke = invoke, Method = method, HasParameter = hasParameter, Parameter = parameter, BlockNumber = number,
            Block = block, List = list, Parameters = parameters,
        };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        ApduHead.Write(ref writer, ApduTag.ActionRequest, (byte)Type, Invoke);
        if (Type is ActionRequestType.Normal or ActionRequestType.WithFirstBlock) Method.Write(ref writer);
        if (Type is ActionRequestType.WithList or ActionRequestType.WithListAndFirstBlock)
        {
            writer.WriteLength(List.Count);
            writer.WriteOctets(List.Encoded);
        }

        switch (Type)
        {
            case ActionRequestType.Normal:
                writer.WriteByte(HasParameter ? (byte)1 : (byte)0);
                if (HasParameter) writer.WriteData(Parameter);
                break;
            case ActionRequestType.NextBlock:
                writer.WriteUInt32(BlockNumber);
                break;
            case ActionRequestType.WithList:
                writer.WriteLength(Parameters.Count);
                writer.WriteOctets(Parameters.Encoded);
                break;
            default:
                Block.Write(ref writer);
                break;
        }

        return writer.Overflowed ? 0 : writer.Position;
    }
}

/// <summary>The methods of a with-list request, seen where they lie.</summary>
public readonly ref struct MethodList
{
    private MethodList(int count, ReadOnlySpan<byte> encoded)
    {
        Count = count;
        Encoded = encoded;
    }

    /// <summary>Methods in the list.</summary>
    public int Count { get; }

    /// <summary>The descriptors one after the other, without the count.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>The method at <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public MethodDescriptor this[int index]
    {
        get
        {
            var reader = new AxdrReader(Encoded.Slice(index * AttributeDescriptor.Size, AttributeDescriptor.Size));
            _ = MethodDescriptor.TryRead(ref reader, out MethodDescriptor method);
            return method;
        }
    }

    /// <summary>Takes descriptors that <see cref="Write"/> wrote.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, int count, out MethodList list)
    {
        bool valid = encoded.Length == count * AttributeDescriptor.Size;
        list = valid ? new MethodList(count, encoded) : default;
        return valid;
    }

    /// <summary>Appends one method to a list that is being made.</summary>
    public static void Write(ref AxdrWriter writer, MethodDescriptor method) => method.Write(ref writer);

    internal static MethodList OfValid(int count, ReadOnlySpan<byte> encoded) => new(count, encoded);

    internal static bool TryRead(scoped ref AxdrReader reader, out MethodList list)
    {
        list = default;
        if (!reader.TryReadLength(out int count) || count > reader.Remaining.Length / AttributeDescriptor.Size) return false;
        if (!reader.TryReadOctets(count * AttributeDescriptor.Size, out ReadOnlySpan<byte> encoded)) return false;
        list = new MethodList(count, encoded);
        return true;
    }
}
