using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>What one entry of an Access request asks.</summary>
public enum AccessService : byte
{
    /// <summary>Read an attribute.</summary>
    Get = 1,
    /// <summary>Write an attribute.</summary>
    Set = 2,
    /// <summary>Call a method.</summary>
    Action = 3,
    /// <summary>Read a part of an attribute.</summary>
    GetWithSelection = 4,
    /// <summary>Write a part of an attribute.</summary>
    SetWithSelection = 5,
}

/// <summary>One entry of an Access request.</summary>
public readonly ref struct AccessSpecification
{
    /// <summary>What is asked.</summary>
    public AccessService Service { get; init; }

    /// <summary>The attribute; for <see cref="AccessService.Action"/> its index is the method's.</summary>
    public AttributeDescriptor Target { get; init; }

    /// <summary>The part that is meant.</summary>
    public SelectiveAccess Selection { get; init; }

    internal static bool TryRead(scoped ref AxdrReader reader, out AccessSpecification specification)
    {
        specification = default;
        if (!reader.TryReadByte(out byte octet) || octet is 0 or > 5) return false;
        if (!AttributeDescriptor.TryRead(ref reader, out AttributeDescriptor target)) return false;
        var service = (AccessService)octet;
        SelectiveAccess selection = default;
        bool selective = service is AccessService.GetWithSelection or AccessService.SetWithSelection;
        if (selective && !SelectiveAccess.TryReadPresent(ref reader, out selection)) return false;
        specification = new AccessSpecification { Service = service, Target = target, Selection = selection };
        return true;
    }

    /// <summary>Appends this entry to a list that is being made.</summary>
    public void Write(ref AxdrWriter writer)
    {
        writer.WriteByte((byte)Service);
        Target.Write(ref writer);
        if (Service is not (AccessService.GetWithSelection or AccessService.SetWithSelection)) return;
        writer.WriteByte(Selection.Selector);
        writer.WriteData(Selection.Parameters);
    }
}

/// <summary>The entries of an Access request, seen where they lie.</summary>
public readonly ref struct AccessSpecificationList
{
    internal AccessSpecificationList(int count, ReadOnlySpan<byte> encoded)
    {
        Count = count;
        Encoded = encoded;
    }

    /// <summary>Entries in the list.</summary>
    public int Count { get; }

    /// <summary>The entries one after the other, without the count.</summary>
    public ReadOnlySpan<byte> Encoded { get; }

    /// <summary>Takes entries that <see cref="AccessSpecification.Write"/> wrote.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, int count, out AccessSpecificationList list)
    {
        var reader = new AxdrReader(encoded);
        return TryRead(ref reader, count, out list) && reader.AtEnd;
    }

    internal static bool TryRead(scoped ref AxdrReader reader, int count, out AccessSpecificationList list)
    {
        list = default;
        ReadOnlySpan<byte> rest = reader.Remaining;
        if (count > rest.Length) return false;
        for (int i = 0; i < count; i++)
        {
            if (!AccessSpecification.TryRead(ref reader, out _)) return false;
        }

        list = new AccessSpecificationList(count, rest[..(rest.Length - reader.Remaining.Length)]);
        return true;
    }

    /// <summary>The entries in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
    {
        private AxdrReader _reader;
        private int _left;
        private AccessSpecification _current;

        internal Enumerator(AccessSpecificationList list)
        {
            _reader = new AxdrReader(list.Encoded);
            _left = list.Count;
        }

        /// <summary>The entry reached.</summary>
        public readonly AccessSpecification Current => _current;

        /// <summary>Goes to the next entry; false after the last.</summary>
        public bool MoveNext()
        {
            if (_left == 0) return false;
            _left--;
            return AccessSpecification.TryRead(ref _reader, out _current);
        }
    }
}

