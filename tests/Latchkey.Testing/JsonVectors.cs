using System.Text.Json;

namespace Latchkey.Testing;

/// <summary>Published test vectors below <c>vectors/</c>, as JSON elements.</summary>
public static class JsonVectors
{
    /// <summary>The root of a vector file, by its path below <c>vectors/</c>.</summary>
    public static JsonElement Read(params string[] parts)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine(["vectors", .. parts])));
        return document.RootElement.Clone();
    }

    /// <summary>The text at a path of property names; throws where there is none.</summary>
    public static string TextAt(this JsonElement element, params string[] path) =>
        path.Aggregate(element, (e, name) => e.GetProperty(name)).GetString()
        ?? throw new InvalidDataException(string.Join('.', path));
}
