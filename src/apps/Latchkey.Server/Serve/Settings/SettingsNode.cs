using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Latchkey.Server.Serve.Settings;

/// <summary>A JSON value that remembers its line, so that a fault can be pointed at. Comments and trailing commas are allowed: people write this file.</summary>
internal sealed class SettingsNode
{
    private const int MaxDepth = 8;
    private static readonly JsonReaderOptions Format = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth };
    private readonly List<(string Name, SettingsNode Value)> _members = [];
    private readonly List<SettingsNode> _items = [];

    private SettingsNode(JsonTokenType kind, string path, int line, string text) => (Kind, Path, Line, Text) = (kind, path, line, text);

    public JsonTokenType Kind { get; }

    /// <summary>For example <c>channels[0].code</c>; empty for the whole file.</summary>
    public string Path { get; }

    /// <summary>Counted from 1.</summary>
    public int Line { get; }

    /// <summary>A text's content, or a number as it is written.</summary>
    public string Text { get; }

    public IReadOnlyList<(string Name, SettingsNode Value)> Members => _members;

    public IReadOnlyList<SettingsNode> Items => _items;

    /// <summary>The root, or the fault of a file that is not JSON.</summary>
    public static (SettingsNode? Root, SettingsFault? Fault) Parse(byte[] utf8, string file)
    {
        var reader = new Utf8JsonReader(utf8, Format);
        try
        {
            reader.Read();
            SettingsNode root = Read(ref reader, utf8, string.Empty);
            while (reader.Read())
            {
                // Reads on to the end, so that anything after the object is a fault.
            }

            return (root, null);
        }
        catch (JsonException e)
        {
            return (null, new SettingsFault(file, (int)(e.LineNumber ?? 0) + 1, string.Empty, "this is not JSON: a comma, a quote or a bracket is missing at or before this line"));
        }
    }

    private static SettingsNode Read(ref Utf8JsonReader reader, byte[] utf8, string path)
    {
        int line = 1 + utf8.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        JsonTokenType kind = reader.TokenType;
        string text = kind switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => string.Empty,
        };
        var node = new SettingsNode(kind, path, line, text);
        if (kind == JsonTokenType.StartObject) node.ReadMembers(ref reader, utf8);
        else if (kind == JsonTokenType.StartArray) node.ReadItems(ref reader, utf8);
        return node;
    }

    private void ReadMembers(ref Utf8JsonReader reader, byte[] utf8)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();
            _members.Add((name, Read(ref reader, utf8, Path.Length == 0 ? name : $"{Path}.{name}")));
        }
    }

    private void ReadItems(ref Utf8JsonReader reader, byte[] utf8)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            _items.Add(Read(ref reader, utf8, string.Create(CultureInfo.InvariantCulture, $"{Path}[{_items.Count}]")));
    }
}

/// <summary>What is wrong with a settings file, where, and what to do.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Place">The setting's path; empty for the whole file.</param>
public sealed record SettingsFault(string File, int Line, string Place, string What)
{
    public override string ToString() => Place.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{File} line {Line}: {What}")
        : string.Create(CultureInfo.InvariantCulture, $"{File} line {Line}, {Place}: {What}");
}
