using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The form of an Action response.</summary>
public enum ActionResponseType : byte
{
    /// <summary>One result.</summary>
    Normal = 1,
    /// <summary>A block of a long answer.</summary>
    WithBlock = 2,
    /// <summary>Several results.</summary>
    WithList = 3,
    /// <summary>A block of a long parameter was received.</summary>
    NextBlock = 4,
}

/// <summary>Action response.</summary>
/// <remarks>Source: IEC 62056-5-3, Action-Response.</remarks>
public readonly ref struct ActionResponse
{
    /// <summary>The form.</summary>
    public ActionResponseType Type { get; init; }

    /// <summary>Which request this answers.</summary>
    public InvokeId Invoke { get; init; }

    /// <summary>With <see cref="ActionResponseType.Normal"/>: the result and what the method returned.</summary>
    public MethodResult Result { get; init; }

    /// <summary>With <see cref="ActionResponseType.WithBlock"/>: the block.</summary>
    public DataBlock Block { get; init; }

    /// <summary>With <see cref="ActionResponseType.NextBlock"/>: the number of the block that was received.</summary>
    public uint BlockNumber { get; init; }

    /// <summary>With <see cref="ActionResponseType.WithList"/>: how many results <see cref="Encoded"/> holds.</summary>
    public int Count { get; init; }

    /// <summary>With <see cref="ActionResponseType.WithList"/>: the results one after the other.</summary>
    public ReadOnlySpan<byte> Encoded { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out ActionResponse response)
    {
        response = default;
        var reader = new AxdrReader(apdu);
        if (!ApduHead.TryRead(ref reader, ApduTag.ActionResponse, out byte type, out InvokeId invoke)) return false;
        switch ((ActionResponseType)type)
        {
            case ActionResponseType.Normal:
                if (!MethodResult.TryRead(ref reader, out MethodResult result)) return false;
                response = new ActionResponse { Type = ActionResponseType.Normal, Invoke = invoke, Result = result };
                break;
            case ActionResponseType.WithBlock:
                if (!DataBlock.TryRead(ref reader, out DataBlock block)) return false;
                response = new ActionResponse { Type = ActionResponseType.WithBlock, Invoke = invoke, Block = block };
                break;
            case ActionResponseType.WithList:
                if (!TryReadList(ref reader, invoke, out response)) return false;
                break;
            case ActionResponseType.NextBlock:
                if (!reader.TryReadUInt32(out uint number)) return false;
                response = new ActionResponse { Type = ActionResponseType.NextBlock, Invoke = invoke, BlockNumber = number };
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
        ApduHead.Write(ref writer, ApduTag.ActionResponse, (byte)Type, Invoke);
        switch (Type)
        {
            case ActionResponseType.Normal:
                Result.Write(ref writer);
                break;
            case ActionResponseType.WithBlock:
                Block.Write(ref writer);
                break;
            case ActionResponseType.WithList:
                writer.WriteLength(Count);
                writer.WriteOctets(Encoded);
                break;
            default:
                writer.WriteUInt32(BlockNumber);
                break;
        }

        return writer.Overflowed ? 0 : writer.Position;
    }

    private static bool TryReadList(scoped ref AxdrReader reader, InvokeId invoke, out ActionResponse response)
    {
        response = default;
        if (!reader.TryReadLength(out int count) || count > reader.Remaining.Length) return false;
        ReadOnlySpan<byte> rest = reader.Remaining;
        for (int i = 0; i < count; i++)
        {
            if (!MethodResult.TryRead(ref reader, out _)) return false;
        }

        response = new ActionResponse
        {
            Type = ActionResponseType.WithList, Invoke = invoke, Count = count, Encoded = rest[..(rest.Length - reader.Remaining.Length)],
        };
        return true;
    }
}

/// <summary>What became of one method, and what it returned.</summary>
public readonly ref struct MethodResult
{
    /// <summary>The result of the call.</summary>
    public ActionResult Result { get; init; }

    /// <summary>Whether return parameters are there.</summary>
    public bool HasReturn { get; init; }

    /// <summary>Whether the return value could be had; success where there is none.</summary>
    public DataAccessResult ReturnResult { get; init; }

    /// <summary>What the method returned.</summary>
    public DataView Return { get; init; }

    internal static bool TryRead(scoped ref AxdrReader reader, out MethodResult result)
    {
        result = default;
        if (!reader.TryReadByte(out byte code) || !reader.TryReadFlag(out bool hasReturn)) return false;
        GetResult returned = default;
        if (hasReturn && !GetResult.TryRead(ref reader, out returned)) return false;
        result = new MethodResult { Result = (ActionResult)code, HasReturn = hasReturn, ReturnResult = returned.Result, Return = returned.Data };
        return true;
    }

    internal void Write(ref AxdrWriter writer)
    {
        writer.WriteByte((byte)Result);
        writer.WriteByte(HasReturn ? (byte)1 : (byte)0);
        if (HasReturn) new GetResult(ReturnResult, Return).Write(ref writer);
    }
}

/// <summary>What became of several methods, seen where it lies.</summary>
public readonly ref struct MethodResultList
{
    private MethodResultList(int count, ReadOnlySpan<byte> encoded)
    {
        Count = count;
        Encoded = encoded;
    }

    /// <summary>Results in the list.</summary>
    public int Count { get; }

    /// <summary>The results one after the other, without the count.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>Reads count and results that fill the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, out MethodResultList list)
    {
        list = default;
        var reader = new AxdrReader(encoded);
        if (!reader.TryReadLength(out int count) || count > reader.Remaining.Length) return false;
        ReadOnlySpan<byte> rest = reader.Remaining;
        for (int i = 0; i < count; i++)
        {
            if (!MethodResult.TryRead(ref reader, out _)) return false;
        }

        list = new MethodResultList(count, rest);
        return reader.AtEnd;
    }

    /// <summary>The results in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
    {
        private AxdrReader _reader;
        private int _left;
        private MethodResult _current;

        internal Enumerator(MethodResultList list)
        {
            _reader = new AxdrReader(list.Encoded);
            _left = list.Count;
        }

        /// <summary>The result reached.</summary>
        public readonly MethodResult Current => _current;

        /// <summary>Goes to the next result; false after the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0) return false;
            _left--;
            return MethodResult.TryRead(ref _reader, out _current);
        }
    }
}