/// <summary>Access request: reads, writes and calls in one APDU.</summary>
/// <remarks>Source: IEC 62056-5-3, Access-Request.</remarks>
public readonly ref struct AccessRequest
{
    /// <summary>Which request this is.</summary>
    public LongInvokeId Invoke { get; init; }

    /// <summary>date-time, twelve octets or none.</summary>
    public ReadOnlySpan<byte> DateTime { get; init; }

    /// <summary>What is asked.</summary>
    public AccessSpecificationList Specifications { get; init; }

    /// <summary>One value per entry; null-data where the entry needs none.</summary>
    public DataList Data { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out AccessRequest request)
    {
        request = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.AccessRequest) || !reader.TryReadUInt32(out uint invoke)) return false;
        if (!NotificationTime.TryRead(ref reader, out ReadOnlySpan<byte> time) || !reader.TryReadLength(out int count)) return false;
        if (!AccessSpecificationList.TryRead(ref reader, count, out AccessSpecificationList list)) return false;
        if (!DataList.TryRead(ref reader, out DataList data) || data.Count != count) return false;
        request = new AccessRequest { Invoke = new LongInvokeId(invoke), DateTime = time, Specifications = list, Data = data };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.AccessRequest);
        writer.WriteUInt32(Invoke.Value);
        writer.WriteOctetString(DateTime);
        writer.WriteLength(Specifications.Count);
        writer.WriteOctets(Specifications.Encoded);
        writer.WriteLength(Data.Count);
        writer.WriteOctets(Data.Encoded);
        return writer.Overflowed ? 0 : writer.Position;
    }

    /// <summary>Writes the APDU from encoded entries and values; 0 when it does not fit.</summary>
    public static int Write(LongInvokeId invoke, AccessSpecificationList specifications, scoped ReadOnlySpan<byte> data, Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.AccessRequest);
        writer.WriteUInt32(invoke.Value);
        writer.WriteByte(0);
        writer.WriteLength(specifications.Count);
        writer.WriteOctets(specifications.Encoded);
        writer.WriteLength(specifications.Count);
        writer.WriteOctets(data);
        return writer.Overflowed ? 0 : writer.Position;
    }
}

/// <summary>Access response: one value and one result per entry of the request.</summary>
/// <remarks>Source: IEC 62056-5-3, Access-Response.</remarks>
public readonly ref struct AccessResponse
{
    /// <summary>Which request this answers.</summary>
    public LongInvokeId Invoke { get; init; }

    /// <summary>date-time, twelve octets or none.</summary>
    public ReadOnlySpan<byte> DateTime { get; init; }

    /// <summary>What was asked, where the server repeats it.</summary>
    public AccessSpecificationList Specifications { get; init; }

    /// <summary>One value per entry.</summary>
    public DataList Data { get; init; }

    /// <summary>Two octets per entry: the service (1 get, 2 set, 3 action) and its result.</summary>
    public ReadOnlySpan<byte> Results { get; init; }

    /// <summary>Reads an APDU that fills the input exactly, or starts it where trailing octets are borne.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out AccessResponse response)
    {
        response = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.AccessResponse) || !reader.TryReadUInt32(out uint invoke)) return false;
        if (!NotificationTime.TryRead(ref reader, out ReadOnlySpan<byte> time) || !reader.TryReadFlag(out bool repeated)) return false;
        AccessSpecificationList specifications = default;
        if (repeated && (!reader.TryReadLength(out int asked) || !AccessSpecificationList.TryRead(ref reader, asked, out specifications))) return false;
        if (!DataList.TryRead(ref reader, out DataList data) || !reader.TryReadLength(out int count)) return false;
        if (count != data.Count || count > reader.Remaining.Length || !reader.TryReadOctets(2 * count, out ReadOnlySpan<byte> results)) return false;
        for (int i = 0; i < results.Length; i += 2)
        {
            if (results[i] is 0 or > 3) return false;
        }

        response = new AccessResponse
        {
            Invoke = new LongInvokeId(invoke), DateTime = time, Specifications = specifications, Data = data, Results = results,
        };
        return ApduHead.Ends(reader, tolerance);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte((byte)ApduTag.AccessResponse);
        writer.WriteUInt32(Invoke.Value);
        writer.WriteOctetString(DateTime);
        writer.WriteByte(Specifications.Count > 0 ? (byte)1 : (byte)0);
        if (Specifications.Count > 0)
        {
            writer.WriteLength(Specifications.Count);
            writer.WriteOctets(Specifications.Encoded);
        }

        writer.WriteLength(Data.Count);
        writer.WriteOctets(Data.Encoded);
        writer.WriteLength(Data.Count);
        writer.WriteOctets(Results);
        return writer.Overflowed ? 0 : writer.Position;
    }
}
