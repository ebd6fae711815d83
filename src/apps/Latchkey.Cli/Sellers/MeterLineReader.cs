using System.Globalization;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Cli.Sellers;

/// <summary>A meter as a line of a list names it.</summary>
internal sealed record ListedMeter(MeterRecord Record, MeterCard Card);

/// <summary>Reads meters from the columns of a CSV file. The head names them; order does not matter, optional ones may be left out.</summary>
internal sealed class MeterLineReader
{
    private const int LongestText = 64;
    private static readonly string[] Needed = ["pan", "sgc", "krn", "ti", "tariff"];
    private static readonly string[] Optional = ["kt", "ken", "base", "algorithm", "account", "name", "place", "make", "blocked", "anniversary"];
    private readonly Dictionary<string, int> _columns;
    private readonly Func<string, bool> _isTariff;

    private MeterLineReader(Dictionary<string, int> columns, Func<string, bool> isTariff) => (_columns, _isTariff) = (columns, isTariff);

    /// <summary>A reader for the head's columns, or what is wrong with the head.</summary>
    public static (MeterLineReader? Reader, string? Fault) ForHead(IReadOnlyList<string> head, Func<string, bool> isTariff)
    {
        Dictionary<string, int> columns = new(StringComparer.Ordinal);
        for (int i = 0; i < head.Count; i++)
        {
            string name = head[i].Trim().ToLowerInvariant();
            if (!Needed.Contains(name) && !Optional.Contains(name)) return (null, $"there is no column '{name}'; known are {string.Join(", ", [.. Needed, .. Optional])}");
            if (!columns.TryAdd(name, i)) return (null, $"the column '{name}' is there twice");
        }

        string? missing = Needed.FirstOrDefault(n => !columns.ContainsKey(n));
        return missing is null ? (new MeterLineReader(columns, isTariff), null) : (null, $"the column '{missing}' is missing");
    }

    /// <summary>The meter, or what is wrong with the line.</summary>
    public (ListedMeter? Meter, string? Fault) Read(IReadOnlyList<string> cells)
    {
        if (cells.Count != _columns.Count) return (null, $"{cells.Count} cells where the head has {_columns.Count}");
        if (MeterNumber.Read(Cell(cells, "pan"), out MeterPan pan) is { } bad) return (null, $"pan: {bad}: 18 digits, or the 11 or 13 on the meter's face, with a right check digit");
        if (!SupplyGroupCode.TryParse(Cell(cells, "sgc"), out SupplyGroupCode group)) return (null, "sgc: six digits");
        if (!TryNumber(cells, "krn", null, 1, 9, out int revision)) return (null, "krn: 1 to 9");
        if (!TariffIndex.TryParse(Cell(cells, "ti").PadLeft(2, '0'), out TariffIndex index)) return (null, "ti: two digits");
        if (!TryNumber(cells, "kt", 2, 0, 3, out int type)) return (null, "kt: 0 to 3");
        if (!TryNumber(cells, "ken", 255, 0, 255, out int expiry)) return (null, "ken: 0 to 255");
        if (!TryNumber(cells, "base", 2014, 1993, 2035, out int year) || !BaseDate.TryFromYear(year, out BaseDate baseDate)) return (null, "base: 1993, 2014 or 2035");
        if (Algorithm(Cell(cells, "algorithm")) is not { } algorithm) return (null, "algorithm: 07 or 11");
        if (Cell(cells, "tariff") is var tariff && !_isTariff(tariff)) return (null, $"tariff: there is no tariff '{tariff}' in the directory's tariffs");
        if (Optional.FirstOrDefault(name => Cell(cells, name).Length > LongestText) is { } longest) return (null, $"{longest}: at most 64 characters");
        if (!TryFlag(Cell(cells, "blocked"), out bool isBlocked)) return (null, "blocked: yes or no");
        if (!TryDay(Cell(cells, "anniversary"), out DateOnly? anniversary)) return (null, "anniversary: a day such as 2026-01-31");
        var key = new DecoderKeyAttributes(pan, group, index, KeyRevisionNumber.FromValue(revision), (KeyType)type, new KeyExpiryNumber((byte)expiry), baseDate, algorithm);
        return (new ListedMeter(new MeterRecord(key, tariff, Cell(cells, "account"), Cell(cells, "place"), isBlocked, anniversary, Make: Cell(cells, "make") is { Length: > 0 } make ? make : null), new MeterCard(pan, Cell(cells, "name"))), null);
    }

    private string Cell(IReadOnlyList<string> cells, string name) => _columns.TryGetValue(name, out int at) ? cells[at].Trim() : string.Empty;

    private bool TryNumber(IReadOnlyList<string> cells, string name, int? fallback, int least, int most, out int value)
    {
        string text = Cell(cells, name);
        value = fallback ?? 0;
        if (text.Length == 0) return fallback is not null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;
    }

    private static EncryptionAlgorithm? Algorithm(string text) => text.ToUpperInvariant() switch
    {
        "" or "11" or "EA11" => EncryptionAlgorithm.Ea11,
        "7" or "07" or "EA07" => EncryptionAlgorithm.Ea07,
        _ => null,
    };

    private static bool TryFlag(string text, out bool value)
    {
        value = text is "yes" or "true" or "1";
        return value || text is "" or "no" or "false" or "0";
    }

    private static bool TryDay(string text, out DateOnly? day)
    {
        bool isDay = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly read);
        day = isDay ? read : null;
        return isDay || text.Length == 0;
    }
}
