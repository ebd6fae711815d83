using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Cli.Dlms;

/// <summary>COSEM data as people write and read it.</summary>
internal static class DlmsValueText
{
    public const string Forms = "null, bool:true, enum:1, i8:-1, i16:, i32:, i64:, u8:, u16:, u32:, u64:, octets:0A1B, text:abc, utf8:abc, "
        + "time:2026-01-01T00:00:00+08:00, obis:1.0.1.8.0.255, token:20 digits, data:HEX (encoded data of any type)";

    /// <summary>Encodes a value; null where the text is none.</summary>
    public static byte[]? Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? text : text[..colon];
        string rest = colon < 0 ? string.Empty : text[(colon + 1)..];
        var writer = new AxdrWriter(new byte[rest.Length + 32]);
        bool written = kind switch
        {
            "null" => Null(ref writer),
            "octets" => Octets(rest, ref writer),
            "text" => Text(rest, DataTag.VisibleString, Encoding.ASCII, ref writer),
            "utf8" => Text(rest, DataTag.Utf8String, Encoding.UTF8, ref writer),
            "time" => Time(rest, ref writer),
            "obis" => Obis(rest, ref writer),
            "token" => Token(rest, ref writer),
            "data" => Encoded(rest, ref writer),
            "bool" => Flag(rest, ref writer),
            _ => Number(kind, rest, ref writer),
        };
        return written && !writer.Overflowed ? writer.Written.ToArray() : null;
    }

    /// <summary>One line for people.</summary>
    public static string Print(DataView value) => value.Tag switch
    {
        DataTag.NullData => "null",
        DataTag.Array => "[" + Join(value) + "]",
        DataTag.Structure => "{" + Join(value) + "}",
        DataTag.CompactArray => Expanded(value) is byte[] expanded && DataView.TryReadWhole(expanded, out DataView array) ? Print(array) : Hex(value),
        _ => Leaf(value),
    };

    /// <summary>Numbers, texts and lists; octets that are neither a time nor text are hexadecimal.</summary>
    public static JsonNode? Json(DataView value)
    {
        if (value.IsNull) return null;
        if (value.Tag == DataTag.Boolean) return JsonValue.Create(value.TryGetInteger(out long flag) && flag != 0);
        if (value.TryGetInteger(out long number)) return JsonValue.Create(number);
        if (value.TryGetUInt64(out ulong large)) return JsonValue.Create(large);
        if (value.TryGetFloat(out double real)) return double.IsFinite(real) ? JsonValue.Create(real) : JsonValue.Create(Leaf(value));
        if (value.Tag == DataTag.CompactArray && Expanded(value) is byte[] expanded && DataView.TryReadWhole(expanded, out DataView rows)) return Json(rows);
        if (value.Tag is not (DataTag.Array or DataTag.Structure)) return JsonValue.Create(Leaf(value));
        var list = new JsonArray();
        foreach (DataView item in value.Items) list.Add(Json(item));
        return list;
    }

    private static string Join(DataView value)
    {
        var items = new List<string>();
        foreach (DataView item in value.Items) items.Add(Print(item));
        return string.Join(", ", items);
    }

    private static string Leaf(DataView value)
    {
        if (value.Tag == DataTag.Boolean) return value.TryGetInteger(out long flag) && flag != 0 ? "true" : "false";
        if (value.TryGetInteger(out long number)) return number.ToString(CultureInfo.InvariantCulture);
        if (value.TryGetUInt64(out ulong large)) return large.ToString(CultureInfo.InvariantCulture);
        if (value.TryGetFloat(out double real)) return real.ToString("R", CultureInfo.InvariantCulture);
        if (value.TryGetDateTime(out CosemDateTime time)) return time.ToString();
        if (value.TryGetBits(out ReadOnlySpan<byte> bits, out int count)) return Bits(bits, count);
        if (!value.TryGetOctets(out ReadOnlySpan<byte> octets)) return Hex(value);
        if (value.TryGetLogicalName(out LogicalName name) && name.ToString().EndsWith(".255", StringComparison.Ordinal)) return name.ToString();
        bool printable = octets.Length > 0 && !octets.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E);
        return value.Tag == DataTag.Utf8String || printable ? Encoding.UTF8.GetString(octets) : Convert.ToHexString(octets);
    }

    private static string Bits(ReadOnlySpan<byte> octets, int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) text.Append((octets[i >> 3] & (0x80 >> (i & 7))) != 0 ? '1' : '0');
        return text.ToString();
    }

    private static string Hex(DataView value) => Convert.ToHexString(value.Encoded);

    private static byte[]? Expanded(DataView value)
    {
        if (!CompactArray.TryRead(value, out CompactArray compact)) return null;
        var writer = new AxdrWriter(new byte[1 << 18]);
        compact.Expand(ref writer);
        return writer.Overflowed ? null : writer.Written.ToArray();
    }

    private static bool Null(ref AxdrWriter writer)
    {
        writer.Null();
        return true;
    }

    private static bool Flag(string text, ref AxdrWriter writer)
    {
        bool valid = bool.TryParse(text, out bool flag);
        writer.Boolean(flag);
        return valid;
    }

    private static bool Octets(string text, ref AxdrWriter writer)
    {
        if (!TryHex(text, out byte[] octets)) return false;
        writer.OctetString(octets);
        return true;
    }

    private static bool Text(string text, DataTag tag, Encoding encoding, ref AxdrWriter writer)
    {
        byte[] octets = encoding.GetBytes(text);
        writer.WriteByte((byte)tag);
        writer.WriteOctetString(octets);
        return octets.Length <= text.Length * 2;
    }

    private static bool Time(string text, ref AxdrWriter writer)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) return false;
        writer.DateTimeOctets(CosemDateTime.From(time));
        return true;
    }

    private static bool Obis(string text, ref AxdrWriter writer)
    {
        if (!LogicalName.TryParse(text, out LogicalName name)) return false;
        writer.Name(name);
        return true;
    }

    private static bool Token(string text, ref AxdrWriter writer)
    {
        Span<byte> bcd = stackalloc byte[10];
        string digits = text.Replace(" ", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);
        if (!TokenCoding.TryEncodeBcd(digits, bcd)) return false;
        writer.OctetString(bcd);
        return true;
    }

    private static bool Encoded(string text, ref AxdrWriter writer)
    {
        if (!TryHex(text, out byte[] octets) || !DataView.TryReadWhole(octets, out DataView value)) return false;
        writer.WriteData(value);
        return true;
    }

    private static bool Number(string kind, string text, ref AxdrWriter writer)
    {
        (DataTag tag, int size, bool signed) = kind switch
        {
            "enum" => (DataTag.Enum, 1, false),
            "i8" => (DataTag.Integer, 1, true),
            "u8" => (DataTag.Unsigned, 1, false),
            "i16" => (DataTag.Long, 2, true),
            "u16" => (DataTag.LongUnsigned, 2, false),
            "i32" => (DataTag.DoubleLong, 4, true),
            "u32" => (DataTag.DoubleLongUnsigned, 4, false),
            "i64" => (DataTag.Long64, 8, true),
            "u64" => (DataTag.Long64Unsigned, 8, false),
            _ => (DataTag.NullData, 0, false),
        };
        if (size == 0 || !Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 number)) return false;
        Int128 span = Int128.One << (8 * size);
        if (signed ? number < -span / 2 || number >= span / 2 : number < 0 || number >= span) return false;
        writer.WriteByte((byte)tag);
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) writer.WriteByte((byte)((number >> shift) & 0xFF));
        return true;
    }

    private static bool TryHex(string text, out byte[] octets)
    {
        try
        {
            octets = Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));
            return true;
        }
        catch (FormatException)
        {
            octets = [];
            return false;
        }
    }
}
