using System.Text.Json;
using Latchkey.Tariffs;

namespace Latchkey.Cli.Tariffs;

/// <summary>A file of tariffs: one, a list, or an object with a list of <c>tariffs</c> as the vector files have it.</summary>
internal static class TariffFile
{
    private const long LargestBytes = 16 * 1024 * 1024;

    /// <summary>The tariffs, or every fault with the tariff it is in.</summary>
    public static (IReadOnlyList<Tariff> Tariffs, IReadOnlyList<string> Faults) Read(string path)
    {
        if (!File.Exists(path)) return ([], [$"there is no file '{path}'"]);
        if (new FileInfo(path).Length > LargestBytes) return ([], [$"'{path}' is larger than 16 MB"]);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return ([], [$"'{path}' is not JSON: line {e.LineNumber + 1}"]);
        }
    }

    /// <summary>The tariff of that name, or the only one.</summary>
    public static (TariffBook? Book, string Id, string? Fault) Choose(string path, string? id)
    {
        (IReadOnlyList<Tariff> tariffs, IReadOnlyList<string> faults) = Read(path);
        if (faults.Count > 0) return (null, string.Empty, faults[0]);
        string[] ids = [.. tariffs.Select(t => t.Id).Distinct(StringComparer.Ordinal)];
        string? chosen = id ?? (ids.Length == 1 ? ids[0] : null);
        if (chosen is null || !ids.Contains(chosen, StringComparer.Ordinal)) return (null, string.Empty, $"'{path}' has the tariffs {string.Join(", ", ids)}: name one of them");
        try
        {
            return (new TariffBook(tariffs), chosen, null);
        }
        catch (ArgumentException e)
        {
            return (null, string.Empty, e.Message);
        }
    }

    private static (IReadOnlyList<Tariff> Tariffs, IReadOnlyList<string> Faults) Read(JsonElement root)
    {
        JsonElement[] items = root.ValueKind switch
        {
            JsonValueKind.Array => [.. root.EnumerateArray()],
            JsonValueKind.Object when root.TryGetProperty("tariffs", out JsonElement list) && list.ValueKind == JsonValueKind.Array => [.. list.EnumerateArray()],
            _ => [root],
        };
        List<Tariff> tariffs = [];
        List<string> faults = [];
        for (int i = 0; i < items.Length; i++)
        {
            string name = items[i].ValueKind == JsonValueKind.Object && items[i].TryGetProperty("id", out JsonElement id) ? id.ToString() : $"tariff {i + 1}";
            if (TariffJson.TryRead(items[i], out Tariff? tariff, out string? fault)) tariffs.Add(tariff!);
            else faults.Add($"{name}: {fault}");
        }

        return (tariffs, faults);
    }
}
