using System.Text.Json;
using Latchkey.Testing;

namespace Latchkey.Sts.Tests;

/// <summary>The vector files of the repository, each vector a row by its id.</summary>
internal static class PublishedVectors
{
    private static readonly Dictionary<string, Dictionary<string, JsonElement>> Files = new(StringComparer.Ordinal)
    {
        ["vectors.json"] = Load("vectors.json"),
        ["sample-tables.json"] = Load("sample-tables.json"),
    };

    public static TheoryData<string> Ids(string file) => [.. Files[file].Keys];

    public static JsonElement Get(string file, string id) => Files[file][id];

    public static IEnumerable<JsonElement> All => Files.Values.SelectMany(file => file.Values);

    private static Dictionary<string, JsonElement> Load(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("vectors", "sts", name)));
        return document.RootElement.GetProperty("vectors").EnumerateArray().ToDictionary(v => v.GetProperty("id").GetString()!, v => v.Clone(), StringComparer.Ordinal);
    }
}
