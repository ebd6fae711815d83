using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Acse;

/// <summary>RLRQ or RLRE: the end of an association, asked for or agreed.</summary>
/// <remarks>In a ciphered association the user information carries the ciphered Initiate APDU, which keeps others from forging a release.
/// Source: ISO/IEC 8650-1, RLRQ and RLRE; IEC 62056-5-3.</remarks>
public readonly ref struct Release
{
    /// <summary>Tag of the request.</summary>
    public const byte RequestTag = 0x62;

    /// <summary>Tag of the response.</summary>
    public const byte ResponseTag = 0x63;

    /// <summary>Whether this is the response.</summary>
    public bool IsResponse { get; init; }

    /// <summary>The reason: 0 normal; null where it is absent.</summary>
    public byte? Reason { get; init; }

    /// <summary>The Initiate APDU, plain or ciphered; empty where it is absent.</summary>
    public ReadOnlySpan<byte> UserInformation { get; init; }

    /// <summary>Reads an APDU that fills the input exactly. With <paramref name="tolerance"/> <see cref="PeerTolerance.ReleaseLengths"/> the
    /// lengths that one widespread server gets wrong are not believed; the octets that are there are.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, out Release release)
    {
        if (TryReadStrict(apdu, out release)) return true;
        return tolerance.Has(PeerTolerance.ReleaseLengths) && TryReadWithWrongLengths(apdu, out release);
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        int size = (Reason.HasValue ? 3 : 0) + (UserInformation.IsEmpty ? 0 : AcseNames.NestedSize(UserInformation));
        var writer = new AxdrWriter(output);
        AcseNames.WriteHead(ref writer, IsResponse ? ResponseTag : RequestTag, size);
        if (Reason is byte reason) writer.WriteOctets([0x80, 0x01, reason]);
        if (!UserInformation.IsEmpty) AcseNames.WriteNested(ref writer, 0xBE, 0x04, UserInformation);
        return writer.Overflowed ? 0 : writer.Position;
    }

    private static bool TryReadStrict(ReadOnlySpan<byte> apdu, out Release release)
    {
        release = default;
        var outer = new BerReader(apdu);
        if (!outer.TryRead(out byte tag, out ReadOnlySpan<byte> body) || !outer.AtEnd || tag is not (RequestTag or ResponseTag)) return false;
        var fields = new Release { IsResponse = tag == ResponseTag };
        var seen = default(SeenTags);
        var reader = new BerReader(body);
        while (!reader.AtEnd)
        {
            if (!reader.TryRead(out byte element, out ReadOnlySpan<byte> content) || !seen.TryAdd(element)) return false;
            if (element == 0x80)
            {
                if (content.Length != 1) return false;
                fields = fields with { Reason = content[0] };
            }
            else if (element == 0xBE)
            {
                if (!BerReader.TryReadSingle(content, 0x04, out ReadOnlySpan<byte> information)) return false;
                fields = fields with { UserInformation = information };
            }
        }

        release = fields;
        return true;
    }

    // 63 L 80 01 rr BE L 04 n information, where both L may be anything and n must be right.
    private static bool TryReadWithWrongLengths(ReadOnlySpan<byte> apdu, out Release release)
    {
        release = default;
        if (apdu.Length < 9 || apdu[0] is not (RequestTag or ResponseTag) || apdu[2] != 0x80 || apdu[3] != 1) return false;
        if (apdu[5] != 0xBE || !BerReader.TryReadSingle(apdu[7..], 0x04, out ReadOnlySpan<byte> information)) return false;
        release = new Release { IsResponse = apdu[0] == ResponseTag, Reason = apdu[4], UserInformation = information };
        return true;
    }
}
