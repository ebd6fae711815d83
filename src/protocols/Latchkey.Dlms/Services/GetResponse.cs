using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The form of a Get response.</summary>
public enum GetResponseType : byte
{
    /// <summary>One value or why there is none.</summary>
    Normal = 1,
    /// <summary>A block of a long answer.</summary>
    WithDataBlock = 2,
    /// <summary>Several values.</summary>
    WithList = 3,
}

/// <summary>Get response.</summary>
/// <remarks>Source: IEC 62056-5-3, Get-Response.</remarks>
public readonly ref struct GetResponse
{
    /// <summary>The form.</summary>
    public GetResponseType Type { get; init; }

    /// <summary>Which request this answers.</summary>
    public InvokeId Invoke { get; init; }

    /// <summary>Success, or why there is no value or no block.</summary>
    public DataAccessResult Result { get; init; }

    /// <summary>With <see cref="GetResponseType.Normal"/> and success: the value.</summary>
    public DataView Data { get; init; }

    /// <summary>With <see cref="GetResponseType.WithDataBlock"/>: the block, without octets where it failed.</summary>
    public DataBlock Block { get; init; }

    /// <summary>With <see cref="GetResponseType.WithList"/>: the results in the order of the request.</summary>
    public GetResultList List { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out GetResponse response)
    {
        response = default;
        var reader = new AxdrReader(apdu);
        if (!ApduHead.TryRead(ref reader, ApduTag.GetResponse, out byte type, out InvokeId invoke)) return false;
        switch ((GetResponseType)type)
        {
            case GetResponseType.Normal:
                if (!GetResult.TryRead(ref reader, out GetResult result)) return false;
                response = new GetResponse { Type = GetResponseType.Normal, Invoke = invoke, Result = result.Result, Data = result.Data };
                break;
            case GetResponseType.WithDataBlock:
                if (!TryReadBlock(ref reader, invoke, out response)) return false;
                break;
            case GetResponseType.WithList:
                if (!GetResultList.TryRead(ref reader, out GetResultList list)) return false;
                response = new GetResponse { Type = GetResponseType.WithList, Invoke = invoke, List = list };
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
        ApduHead.Write(ref writer, ApduTag.GetResponse, (byte)Type, Invoke);
        switch (Type)
        {
            case GetResponseType.Normal:
                new GetResult(Result, Data).Write(ref writer);
                break;
            case GetResponseType.WithDataBlock:
                writer.WriteByte(Block.IsLast ? (byte)1 : (byte)0);
                writer.WriteUInt32(Block.Number);
                writer.WriteByte(Result == DataAccessResult.Success ? (byte)0 : (byte)1);
                if (Result == DataAccessResult.Success) writer.WriteOctetString(Block.Raw);
                else writer.WriteByte((byte)Result);
                break;
            default:
                writer.WriteLength(List.Count);
                writer.WriteOctets(List.Encoded);
                break;
        }

        return writer.Overflowed ? 0 : writer.Position;
    }

    private static bool TryReadBlock(scoped ref AxdrReader reader, InvokeId invoke, out GetResponse response)
    {
        response = default;
        if (!reader.TryReadFlag(out bool last) || !reader.TryReadUInt32(out uint number) || !reader.TryReadByte(out byte choice)) return false;
        ReadOnlySpan<byte> raw = default;
        byte result = 0;
        bool read = choice switch
        {
            0 => reader.TryReadOctetString(out raw),
            1 => reader.TryReadByte(out result) && result != 0,
            _ => false,
        };
        response = new GetResponse
        {
            Type = GetResponseType.WithDataBlock, Invoke = invoke, Result = (DataAccessResult)result, Block = new DataBlock(last, number, raw),
        };
        return read;
    }
}

/// <summary>One value, or why there is none: 00 and the value, or 01 and the result.</summary>
public readonly ref struct GetResult
{
    /// <summary>Makes a result.</summary>
    public GetResult(DataAccessResult result, DataView data)
    {
        Result = result;
        Data = data;
    }

    /// <summary>Success or why not.</summary>
    public DataAccessResult Result { get; }

    /// <summary>The value, with success.</summary>
    public DataView Data { get; }

    internal static bool TryRead(scoped ref AxdrReader reader, out GetResult result)
    {
        result = default;
        if (!reader.TryReadByte(out byte choice)) return false;
        if (choice == 0)
        {
            if (!reader.TryReadData(out DataView data)) return false;
            result = new GetResult(DataAccessResult.Success, data);
            return true;
        }

        if (choice != 1 || !reader.TryReadByte(out byte code)) return false;
        result = new GetResult((DataAccessResult)code, default);

        // "No data, and the reason is success" says nothing; it is not a result.
        return code != 0;
    }

    internal void Write(ref AxdrWriter writer)
    {
        writer.WriteByte(Result == DataAccessResult.Success ? (byte)0 : (byte)1);
        if (Result == DataAccessResult.Success) writer.WriteData(Data);
        else writer.WriteByte((byte)Result);
    }
}

/// <summary>The results of a with-list response, seen where they lie.</summary>
public readonly ref struct GetResultList
{
    private GetResultList(int count, ReadOnlySpan<byte> encoded)
    {
        Count = count;
        Encoded = encoded;
    }

    /// <summary>Results in the list.</summary>
    public int Count { get; }

    /// <summary>The results one after the other, without the count.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    internal static bool TryRead(scoped ref AxdrReader reader, out GetResultList list)
    {
        list = default;
        if (!reader.TryReadLength(out int count) || count > reader.Remaining.Length) return false;
        ReadOnlySpan<byte> rest = reader.Remaining;
        for (int i = 0; i < count; i++)
        {
            if (!GetResult.TryRead(ref reader, out _)) return false;
        }

        list = new GetResultList(count, rest[..(rest.Length - reader.Remaining.Length)]);
        return true;
    }

    /// <summary>Reads a list that fills the input exactly, its count in front: what the blocks of a long with-list answer hold.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, out GetResultList list)
    {
        var reader = new AxdrReader(encoded);
        return TryRead(ref reader, out list) && reader.AtEnd;
    }

    /// <summary>The results in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
    {
        private AxdrReader _reader;
        private int _left;
        private GetResult _current;

        internal Enumerator(GetResultList list)
        {
            _reader = new AxdrReader(list.Encoded);
            _left = list.Count;
        }

        /// <summary>The result reached.</summary>
        public readonly GetResult Current => _current;

        /// <summary>Goes to the next result; false after the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0) return false;
            _left--;
            return GetResult.TryRead(ref _reader, out _current);
        }
    }
}
