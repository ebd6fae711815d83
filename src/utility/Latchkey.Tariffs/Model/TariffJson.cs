using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Tariffs;

/// <summary>Reads tariffs in the form of <c>vectors/tariffs/tariffs.json</c>. Numbers are taken digit for digit, never through a float.</summary>
public static class TariffJson
{
    /// <summary>Reads one tariff; on anything missing or unsound, <paramref name="fault"/> says what and where.</summary>
    public static bool TryRead(JsonElement json, out Tariff? tariff, out string? fault)
    {
        tariff = null;
        try
        {
            Tariff read = Read(new JsonPlace(json, string.Empty));
            fault = read.Fault();
            if (fault is null) tariff = read;
        }
        catch (FormatException e)
        {
            fault = e.Message;
        }

        return tariff is not null;
    }

    private static Tariff Read(JsonPlace json) => new()
    {
        Id = json.Text("id"),
        Utility = json.OptionalText("utility") ?? string.Empty,
        Name = json.OptionalText("name"),
        CurrencyCode = json.Text("currency"),
        MinorDigits = json.WholeNumber("minor_digits"),
        Valid = json.Days("valid") ?? default,
        Accumulation = ReadAccumulation(json.OptionalText("accumulation") ?? string.Empty),
        AccumulationKey = json.Choice("accumulation_key", AccumulationKey.Meter, ("meter", AccumulationKey.Meter), ("customer", AccumulationKey.Customer)),
        Vat = json.Optional("vat") is { } vat
            ? new ValueAddedTax(vat.Number("rate"), [.. vat.Items("base").Select(b => b.AsText())], vat.Flag("inclusive"))
            : ValueAddedTax.None,
        Fixed = [.. json.Items("fixed").Select(ReadFixed)],
        ProRata = json.Choice("pro_rata", ProRataRule.FirstDay, ("first_day", ProRataRule.FirstDay), ("days", ProRataRule.Days)),
        Levies = [.. json.Items("levies").Select(ReadLevy)],
        Subsidies = [.. json.Items("subsidies").Select(s => new Subsidy(s.Text("name"), ReadBasis(s), s.Number("rate"), s.OptionalNumber("up_to")))],
        Blocks = [.. json.Items("blocks").Select(b => new EnergyBlock(b.Number("from"), b.OptionalNumber("to"), b.Number("rate")))],
        TimeOfUse = json.Optional("time_of_use") is { } use ? TimeOfUseJson.Read(use) : null,
        FreeUnits = json.Optional("free_units") is { } free
            ? new FreeUnits(free.Number("kwh"), free.OptionalText("rule") ?? string.Empty, ReadPeriod(free), free.OptionalNumber("average_below"))
            : null,
        Minimum = json.OptionalNumber("minimum"),
        Rounding = json.Choice("rounding", EnergyRounding.Up, ("up", EnergyRounding.Up), ("carry", EnergyRounding.Carry)),
    };

    // "collected" is prose in published files ("first purchase of the month"); one word of it changes the calculation.
    private static FixedCharge ReadFixed(JsonPlace item) => new(
        item.Text("name"),
        item.Number("amount"),
        ReadPeriod(item),
        item.OptionalNumber("max_share"),
        item.OptionalText("collected")?.StartsWith("accumulated", StringComparison.Ordinal) == true);

    private static ChargePeriod ReadPeriod(JsonPlace item) => item.Choice(
        "per", ChargePeriod.Month, ("month", ChargePeriod.Month), ("day", ChargePeriod.Day), ("year", ChargePeriod.Year), ("purchase", ChargePeriod.Purchase),
        ("kw_month", ChargePeriod.KilowattMonth));

    private static Levy ReadLevy(JsonPlace item) => new(
        item.Text("name"),
        ReadBasis(item),
        item.Optional("rates") is null ? item.Number("rate") : item.OptionalNumber("rate") ?? Rational.Zero,
        item.Optional("rates") is null ? null : [.. item.Items("rates").Select(r => new DatedRate(r.Days("valid") ?? default, r.Number("rate")))]);

    private static LevyBasis ReadBasis(JsonPlace item) => item.Choice(
        "basis", null, ("per_kwh", LevyBasis.PerKilowattHour), ("pct_of_energy", LevyBasis.ShareOfEnergy), ("pct_of_gross", LevyBasis.ShareOfGross));

    // The text goes on in prose ("calendar_year (2880 / 4800 kWh)"); its first word decides.
    private static Accumulation ReadAccumulation(string text) => text.Split([' ', ';', '('], 2)[0] switch
    {
        "calendar_month" => Accumulation.CalendarMonth,
        "calendar_year" => Accumulation.CalendarYear,
        "anniversary" or "billing_anniversary" => Accumulation.Anniversary,
        "band" => Accumulation.AverageBand,
        "purchase" => Accumulation.Purchase,
        _ => Accumulation.Unspecified,
    };

    internal static Rational? OptionalNumber(JsonElement json, string name) => new JsonPlace(json, string.Empty).OptionalNumber(name);

    /// <summary>The tariff with some of its fields replaced whole.</summary>
    internal static JsonElement Override(JsonElement tariff, JsonElement changes)
    {
        JsonObject merged = JsonObject.Create(tariff)!;
        foreach (JsonProperty change in changes.EnumerateObject()) merged[change.Name] = JsonNode.Parse(change.Value.GetRawText());
        return JsonSerializer.SerializeToElement(merged);
    }
}
