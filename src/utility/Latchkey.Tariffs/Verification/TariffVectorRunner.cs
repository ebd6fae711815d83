using System.Text.Json;

namespace Latchkey.Tariffs;

/// <summary>One case of a vector file and what came of it.</summary>
/// <param name="Name">Tariff and number of the case, for example <c>CN-BEIJING-LADDER/3 units_to_amount</c>.</param>
public sealed record TariffVectorResult(string Name, bool Passed, string Detail);

/// <summary>Runs every case of a file in the form of <c>vectors/tariffs/tariffs.json</c>. The file is data: another one needs no code.</summary>
public static class TariffVectorRunner
{
    public static IReadOnlyList<TariffVectorResult> Run(JsonElement file)
    {
        if (file.ValueKind != JsonValueKind.Object || !file.TryGetProperty("tariffs", out JsonElement tariffs) || tariffs.ValueKind != JsonValueKind.Array)
            return [new TariffVectorResult("file", Passed: false, "there is no list of 'tariffs'")];

        List<TariffVectorResult> results = [];
        foreach (JsonElement tariff in tariffs.EnumerateArray())
        {
            string id = tariff.TryGetProperty("id", out JsonElement name) ? name.ToString() : "(no id)";
            int number = 0;
            if (!tariff.TryGetProperty("cases", out JsonElement cases) || cases.ValueKind != JsonValueKind.Array) continue;
            foreach (JsonElement item in cases.EnumerateArray()) results.Add(RunCase(id, ++number, tariff, item));
        }

        return results;
    }

    private static TariffVectorResult RunCase(string id, int number, JsonElement tariffJson, JsonElement item)
    {
        string kind = item.TryGetProperty("kind", out JsonElement k) ? k.ToString() : "(no kind)";
        string name = $"{id}/{number} {kind}";
        try
        {
            JsonElement json = item.TryGetProperty("override", out JsonElement changes) ? TariffJson.Override(tariffJson, changes) : tariffJson;
            if (!TariffJson.TryRead(json, out Tariff? tariff, out string? fault)) return new TariffVectorResult(name, Passed: false, fault!);
            Rational input = TariffJson.OptionalNumber(item, "input") ?? throw new FormatException("'input' is missing");
            PurchaseState state = ReadState(item, tariff!);
            return kind switch
            {
                "amount_to_units" => Judge(name, item, Pricing.UnitsFor(tariff!, input, state)),
                "units_to_amount" => Judge(name, item, Pricing.CostOf(tariff!, input, state)),
                _ => new TariffVectorResult(name, Passed: false, "unknown kind"),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            return new TariffVectorResult(name, Passed: false, e.Message);
        }
    }

    private static PurchaseState ReadState(JsonElement item, Tariff tariff)
    {
        if (!item.TryGetProperty("state", out JsonElement state)) return PurchaseState.Fresh;
        bool fixedPaid = state.TryGetProperty("fixed_paid", out JsonElement paid) && paid.GetBoolean();
        return new PurchaseState(
            TariffJson.OptionalNumber(state, "units_before") ?? Rational.Zero,
            fixedPaid ? tariff.Fixed.Aggregate(Rational.Zero, (sum, f) => sum + f.Amount) : Rational.Zero,
            TariffJson.OptionalNumber(state, "average_units"));
    }

    private static TariffVectorResult Judge(string name, JsonElement item, PriceOutcome outcome)
    {
        if (outcome is not PriceOutcome.Priced { Price: var price })
            return new TariffVectorResult(name, Passed: false, "no price: " + ((PriceOutcome.Refused)outcome).Reason);

        Rational tolerance = TariffJson.OptionalNumber(item, "tolerance") ?? Rational.Zero;
        List<string> seen = [];
        bool passed = item.GetProperty("expect").EnumerateObject().Any();
        foreach (JsonProperty expected in item.GetProperty("expect").EnumerateObject())
        {
            Rational actual = Figure(price, expected.Name);
            Rational wanted = TariffJson.OptionalNumber(item.GetProperty("expect"), expected.Name)
                ?? throw new FormatException($"'{expected.Name}' is expected to be nothing");
            passed &= Rational.Abs(actual - wanted) <= tolerance;
            seen.Add($"{expected.Name} {actual.ToString(6)}, expected {wanted} ± {tolerance}");
        }

        return new TariffVectorResult(name, passed, string.Join("; ", seen));
    }

    private static Rational Figure(PriceBreakdown price, string name) => name switch
    {
        "units" => price.Units,
        "gross" => price.Gross,
        "net_energy" => price.NetEnergy,
        "vat" => price.Vat,
        _ => throw new FormatException($"'{name}' is not a figure of a price"),
    };
}
