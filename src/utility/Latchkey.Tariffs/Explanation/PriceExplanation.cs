using Latchkey.Quantities;

namespace Latchkey.Tariffs;

/// <summary>A quote told line by line, as a clerk would explain it: what each part is, how it was computed, what it comes to.</summary>
public static class PriceExplanation
{
    public static IReadOnlyList<string> Of(Quote quote)
    {
        List<string> lines = [$"Paid {quote.Amount}"];
        lines.AddRange(quote.Lines.Select(line => $"  {Words(line)} = {new Money(line.MinorUnits, quote.Amount.Currency)}"));
        lines.Add($"Energy bought {quote.UnitsAsked.ToString(4)} kWh; the token carries {new Rational(quote.TenthsGranted, 10)} kWh");
        if (quote.RoundingMinorUnits > 0) lines.Add($"The difference, worth {new Money(quote.RoundingMinorUnits, quote.Amount.Currency)}, is the seller's expense");
        if (quote.ResidueKeptMinorUnits > 0) lines.Add($"{new Money(quote.ResidueKeptMinorUnits, quote.Amount.Currency)} buys less than a token can carry; it stays the customer's and goes into the next purchase");
        lines.AddRange(quote.Debts.Select(d => $"Of {d.Debt.Name} {new Money(d.LeftMinorUnits, quote.Amount.Currency)} is left"));
        return lines;
    }

    private static string Words(PriceLine line) => line.Kind switch
    {
        PriceLineKind.Energy => $"energy {line.Units?.ToString(4)} kWh at {line.Rate}",
        PriceLineKind.Levy when line.Units is { } units => $"{line.Name} {units.ToString(4)} kWh at {line.Rate}",
        PriceLineKind.Levy => $"{line.Name} {Percent(line)}",
        PriceLineKind.Vat => $"tax {Percent(line)}",
        PriceLineKind.Debt => $"{line.Name} (owed from before)",
        PriceLineKind.Subsidy => $"{line.Name} (paid by others)",
        PriceLineKind.Fee => $"{line.Name} (with each purchase)",
        _ => line.Name,
    };

    private static string Percent(PriceLine line) => $"{((line.Rate ?? Rational.Zero) * Rational.FromInteger(100)).ToString(4)} %";
}
