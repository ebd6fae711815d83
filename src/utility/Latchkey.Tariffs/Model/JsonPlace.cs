using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Latchkey.Tariffs;

/// <summary>A JSON value that knows where in the document it stands, so that what is wrong with it can be found.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct JsonPlace(JsonElement json, string path)
{
    public JsonElement Json => json;

    public JsonPlace? Optional(string name)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Wrong("an object is expected");
        return json.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPlace(value, path.Length == 0 ? name : $"{path}.{name}")
            : null;
    }

    public IEnumerable<JsonPlace> Items(string name)
    {
        if (Optional(name) is not { } list) return [];
        if (list.Json.ValueKind != JsonValueKind.Array) throw list.Wrong("a list is expected");
        return list.Json.EnumerateArray().Select((item, i) => new JsonPlace(item, string.Create(CultureInfo.InvariantCulture, $"{list.Path}[{i}]")));
    }

    public string Path => path;

    public string AsText() => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong("a text is expected");

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Optional(name)?.AsText();

    public bool Flag(string name) => Optional(name) is { } flag
        && (flag.Json.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.Json.GetBoolean() : throw flag.Wrong("true or false is expected"));

    public int WholeNumber(string name)
    {
        JsonPlace place = Optional(name) ?? throw Missing(name);
        return place.Json.ValueKind == JsonValueKind.Number && place.Json.TryGetInt32(out int value) ? value : throw place.Wrong("a whole number is expected");
    }

    public Rational Number(string name) => OptionalNumber(name) ?? throw Missing(name);

    public Rational? OptionalNumber(string name)
    {
        if (Optional(name) is not { } place) return null;
        return place.Json.ValueKind == JsonValueKind.Number && Rational.TryParse(place.Json.GetRawText(), out Rational number)
            ? number
            : throw place.Wrong("a number of reasonable length is expected");
    }

    /// <summary>One of a few words; without a fallback it must be there.</summary>
    public T Choice<T>(string name, T? fallback, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Optional(name) is not { } place) return fallback ?? throw Missing(name);
        string text = place.AsText();
        foreach ((string word, T value) in choices)
        {
            if (word == text) return value;
        }

        List<string> words = [];
        foreach ((string word, T _) in choices) words.Add(word);
        throw place.Wrong($"one of {string.Join(", ", words)} is expected, not '{text}'");
    }

    /// <summary><c>2023-07-01/2024-06-30</c>, either side left out where it is open, or a month such as <c>2024-01</c>.</summary>
    public Validity? Days(string name)
    {
        if (Optional(name) is not { } place) return null;
        string text = place.AsText();
        string[] ends = text.Split('/');
        if (ends.Length == 2) return new Validity(place.Day(ends[0]), place.Day(ends[1]));
        if (!DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first))
            throw place.Wrong($"'{text}' is not a stretch of days such as 2026-01-01/2026-12-31 or 2026-01");
        return new Validity(first, first.AddMonths(1).AddDays(-1));
    }

    public DateOnly? Day(string text)
    {
        if (text.Length == 0) return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw Wrong($"'{text}' is not a day such as 2026-01-31");
    }

    public FormatException Wrong(string what) => new(path.Length == 0 ? what : $"{path}: {what}");

    private FormatException Missing(string name) => Wrong($"'{name}' is missing");
}
