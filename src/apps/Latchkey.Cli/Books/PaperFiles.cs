using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending.Reconciling;

namespace Latchkey.Cli.Books;

/// <summary>Reads the outside papers of the reconciliation. A line that cannot be read is named; nothing is taken of a file with one.</summary>
public static class PaperFiles
{
    private const int SettlementFields = 6;
    private const int MeterFields = 4;
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:sszzz";

    /// <summary>Lines of <c>pay|refund,reference,minor units,currency,fee in minor units,time with offset</c>; what is wrong, or null.</summary>
    public static string? ReadSettlement(string text, string channel, out IReadOnlyList<SettlementLine> lines)
    {
        List<SettlementLine> read = [];
        lines = read;
        return EachLine(text, SettlementFile.MostLines, SettlementFields, "pay|refund, reference, minor units, currency, fee, time", parts =>
        {
            SettlementKind? kind = parts[0] switch { "pay" => SettlementKind.Payment, "refund" => SettlementKind.Refund, _ => null };
            if (kind is null) return "the kind is pay or refund";
            if (parts[1].Length is 0 or > SettlementLine.MaxReferenceLength) return $"a reference has 1 to {SettlementLine.MaxReferenceLength} characters";
            if (!TryWhole(parts[2], out long amount) || amount == 0) return "the amount is a whole number of minor units above 0";
            if (!Currency.TryParse(parts[3], out Currency currency)) return $"'{parts[3]}' is no currency code";
            if (!TryWhole(parts[4], out long fee)) return "the fee is a whole number of minor units";
            if (!TryTime(parts[5], out DateTimeOffset at)) return "the time is written as 2026-11-22T09:30:00+08:00";
            read.Add(new SettlementLine(channel, kind.Value, parts[1], new Money(amount, currency), fee, at));
            return null;
        });
    }

    /// <summary>Lines of <c>meter number,accepted kWh,consumed kWh or nothing,time with offset</c>; what is wrong, or null.</summary>
    public static string? ReadMeters(string text, out IReadOnlyList<MeterTotals> totals)
    {
        List<MeterTotals> read = [];
        totals = read;
        return EachLine(text, SettlementFile.MostLines, MeterFields, "meter, accepted kWh, consumed kWh, time", parts =>
        {
            if (!MeterPan.TryParse(parts[0], out MeterPan pan)) return $"'{parts[0]}' is no meter number of 18 digits";
            if (!TryTenths(parts[1], out long accepted)) return "accepted energy is written in kWh with at most one decimal";
            long consumed = 0;
            if (parts[2].Length > 0 && !TryTenths(parts[2], out consumed)) return "consumed energy is written in kWh with at most one decimal, or left out";
            if (!TryTime(parts[3], out DateTimeOffset at)) return "the time is written as 2026-11-22T09:30:00+08:00";
            read.Add(new MeterTotals(pan, accepted, parts[2].Length > 0 ? consumed : null, at));
            return null;
        });
    }

    private static string? EachLine(string text, int most, int fields, string order, Func<string[], string?> line)
    {
        int number = 0, read = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(raw)) continue;
            if (++read > most) return $"more than {most} lines; split the file";
            string[] parts = [.. raw.Split(',').Select(p => p.Trim())];
            string? fault = parts.Length == fields ? line(parts) : $"{parts.Length} fields, not {fields}: {order}";
            if (fault is not null) return string.Create(CultureInfo.InvariantCulture, $"line {number}: {fault}");
        }

        return null;
    }

    private static bool TryWhole(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryTime(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out at);

    private static bool TryTenths(string text, out long tenths)
    {
        tenths = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal kwh) || kwh > 1_000_000_000_000m) return false;
        tenths = (long)(kwh * 10);
        return tenths == kwh * 10;
    }
}
