using CsCheck;
using Latchkey.Quantities;
using static Latchkey.Tariffs.Tests.Samples;

namespace Latchkey.Tariffs.Tests;

public sealed class DebtPlanTests
{
    private static Debt Owed(string id, long owed, DebtRule rule, int order = 0, bool paused = false) => new(id, id, owed, rule, order, Rational.Zero, paused);

    private static long[] Taken(long tendered, DebtPolicy policy, params Debt[] debts) =>
        [.. DebtPlan.For(Flat("1"), PurchaseState.Fresh, tendered, 100, debts, policy).Select(p => p.MinorUnits)];

    [Fact]
    public void For_FixedShareAndCap_TakesWhatTheRuleSays()
    {
        Assert.Equal([500], Taken(10_000, DebtPolicy.None, Owed("a", 9_000, new DebtRule(500, null))));
        Assert.Equal([3_000], Taken(10_000, DebtPolicy.None, Owed("a", 9_000, new DebtRule(null, R("0.3")))));
        Assert.Equal([2_500], Taken(10_000, DebtPolicy.None, Owed("a", 9_000, new DebtRule(null, R("0.3"), 2_500))));
        Assert.Equal([200], Taken(10_000, DebtPolicy.None, Owed("a", 200, new DebtRule(null, R("0.3")))));
    }

    [Fact]
    public void For_SeveralDebts_ServesThemInTheirOrder_AndNotThePausedOne() => Assert.Equal(
        [700, 300],
        Taken(1_000, DebtPolicy.None, Owed("late", 900, new DebtRule(500, null), 2), Owed("first", 700, new DebtRule(800, null), 1), Owed("paused", 900, new DebtRule(900, null), 0, paused: true)));

    // Ten kWh at 1 are the customer's before anybody else's: of 12.00 there is room for 2.00, of 9.00 for nothing.
    [Theory]
    [InlineData(1_200, 200)]
    [InlineData(1_000, 0)]
    [InlineData(900, 0)]
    [InlineData(5_000, 500)]
    public void For_AFloor_LeavesTheCustomerItsEnergy(long tendered, long taken) =>
        Assert.Equal(taken, Taken(tendered, new DebtPolicy(R("10")), Owed("a", 9_000, new DebtRule(500, null))).Sum());

    [Fact]
    public void For_AShareOfAllDebts_HoldsThemTogether() => Assert.Equal(
        [300, 200], Taken(1_000, new DebtPolicy(Rational.Zero, R("0.5")), Owed("a", 300, new DebtRule(400, null)), Owed("b", 900, new DebtRule(400, null), 1)));

    [Fact]
    public void Quote_WithDebts_AddsUpAndSellsTheRest()
    {
        Debt rates = Owed("rates", 9_000, new DebtRule(1_000, null));
        Quote quote = Quoting.For(Rich(), Money.FromMajor(300m, Currency.Cny), PurchaseState.Fresh, [rates], DebtPolicy.None, tenths => tenths).Quote();
        Quote without = Quoting.For(Rich(), Money.FromMajor(290m, Currency.Cny), PurchaseState.Fresh, tenths => tenths).Quote();
        Assert.Equal((30_000L, without.UnitsAsked, 8_000L), (quote.Lines.Sum(l => l.MinorUnits), quote.UnitsAsked, quote.Debts.Single().LeftMinorUnits));
    }

    [Fact]
    public void Quote_OfAPurchaseThatDebtsEatWhole_IsTooLow() => Assert.Equal(
        new QuoteOutcome.Refused(PriceRefusal.AmountTooLow),
        Quoting.For(Flat("1"), Money.FromMajor(5m, Currency.Cny), PurchaseState.Fresh, [Owed("a", 9_000, new DebtRule(500, null))], DebtPolicy.None, tenths => tenths));

    [Fact]
    public void For_AnyDebts_TakesNoMoreThanIsOwedNorThanIsThere() =>
        Gen.Select(AnyTariff, States, Gen.Int[1, 100_000], Gen.Select(Gen.Int[0, 5_000], Gen.Int[0, 100], Gen.Int[0, 9_000]).Array[0, 4], Gen.Int[0, 60]).Sample((tariff, state, tendered, rules, floor) =>
        {
            Debt[] debts = [.. rules.Select((r, i) => Owed("d" + i, r.Item3, new DebtRule(r.Item1, new Rational(r.Item2, 100)), i))];
            IReadOnlyList<DebtPayment> payments = DebtPlan.For(tariff, state, tendered, 100, debts, new DebtPolicy(Rational.FromInteger(floor)));
            long left = tendered - payments.Sum(p => p.MinorUnits);
            bool floorHolds = payments.Count == 0 || Pricing.CostOf(tariff, Rational.FromInteger(floor), state).Price().Gross * R("100") <= Rational.FromInteger(left);
            return left >= 0 && floorHolds && payments.All(p => p.LeftMinorUnits >= 0 && p.MinorUnits > 0);
        });
}
