using System.Globalization;
using System.Text.Json;
using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>
/// Reads the file in which a maker lists the tokens of a month. CSV with the heading <c>time,call,meter_number,total_unit,unit,token,order_no</c>, or JSON
/// with the same names: <c>{"sales":[{…}]}</c>. The calls are those of the CALIN family.
/// </summary>
public static class MakerStatementFile
{
    public const string Heading = "time,call,meter_number,total_unit,unit,token,order_no";
    private const int Columns = 7;
    private const decimal MostKilowattHours = 1_820_162.4m;

    private static readonly Dictionary<string, MakerTokenKind> Calls = new(StringComparer.Ordinal)
    {
        ["POS_Purchase"] = MakerTokenKind.Credit, ["Maintenance_ClearCredit"] = MakerTokenKind.ClearCredit, ["Maintenance_ClearTamper"] = MakerTokenKind.ClearTamper,
    };

    /// <summary>What is wrong and where, or null and the lines, each token once.</summary>
    public static string? Read(string text, string make, out IReadOnlyList<StatedToken> lines)
    {
        lines = [];
        List<StatedToken> read = [];
        string? fault = text.AsSpan().TrimStart() is ['{', ..] ? ReadJson(text, make, read) : ReadCsv(text, make, read);
        if (fault is null) lines = [.. read.GroupBy(l => Convert.ToHexString(l.TokenHash.Span), StringComparer.Ordinal).Select(same => same.First() with { Times = same.Count() })];
        return fault;
    }

    private static string? ReadCsv(string text, string make, List<StatedToken> lines)
    {
        string[] rows = text.Split('\n');
        if (rows[0].TrimEnd('\r').TrimStart('\uFEFF') != Heading) return $"line 1: the heading is {Heading}";
        for (int i = 1; i < rows.Length; i++)
        {
            if (rows[i].TrimEnd('\r') is not { Length: > 0 } row) continue;
            string[] fields = row.Split(',');
            if (fields.Length != Columns) return $"line {i + 1}: a line has {Columns} fields";
            if (Line(make, fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], out StatedToken? line) is { } wrong) return $"line {i + 1}: {wrong}";
            if (lines.Count == MakerStatement.MostLines) return $"a statement has at most {MakerStatement.MostLines} lines";
            lines.Add(line!);
        }

        return null;
    }

    private static string? ReadJson(string text, string make, List<StatedToken> lines)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            if (!document.RootElement.TryGetProperty("sales", out JsonElement sales) || sales.ValueKind != JsonValueKind.Array) return "there is no list 'sales'";
            if (sales.GetArrayLength() > MakerStatement.MostLines) return $"a statement has at most {MakerStatement.MostLines} lines";
            int number = 0;
            foreach (JsonElement sale in sales.EnumerateArray())
            {
                number++;
                if (Line(make, Text(sale, "time"), Text(sale, "call"), Text(sale, "meter_number"), Text(sale, "total_unit"), Text(sale, "unit"), Text(sale, "token"), out StatedToken? line) is { } wrong)
                    return $"sale {number}: {wrong}";
                lines.Add(line!);
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"line {(e.LineNumber ?? 0) + 1}: this is not JSON";
        }
    }

    private static string Text(JsonElement sale, string name) => sale.ValueKind == JsonValueKind.Object && sale.TryGetProperty(name, out JsonElement value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()
        : string.Empty;

    private static string? Line(string make, string time, string call, string meter, string units, string unit, string digits, out StatedToken? line)
    {
        line = null;
        if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at)) return "time is none";
        if (!Calls.TryGetValue(call, out MakerTokenKind kind)) return $"call is {string.Join(" or ", Calls.Keys)}";
        if (MeterNumber.Read(meter, out MeterPan pan) is { } wrong) return $"meter_number is no meter's: {wrong}";
        if (!decimal.TryParse(units, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal kilowattHours) || kilowattHours > MostKilowattHours || kilowattHours * 10 != decimal.Truncate(kilowattHours * 10))
            return "total_unit is kWh with at most one decimal";
        if (unit != "kWh") return "unit is kWh";
        if (!TokenNumber.TryParse(digits.Replace(" ", string.Empty, StringComparison.Ordinal), out TokenNumber token)) return "token is no number of twenty digits";
        line = StatedToken.Of(make, kind, pan, (long)(kilowattHours * 10), at, token);
        return null;
    }
}
