using System.Globalization;

namespace Latchkey.Dlms.Cosem;

/// <summary>The OBIS code that names a COSEM object: six value groups A to F of one octet each.</summary>
/// <remarks>The default value is 0.0.0.0.0.0. Source: IEC 62056-61 (OBIS); IEC 62056-6-2, logical_name.</remarks>
public readonly record struct LogicalName
{
    /// <summary>Octets of an encoded name.</summary>
    public const int Size = 6;

    private readonly ulong _value;

    private LogicalName(ulong value) => _value = value;

    /// <summary>Makes a name from its six value groups.</summary>
    public LogicalName(byte a, byte b, byte c, byte d, byte e, byte f = 255) =>
        _value = ((ulong)a << 40) | ((ulong)b << 32) | ((ulong)c << 24) | ((ulong)d << 16) | ((ulong)e << 8) | f;

    /// <summary>Value group B, the channel.</summary>
    public byte B => unchecked((byte)(_value >> 32));

    /// <summary>Value group C, the abstract or physical quantity.</summary>
    public byte C => unchecked((byte)(_value >> 24));

    /// <summary>Value group D.</summary>
    public byte D => unchecked((byte)(_value >> 16));

    /// <summary>Value group E.</summary>
    public byte E => unchecked((byte)(_value >> 8));

    /// <summary>The name as a number that sorts in the order of its groups.</summary>
    internal ulong Value => _value;

    /// <summary>Reads exactly six octets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out LogicalName name)
    {
        name = default;
        if (octets.Length != Size) return false;
        ulong value = 0;
        foreach (byte octet in octets) value = (value << 8) | octet;
        name = new LogicalName(value);
        return true;
    }

    /// <summary>Reads six decimal groups separated by '.', or in the printed form A-B:C.D.E*F.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out LogicalName name)
    {
        name = default;
        ulong value = 0;
        for (int group = 0; group < Size; group++)
        {
            int end = group == Size - 1 ? text.Length : text.IndexOfAny(".-:*");
            if (end < 0 || !byte.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out byte octet)) return false;
            value = (value << 8) | octet;
            text = group == Size - 1 ? default : text[(end + 1)..];
        }

        name = new LogicalName(value);
        return true;
    }

    /// <summary>Writes six octets.</summary>
    public void Write(Span<byte> target)
    {
        for (int i = 0; i < Size; i++) target[i] = unchecked((byte)(_value >> (8 * (Size - 1 - i))));
    }

    /// <summary>The six groups in decimal, separated by full stops.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{unchecked((byte)(_value >> 40))}.{B}.{C}.{D}.{E}.{unchecked((byte)_value)}");
}
