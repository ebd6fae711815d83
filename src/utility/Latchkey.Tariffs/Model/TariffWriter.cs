using System.Globalization;
using System.Text.Json;

namespace Latchkey.Tariffs;

/// <summary>Writes tariffs in the form that <see cref="TariffJson"/> reads: what goes out comes in again as it was.</summary>
public static class TariffWriter
{
    public static void Write(Utf8JsonWriter json, Tariff tariff)
    {
        json.WriteStartObject();
        json.WriteString("id", tariff.Id);
        json.WriteString("utility", tariff.Utility);
        if (tariff.Name is { } name) json.WriteString("name", name);
        json.WriteString("currency", tariff.CurrencyCode);
        json.WriteNumber("minor_digits", tariff.MinorDigits);
        json.WriteString("valid", Days(tariff.Valid));
        json.WriteString("accumulation", WordOf(tariff.Accumulation));
        json.WriteString("accumulation_key", tariff.AccumulationKey == AccumulationKey.Customer ? "customer" : "meter");
        WriteVat(json, tariff.Vat);
        WriteList(json, "fixed", tariff.Fixed, WriteFixed);
        json.WriteString("pro_rata", tariff.ProRata == ProRataRule.Days ? "days" : "first_day");
        WriteList(json, "levies", tariff.Levies, WriteLevy);
        WriteList(json, "subsidies", tariff.Subsidies, WriteSubsidy);
        if (tariff.FreeUnits is { } free) WriteFree(json, free);
        if (tariff.Minimum is { } minimum) Number(json, "minimum", minimum);
        if (tariff.Rounding == EnergyRounding.Carry) json.WriteString("rounding", "carry");
        if (tariff.TimeOfUse is { } use) WriteClock(json, use);
        else WriteList(json, "blocks", tariff.Blocks, WriteBlock);
        json.WriteEndObject();
    }

    private static void WriteVat(Utf8JsonWriter json, ValueAddedTax vat)
    {
        json.WriteStartObject("vat");
        Number(json, "rate", vat.Rate);
        json.WriteStartArray("base");
        foreach (string name in vat.Base) json.WriteStringValue(name);
        json.WriteEndArray();
        if (vat.IsInclusive) json.WriteBoolean("inclusive", true);
        json.WriteEndObject();
    }

    private static void WriteFixed(Utf8JsonWriter json, FixedCharge charge)
    {
        json.WriteString("name", charge.Name);
        Number(json, "amount", charge.Amount);
        json.WriteString("per", WordOf(charge.Per));
        if (charge.MaxShare is { } share) Number(json, "max_share", share);
        if (charge.Accumulates) json.WriteString("collected", "accumulated");
    }

    private static void WriteLevy(Utf8JsonWriter json, Levy levy)
    {
        json.WriteString("name", levy.Name);
        json.WriteString("basis", WordOf(levy.Basis));
        Number(json, "rate", levy.Rate);
        if (levy.Dated is null) return;
        WriteList(json, "rates", levy.Dated, (to, dated) =>
        {
            to.WriteString("valid", Days(dated.Valid));
            Number(to, "rate", dated.Rate);
        });
    }

    private static void WriteSubsidy(Utf8JsonWriter json, Subsidy subsidy)
    {
        json.WriteString("name", subsidy.Name);
        json.WriteString("basis", WordOf(subsidy.Basis));
        Number(json, "rate", subsidy.Rate);
        if (subsidy.UpTo is { } end) Number(json, "up_to", end);
    }

    private static void WriteBlock(Utf8JsonWriter json, EnergyBlock block)
    {
        Number(json, "from", block.From);
        if (block.To is { } end) Number(json, "to", end);
        else json.WriteNull("to");
        Number(json, "rate", block.Rate);
    }

    private static void WriteFree(Utf8JsonWriter json, FreeUnits free)
    {
        json.WriteStartObject("free_units");
        Number(json, "kwh", free.KilowattHours);
        json.WriteString("rule", free.Rule);
        json.WriteString("per", WordOf(free.Per));
        if (free.AverageBelow is { } average) Number(json, "average_below", average);
        json.WriteEndObject();
    }

    private static void WriteClock(Utf8JsonWriter json, TimeOfUse use)
    {
        json.WriteStartObject("time_of_use");
        WriteList(json, "seasons", use.Seasons, (to, season) =>
        {
            to.WriteString("name", season.Name);
            to.WriteString("from", MonthDay(season.From));
            to.WriteString("to", MonthDay(season.To));
        });
        json.WriteStartArray("holidays");
        foreach (DateOnly day in use.Holidays) json.WriteStringValue(Day(day));
        json.WriteEndArray();
        WriteList(json, "periods", use.Periods, WritePeriod);
        json.WriteEndObject();
    }

    private static void WritePeriod(Utf8JsonWriter json, RatePeriod period)
    {
        json.WriteString("name", period.Name);
        if (period.Season is { } season) json.WriteString("season", season);
        json.WriteStartArray("days");
        foreach (DayOfWeek day in period.Days) json.WriteStringValue(TimeOfUseJson.WordOf(day));
        if (period.OnHolidays) json.WriteStringValue("holidays");
        json.WriteEndArray();
        json.WriteString("from", Minute(period.FromMinute));
        json.WriteString("to", Minute(period.ToMinute));
        Number(json, "rate", period.Rate);
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // Digit for digit: what was read as a decimal number has one.
    private static void Number(Utf8JsonWriter json, string name, Rational value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.ToString(30));
    }

    private static string Days(Validity valid) => $"{(valid.From is { } from ? Day(from) : "")}/{(valid.To is { } to ? Day(to) : "")}";

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string MonthDay(int at) => string.Create(CultureInfo.InvariantCulture, $"{at / 100:D2}-{at % 100:D2}");

    private static string Minute(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:D2}:{minute % 60:D2}");

    private static string WordOf(Accumulation accumulation) => accumulation switch
    {
        Accumulation.CalendarMonth => "calendar_month",
        Accumulation.CalendarYear => "calendar_year",
        Accumulation.Anniversary => "anniversary",
        Accumulation.AverageBand => "band",
        Accumulation.Purchase => "purchase",
        _ => "unspecified",
    };

    private static string WordOf(ChargePeriod period) => period switch
    {
        ChargePeriod.Day => "day",
        ChargePeriod.Year => "year",
        ChargePeriod.Purchase => "purchase",
        ChargePeriod.KilowattMonth => "kw_month",
        _ => "month",
    };

    private static string WordOf(LevyBasis basis) => basis switch
    {
        LevyBasis.PerKilowattHour => "per_kwh",
        LevyBasis.ShareOfEnergy => "pct_of_energy",
        _ => "pct_of_gross",
    };
}
