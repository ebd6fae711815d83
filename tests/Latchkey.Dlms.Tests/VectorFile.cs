using System.Text.Json;
using Latchkey.Testing;

namespace Latchkey.Dlms.Tests;

/// <summary>The published vectors, parsed once.</summary>
internal static class VectorFile
{
    private static readonly Lazy<JsonDocument> Parsed =
        new(() => JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("vectors", "dlms", "vectors.json"))));

    public static JsonElement Root => Parsed.Value.RootElement;

    public static JsonElement[] All => [.. Root.GetProperty("vectors").EnumerateArray()];

    public static JsonElement ById(string id) => All.Single(v => v.GetProperty("id").GetString() == id);

    public static byte[] Hex(string id, string name) => Convert.FromHexString(ById(id).GetProperty(name).GetString()!);

    /// <summary>The octets of every vector that has some: APDUs, frames and values.</summary>
    public static IEnumerable<byte[]> Octets =>
        from v in All
        from name in new[] { "apdu", "frame_without_flags", "octets", "plaintext" }
        where v.TryGetProperty(name, out _)
        select Convert.FromHexString(v.GetProperty(name).GetString()!);
}
