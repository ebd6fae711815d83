using System.Globalization;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>What a process has handed to the system for writing, as Linux counts it; zero elsewhere.</summary>
/// <param name="Calls">Calls of the write family.</param>
/// <param name="Bytes">Bytes in them, whether or not they have reached the disk.</param>
internal readonly record struct WriteCount(long Calls, long Bytes)
{
    private const string Account = "/proc/self/io";

    public static WriteCount OfThisProcess() => File.Exists(Account) ? Parse(File.ReadLines(Account)) : default;

    public static WriteCount operator -(WriteCount later, WriteCount earlier) => new(later.Calls - earlier.Calls, later.Bytes - earlier.Bytes);

    private static WriteCount Parse(IEnumerable<string> lines)
    {
        Dictionary<string, long> fields = lines.Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new WriteCount(fields.GetValueOrDefault("syscw"), fields.GetValueOrDefault("wchar"));
    }
}
