using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Tariffs;

/// <summary>Reads tariffs in the form of <c>vectors/tariffs/tariffs.json</c>. Numbers are taken digit for digit, never through a float.</summary>
public static class TariffJson
{
    /// <summary>Reads one tariff; on anything missing or unsound, <paramref name="fault"/> says what.</summary>
    public static bool TryRead(JsonElement json, out Tariff? tariff, out string? fault)
    {
        tariff = null;
        try
        {
            Tariff read = Read(json);
            fault = read.Fault();
            if (fault is null) tariff = read;
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or KeyNotFoundException)
        {
            fault = e.Message;
        }

        return tariff is not null;
    }

    private static Tariff Read(JsonElement json) => new()
    {
        Id = Text(json, "id"),
        Utility = Text(json, "utility", string.Empty),
        CurrencyCode = Text(json, "currency"),
        MinorDigits = json.GetProperty("minor_digits").GetInt32(),
        Valid = ReadValidity(Text(json, "valid", "/")),
        Accumulation = ReadAccumulation(Text(json, "accumulation", string.Empty)),
        Vat = json.TryGetProperty("vat", out JsonElement vat) ? ReadVat(vat) : ValueAddedTax.None,
        Fixed = [.. Items(json, "fixed").Select(ReadFixed)],
        Levies = [.. Items(json, "levies").Select(ReadLevy)],
        Blocks = [.. Items(json, "blocks").Select(ReadBlock)],
        FreeUnits = json.TryGetProperty("free_units", out JsonElement free) && free.ValueKind == JsonValueKind.Object
            ? new FreeUnits(Number(free, "kwh"), Text(free, "rule", string.Empty))
            : null,
    };

    private static ValueAddedTax ReadVat(JsonElement vat) =>
        new(Number(vat, "rate"), [.. Items(vat, "base").Select(b => b.GetString() ?? throw new FormatException("a tax base without a name"))]);

    private static FixedCharge ReadFixed(JsonElement item) => new(
        Text(item, "name"), Number(item, "amount"), Text(item, "per", "month"), OptionalNumber(item, "max_share"));

    private static Levy ReadLevy(JsonElement item) => new(
        Text(item, "name"),
        Text(item, "basis") switch
        {
            "per_kwh" => LevyBasis.PerKilowattHour,
            "pct_of_energy" => LevyBasis.ShareOfEnergy,
            "pct_of_gross" => LevyBasis.ShareOfGross,
            var other => throw new FormatException($"a levy's basis is per_kwh, pct_of_energy or pct_of_gross, not '{other}'"),
        },
        Number(item, "rate"));

    private static EnergyBlock ReadBlock(JsonElement item) => new(Number(item, "from"), OptionalNumber(item, "to"), Number(item, "rate"));

    // The text goes on in prose ("calendar_year (2880 / 4800 kWh)"); its first word decides.
    private static Accumulation ReadAccumulation(string text) => text.Split([' ', ';', '('], 2)[0] switch
    {
        "calendar_month" => Accumulation.CalendarMonth,
        "calendar_year" => Accumulation.CalendarYear,
        "anniversary" or "billing_anniversary" => Accumulation.Anniversary,
        "band" => Accumulation.AverageBand,
        _ => Accumulation.Unspecified,
    };

    /// <summary><c>2023-07-01/2024-06-30</c>, either side left out where it is open, or a month such as <c>2024-01</c>.</summary>
    private static Validity ReadValidity(string text)
    {
        string[] ends = text.Split('/');
        if (ends.Length == 2) return new Validity(Day(ends[0]), Day(ends[1]));
        if (!DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first))
            throw new FormatException($"'{text}' is not a stretch of days");
        return new Validity(first, first.AddMonths(1).AddDays(-1));
    }

    private static DateOnly? Day(string text)
    {
        if (text.Length == 0) return null;
        return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw new FormatException($"'{text}' is not a day");
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;

    private static string Text(JsonElement json, string name, string? fallback = null) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : fallback ?? throw new FormatException($"'{name}' is missing");

    private static Rational Number(JsonElement json, string name) =>
        OptionalNumber(json, name) ?? throw new FormatException($"'{name}' is missing");

    internal static Rational? OptionalNumber(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && Rational.TryParse(value.GetRawText(), out Rational number)
            ? number
            : throw new FormatException($"'{name}' is not a number of reasonable length");
    }

    /// <summary>The tariff with some of its fields replaced whole.</summary>
    internal static JsonElement Override(JsonElement tariff, JsonElement changes)
    {
        JsonObject merged = JsonObject.Create(tariff)!;
        foreach (JsonProperty change in changes.EnumerateObject()) merged[change.Name] = JsonNode.Parse(change.Value.GetRawText());
        return JsonSerializer.SerializeToElement(merged);
    }
}
