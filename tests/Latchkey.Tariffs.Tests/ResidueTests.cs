using System.Text.Json;
using CsCheck;
using Latchkey.Quantities;
using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

/// <summary>Tokens rounded down, and the money that buys less than a step: it is all there, and less than a step costs.</summary>
public sealed class ResidueTests
{
    private static readonly Gen<Tariff> Carrying = AnyTariff.Select(t => t with { Rounding = EnergyRounding.Carry });

    /// <summary>Steps like those of a token, where they can be seen: every tenth up to 100 kWh, every kWh above.</summary>
    private static long? RoundUp(long tenths) => tenths <= 1_000 ? tenths : 1_000 + ((tenths - 1_000 + 9) / 10 * 10);

    [Fact]
    public void Quote_OfACarryingTariff_PricesWhatTheTokenCarriesAndKeepsTheRest()
    {
        Quote quote = Quote(Flat("0.7") with { Rounding = EnergyRounding.Carry }, 5_000, 0);
        Assert.Equal((714, "71.4", 0, 2), (quote.TenthsGranted, quote.UnitsAsked.ToString(), quote.RoundingMinorUnits, quote.ResidueKeptMinorUnits));
        Assert.Equal([(PriceLineKind.Energy, 4_998), (PriceLineKind.ResidueKept, 2)], quote.Lines.Select(l => (l.Kind, (int)l.MinorUnits)));

        Quote next = Quote(Flat("0.7") with { Rounding = EnergyRounding.Carry }, 5_005, 2);
        Assert.Equal((715, 2, 2), (next.TenthsGranted, next.ResidueUsedMinorUnits, next.ResidueKeptMinorUnits));
        Assert.Equal([5_005, -2, 2], next.Lines.Select(l => (int)l.MinorUnits));
    }

    [Fact]
    public void Quote_AboveTheFinestSteps_IsRoundedDownToTheLargerStep()
    {
        Quote quote = Quote(Flat("1") with { Rounding = EnergyRounding.Carry }, 10_099, 0);
        Assert.Equal((1_000, 99), (quote.TenthsGranted, quote.ResidueKeptMinorUnits));
    }

    [Fact]
    public void Quote_WithMoneyThatWasTakenBack_MakesItGood()
    {
        Quote quote = Quote(Flat("1") with { Rounding = EnergyRounding.Carry }, 1_000, -7);
        Assert.Equal((99, 3), (quote.TenthsGranted, quote.ResidueKeptMinorUnits));
        Assert.Equal(1_000, quote.Lines.Sum(l => l.MinorUnits));
        Assert.IsType<QuoteOutcome.Refused>(Quoting.For(Flat("1"), Yuan(5), PurchaseState.Fresh, [], DebtPolicy.None, RoundUp, -7));
    }

    [Fact]
    public void Quote_OfATariffThatRoundsUp_SpendsWhatAnEarlierTariffLeft()
    {
        Quote quote = Quote(Flat("0.7"), 5_000, 45);
        Assert.Equal((721, 45, 0), (quote.TenthsGranted, quote.ResidueUsedMinorUnits, quote.ResidueKeptMinorUnits));
        Assert.Equal([5_045, -45], quote.Lines.Select(l => (int)l.MinorUnits));
    }

    [Fact]
    public void Debts_TakeTheirPartOfTheMoneyTenderedAlone()
    {
        var debt = new Debt("d", "arrears", 10_000, new DebtRule(null, R("0.5")), 1, Rational.Zero);
        QuoteOutcome outcome = Quoting.For(Flat("1") with { Rounding = EnergyRounding.Carry }, Yuan(1_000), PurchaseState.Fresh, [debt], DebtPolicy.None, RoundUp, 4);
        Assert.Equal((500, 50, 4), (outcome.Quote().Debts.Single().MinorUnits, outcome.Quote().TenthsGranted, outcome.Quote().ResidueKeptMinorUnits));
    }

