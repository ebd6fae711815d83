using System.Globalization;
using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Cosem.Model;

/// <summary>The type of an attribute or of a method's parameter, as a class says it, and the check of a value against it.</summary>
/// <remarks>Written as text: a word is a type (<c>u8</c>, <c>i32</c>, <c>bool</c>, <c>enum</c>, <c>bits</c>, <c>octets</c>, <c>octets12</c>, <c>name</c>,
/// <c>datetime</c>, <c>any</c>, <c>number</c>), <c>[x]</c> an array of x, <c>{x,y}</c> a structure, <c>x|y</c> a choice.</remarks>
public sealed class DataShape
{
    private const int MaxElements = 256;
    private readonly Kind _kind;
    private readonly DataTag _tag;
    private readonly int _length;
    private readonly DataShape[] _parts;

    private DataShape(Kind kind, DataTag tag = DataTag.NullData, int length = 0, params DataShape[] parts) =>
        (_kind, _tag, _length, _parts) = (kind, tag, length, parts);

    private enum Kind
    {
        Tag = 0,
        Any = 1,
        Number = 2,
        DateTime = 3,
        Date = 4,
        Time = 5,
        Array = 6,
        Structure = 7,
        Choice = 8,
    }

    /// <summary>Reads the text; a mistake in it is a mistake of the program.</summary>
    public static DataShape Parse(string text)
    {
        int position = 0;
        DataShape shape = ParseChoice(text, ref position);
        return position == text.Length ? shape : throw new FormatException($"shape '{text}' at {position}");
    }

    /// <summary>Whether a value has this type, down to its last element.</summary>
    public bool Matches(DataView value) => _kind switch
    {
        Kind.Any => true,
        Kind.Number => value.Tag is not (DataTag.Boolean or DataTag.Bcd) && value.TryGetInteger(out _),
        Kind.DateTime => value.Tag is DataTag.DateTime or DataTag.OctetString && value.TryGetDateTime(out _),
        Kind.Date => value.Tag == DataTag.Date || IsOctets(value, 5),
        Kind.Time => value.Tag == DataTag.Time || IsOctets(value, 4),
        Kind.Array => value.Tag == DataTag.Array && value.Count <= MaxElements && AllMatch(value),
        Kind.Structure => value.Tag == DataTag.Structure && value.Count == _parts.Length && EachMatches(value),
        Kind.Choice => AnyMatches(value),
        _ => value.Tag == _tag && HasLength(value),
    };

    private static DataShape ParseChoice(string text, ref int position)
    {
        var parts = new List<DataShape> { ParseOne(text, ref position) };
        while (position < text.Length && text[position] == '|')
        {
            position++;
            parts.Add(ParseOne(text, ref position));
        }

        return parts.Count == 1 ? parts[0] : new DataShape(Kind.Choice, parts: [.. parts]);
    }

    private static DataShape ParseOne(string text, ref int position)
    {
        char open = position < text.Length ? text[position] : ' ';
        if (open is not ('[' or '{')) return ParseWord(text, ref position);
        char close = open == '[' ? ']' : '}';
        var parts = new List<DataShape>();
        do
        {
            position++;
            parts.Add(ParseChoice(text, ref position));
        }
        while (position < text.Length && text[position] == ',');
        if (position >= text.Length || text[position] != close) throw new FormatException($"shape '{text}': {close} expected at {position}");
        position++;
        return new DataShape(open == '[' ? Kind.Array : Kind.Structure, parts: [.. parts]);
    }

    private static DataShape ParseWord(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiLetterOrDigit(text[position])) position++;
        string word = text[start..position];
        return word switch
        {
            "any" => new DataShape(Kind.Any),
            "number" => new DataShape(Kind.Number),
            "datetime" => new DataShape(Kind.DateTime),
            "date" => new DataShape(Kind.Date),
            "time" => new DataShape(Kind.Time),
            "name" => new DataShape(Kind.Tag, DataTag.OctetString, LogicalName.Size),
            _ when word.StartsWith("octets", StringComparison.Ordinal) => new DataShape(Kind.Tag, DataTag.OctetString, Length(word, 6)),
            _ when word.StartsWith("bits", StringComparison.Ordinal) => new DataShape(Kind.Tag, DataTag.BitString, Length(word, 4)),
            _ => new DataShape(Kind.Tag, TagOf(word)),
        };
    }

    private static DataTag TagOf(string word) => word switch
    {
        "null" => DataTag.NullData,
        "bool" => DataTag.Boolean,
        "enum" => DataTag.Enum,
        "u8" => DataTag.Unsigned,
        "u16" => DataTag.LongUnsigned,
        "u32" => DataTag.DoubleLongUnsigned,
        "u64" => DataTag.Long64Unsigned,
        "i8" => DataTag.Integer,
        "i16" => DataTag.Long,
        "i32" => DataTag.DoubleLong,
        "i64" => DataTag.Long64,
        "visible" => DataTag.VisibleString,
        "utf8" => DataTag.Utf8String,
        _ => throw new FormatException($"'{word}' is no type"),
    };

    private static int Length(string word, int from) =>
        word.Length == from ? 0 : int.Parse(word.AsSpan(from), NumberStyles.None, CultureInfo.InvariantCulture);

    private static bool IsOctets(DataView value, int length) =>
        value.Tag == DataTag.OctetString && value.TryGetOctets(out ReadOnlySpan<byte> octets) && octets.Length == length;

    private bool HasLength(DataView value)
    {
        if (_length == 0) return true;
        if (_tag == DataTag.OctetString) return IsOctets(value, _length);
        return value.TryGetBits(out _, out int count) && count == _length;
    }

    private bool AllMatch(DataView value)
    {
        foreach (DataView item in value.Items)
        {
            if (!_parts[0].Matches(item)) return false;
        }

        return true;
    }

    private bool EachMatches(DataView value)
    {
        int index = 0;
        foreach (DataView item in value.Items)
        {
            if (!_parts[index++].Matches(item)) return false;
        }

        return true;
    }

    private bool AnyMatches(DataView value)
    {
        foreach (DataShape part in _parts)
        {
            if (part.Matches(value)) return true;
        }

        return false;
    }
}
