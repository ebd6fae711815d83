using System.CommandLine;
using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Cli.Tariffs;

/// <summary><c>latchkey tariff check|price|simulate</c>: tariff files looked through, priced by, tried on last month's purchases.</summary>
internal static class TariffCommand
{
    public static Command Create() => new("tariff", "Checks tariff files, prices by them, tries them on past purchases.") { Check(), Price(), SimulateCommand.Create() };

    private static Command Check()
    {
        var file = new Argument<string>("file") { Description = "A JSON file with one tariff or a list of them." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("check", "Says what is wrong with each tariff of a file, and where.") { file, json };
        command.SetAction(result =>
        {
            (IReadOnlyList<Tariff> tariffs, IReadOnlyList<string> faults) = TariffFile.Read(result.GetRequiredValue(file));
            List<string> all = [.. faults];
            if (all.Count == 0 && OverlapOf(tariffs) is { } overlap) all.Add(overlap);
            if (result.GetValue(json)) CommandOutput.WriteJson(new { good = tariffs.Count, faults = all });
            else foreach (string line in all.DefaultIfEmpty($"{tariffs.Count} tariffs are sound")) Console.Out.WriteLine(line);
            return all.Count == 0 ? CommandOutput.Success : CommandOutput.Failure;
        });
        return command;
    }

    private static Command Price()
    {
        var file = new Argument<string>("file") { Description = "A JSON file with tariffs." };
        var amount = new Option<string?>("--amount") { Description = "Money tendered, in major units: 100 or 99.50." };
        var units = new Option<string?>("--kwh") { Description = "Energy wanted, instead of --amount." };
        var id = new Option<string?>("--tariff") { Description = "Which tariff, where the file has several." };
        var day = new Option<string?>("--day") { Description = "The day of the purchase, for example 2026-01-31; today without it." };
        var before = new Option<string>("--bought") { Description = "kWh bought in the period before.", DefaultValueFactory = _ => "0" };
        var kept = new Option<string>("--kept") { Description = "Money that earlier purchases left, in major units, on a tariff that carries it over.", DefaultValueFactory = _ => "0" };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("price", "Explains a price line by line.") { file, amount, units, id, day, before, kept, json };
        command.SetAction(result => Explain(
            result.GetRequiredValue(file), result.GetValue(amount), result.GetValue(units), result.GetValue(id), result.GetValue(day), result.GetRequiredValue(before), result.GetRequiredValue(kept), result.GetValue(json)));
        return command;
    }

    private static int Explain(string file, string? amount, string? units, string? id, string? day, string before, string kept, bool json)
    {
        (TariffBook? book, string chosen, string? fault) = TariffFile.Choose(file, id);
        if (book is null) return CommandOutput.Fail(fault!);
        if (!TryDay(day, out DateOnly on)) return CommandOutput.Fail("--day is a day such as 2026-01-31");
        if (book.InForce(chosen, on) is not { } tariff) return CommandOutput.Fail($"tariff {chosen} is not in force on {on:yyyy-MM-dd}");
        if (!Currency.TryParse(tariff.CurrencyCode, out Currency currency)) return CommandOutput.Fail($"{tariff.CurrencyCode} is no currency known here");
        if (!Rational.TryParse(before, out Rational bought) || bought.Sign < 0) return CommandOutput.Fail("--bought is a number of kWh");
        if (Minor(kept, currency) is not { } residue) return CommandOutput.Fail("--kept is an amount of money such as 0.31");
        var state = new PurchaseState(bought, Rational.Zero);
        if (Tender(tariff, currency, amount, units, state) is not { } money) return CommandOutput.Fail("name an --amount, or --kwh that the tariff has a price for");
        switch (Quoting.For(tariff, money, state, [], DebtPolicy.None, tenths => TransferAmount.TryFromSteps(tenths, out TransferAmount granted) ? granted.Steps : null, residue))
        {
            case QuoteOutcome.Quoted { Quote: var quote }:
                if (json) CommandOutput.WriteJson(Document(quote));
                else foreach (string line in PriceExplanation.Of(quote)) Console.Out.WriteLine(line);
                return CommandOutput.Success;
            case QuoteOutcome.Refused refused:
                return CommandOutput.Fail($"no price: {refused.Reason}");
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Money? Tender(Tariff tariff, Currency currency, string? amount, string? units, PurchaseState state)
    {
        if (units is not null)
            return Rational.TryParse(units, out Rational wanted) && wanted.Sign > 0 ? Quoting.AmountFor(tariff, currency, (long)(wanted * Rational.FromInteger(10)).Ceiling(), state) : null;
        return Minor(amount, currency) is > 0 and var minor ? new Money(minor, currency) : null;
    }

    /// <summary>Whole minor units of an amount in major units; null for anything else.</summary>
    private static long? Minor(string? major, Currency currency)
    {
        if (major is null || !Rational.TryParse(major, out Rational value)) return null;
        Rational minor = value * Rational.FromInteger(currency.MinorPerMajor);
        return minor.Denominator.IsOne && Rational.Abs(minor) < Rational.FromInteger(long.MaxValue) ? (long)minor.Numerator : null;
    }

    private static object Document(Quote quote) => new
    {
        tariff = quote.Tariff.Id,
        amountMinorUnits = quote.Amount.MinorUnits,
        currency = quote.Amount.Currency.ToString(),
        kwhAsked = quote.UnitsAsked.ToString(),
        kwhGranted = quote.TenthsGranted / 10m,
        roundingMinorUnits = quote.RoundingMinorUnits,
        keptMinorUnits = quote.ResidueKeptMinorUnits,
        lines = quote.Lines.Select(l => new { kind = l.Kind.ToString(), name = l.Name, kwh = l.Units?.ToString(), rate = l.Rate?.ToString(), minorUnits = l.MinorUnits, taxMinorUnits = l.TaxMinorUnits }),
    };

    internal static bool TryDay(string? text, out DateOnly day)
    {
        day = DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime);
        return text is null || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
    }

    private static string? OverlapOf(IReadOnlyList<Tariff> tariffs)
    {
        try
        {
            _ = new TariffBook(tariffs);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }
}