    [Fact]
    public void Purchases_OfAnyTariffAndAnyAmounts_LoseNothingAndKeepLessThanAStep() =>
        Gen.Select(Carrying, States, Gen.Int[1, 60_000].Array[1, 12]).Sample((tariff, state, amounts) =>
        {
            long residue = 0, paid = 0, priced = 0;
            foreach (int amount in amounts)
            {
                if (Quoting.For(tariff, Yuan(amount), state, [], DebtPolicy.None, RoundUp, residue) is not QuoteOutcome.Quoted { Quote: var quote }) continue;
                PriceBreakdown price = Pricing.CostOf(tariff, new Rational(quote.TenthsGranted, 10), state).Price();
                paid += amount;
                priced += (long)(price.Gross * R("100")).Ceiling();
                residue = quote.ResidueKeptMinorUnits;
                bool isWhole = quote.Lines.Sum(l => l.MinorUnits) == amount && quote.UnitsAsked == price.Units && RoundUp(quote.TenthsGranted) == quote.TenthsGranted
                    && quote.Lines.All(l => Rational.Abs((l.Exact * R("100")) - Rational.FromInteger(l.MinorUnits)) < Rational.One);
                if (!isWhole || residue < 0 || !IsLessThanAStep(tariff, state, quote, price)) return false;
                state = state with { UnitsBefore = state.UnitsBefore + price.Units, FixedCollected = state.FixedCollected + price.Fixed.Aggregate(Rational.Zero, (sum, f) => sum + f.Amount) };
            }

            return paid == priced + residue;
        });

    private static bool IsLessThanAStep(Tariff tariff, PurchaseState state, Quote quote, PriceBreakdown price) =>
        Pricing.CostOf(tariff, new Rational(RoundUp(quote.TenthsGranted + 1)!.Value, 10), state) is not PriceOutcome.Priced { Price: var next }
        || Rational.FromInteger(quote.ResidueKeptMinorUnits) < (next.Gross - price.Gross) * R("100");

    [Fact]
    public void Rounding_InAFile_ComesBackAndIsLeftOutWhereItIsTheOrdinaryOne()
    {
        Assert.Equal(EnergyRounding.Carry, Back(Flat("1") with { Rounding = EnergyRounding.Carry }, out string text).Rounding);
        Assert.Contains("\"rounding\":\"carry\"", text, StringComparison.Ordinal);
        Assert.Equal(EnergyRounding.Up, Back(Flat("1"), out text).Rounding);
        Assert.DoesNotContain("rounding", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Book_KnowsWhetherAnyOfItsVersionsCarries()
    {
        Tariff old = Flat("1") with { Rounding = EnergyRounding.Carry, Valid = new Validity(null, new DateOnly(2026, 1, 1)) };
        Assert.True(new TariffBook([old, Flat("1") with { Valid = new Validity(new DateOnly(2026, 1, 2), null) }]).Carries);
        Assert.False(new TariffBook([Flat("1")]).Carries);
    }

    [Fact]
    public void Explanation_SaysWhatIsKeptAndWhatWasKeptBefore()
    {
        string text = string.Join('\n', PriceExplanation.Of(Quote(Flat("0.7") with { Rounding = EnergyRounding.Carry }, 5_005, 2)));
        Assert.Contains("kept from before = ", text, StringComparison.Ordinal);
        Assert.Contains("goes into the next purchase", text, StringComparison.Ordinal);
        Assert.DoesNotContain("seller's expense", text, StringComparison.Ordinal);
    }

    private static Tariff Back(Tariff tariff, out string text)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) TariffWriter.Write(json, tariff);
        text = System.Text.Encoding.UTF8.GetString(stream.ToArray());
        using JsonDocument document = JsonDocument.Parse(text);
        Assert.True(TariffJson.TryRead(document.RootElement, out Tariff? back, out string? fault), fault);
        return back!;
    }

    private static Quote Quote(Tariff tariff, long minor, long residue) =>
        Quoting.For(tariff, Yuan(minor), PurchaseState.Fresh, [], DebtPolicy.None, RoundUp, residue).Quote();

    private static Money Yuan(long minor) => new(minor, Currency.Cny);
}
