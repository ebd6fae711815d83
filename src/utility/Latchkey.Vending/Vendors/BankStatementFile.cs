using System.Globalization;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>Reads a bank statement in its plain form: id, value date, reference, minor units, currency; a line each, no heading.</summary>
public static class BankStatementFile
{
    private const int Fields = 5;

    /// <summary>What is wrong with the text, naming the line; or null, and the lines.</summary>
    public static string? Read(string text, out IReadOnlyList<BankLine> lines)
    {
        List<BankLine> read = [];
        lines = read;
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(raw)) continue;
            if (read.Count == VendorBank.MostLines) return $"more than {VendorBank.MostLines} lines; split the file";
            string[] parts = [.. raw.Split(',').Select(p => p.Trim())];
            if (parts.Length != Fields) return $"line {number} has {parts.Length} fields, not {Fields}: id, date, reference, minor units, currency";
            if (!DateOnly.TryParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)) return $"line {number}: the date is written as 2026-11-22";
            if (!long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out long amount)) return $"line {number}: the amount is a whole number of minor units above 0";
            if (!Currency.TryParse(parts[4], out Currency currency)) return $"line {number}: '{parts[4]}' is no currency code";
            read.Add(new BankLine(parts[0], day, parts[2], new Money(amount, currency)));
        }

        return read.Count == 0 ? "there is no line in it" : null;
    }
}
