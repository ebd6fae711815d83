using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Acse;

/// <summary>Reads BER elements with one-octet tags and definite lengths, which is all that ACSE uses here.</summary>
internal ref struct BerReader
{
    private AxdrReader _reader;

    public BerReader(ReadOnlySpan<byte> input) => _reader = new AxdrReader(input);

    public readonly bool AtEnd => _reader.AtEnd;

    public bool TryRead(out byte tag, out ReadOnlySpan<byte> content)
    {
        content = default;
        // BER and A-XDR code lengths alike; the indefinite form 80 is refused by both.
        return _reader.TryReadByte(out tag) && _reader.TryReadOctetString(out content);
    }

    /// <summary>Reads an element that must have this tag and be the only one.</summary>
    public static bool TryReadSingle(ReadOnlySpan<byte> input, byte expected, out ReadOnlySpan<byte> content)
    {
        var reader = new BerReader(input);
        return reader.TryRead(out byte tag, out content) && tag == expected && reader.AtEnd;
    }

    /// <summary>Reads an INTEGER of one octet.</summary>
    public static bool TryReadSmallInteger(ReadOnlySpan<byte> input, out byte value)
    {
        value = 0;
        if (!TryReadSingle(input, 0x02, out ReadOnlySpan<byte> content) || content.Length != 1) return false;
        value = content[0];
        return true;
    }
}
