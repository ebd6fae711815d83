using CsCheck;

namespace Latchkey.Tariffs.Tests;

internal static class Samples
{
    public static Rational R(string text) => Rational.Require(text);

    public static Tariff Flat(string rate) => new()
    {
        Id = "FLAT",
        Utility = "test",
        CurrencyCode = "CNY",
        MinorDigits = 2,
        Valid = default,
        Accumulation = Accumulation.CalendarMonth,
        Blocks = [new EnergyBlock(Rational.Zero, null, R(rate))],
    };

    /// <summary>Two blocks, every kind of levy, tax on some of it, and a fixed charge.</summary>
    public static Tariff Rich(Rational? maxShare = null) => Flat("0") with
    {
        Id = "RICH",
        Vat = new ValueAddedTax(R("0.15"), ["energy", "fixed", "fuel"]),
        Fixed = [new FixedCharge("service", R("40"), ChargePeriod.Month, maxShare)],
        Levies =
        [
            new Levy("fuel", LevyBasis.PerKilowattHour, R("0.31")),
            new Levy("fund", LevyBasis.ShareOfEnergy, R("0.05")),
            new Levy("lighting", LevyBasis.ShareOfGross, R("0.02")),
        ],
        Blocks = [new EnergyBlock(Rational.Zero, R("100"), R("1.1")), new EnergyBlock(R("100"), null, R("2.3"))],
    };

    private static readonly Gen<Rational> Rates = Gen.Int[1, 99_999].Select(n => new Rational(n, 10_000));

    private static readonly Gen<Levy[]> Levies = Gen.Select(Gen.Enum<LevyBasis>(), Gen.Int[-50, 150]).Array[0, 3]
        .Select(items => items.Select((item, i) => new Levy(
            "levy" + i,
            item.Item1,
            new Rational(item.Item1 == LevyBasis.ShareOfEnergy ? item.Item2 : Math.Abs(item.Item2), 1_000))).ToArray());

    private static readonly Gen<EnergyBlock[]> Blocks = Gen.Select(Gen.Int[1, 400], Rates).Array[1, 5].Select(widths =>
    {
        var blocks = new List<EnergyBlock>();
        Rational start = Rational.Zero;
        for (int i = 0; i < widths.Length; i++)
        {
            Rational? end = i == widths.Length - 1 ? null : start + Rational.FromInteger(widths[i].Item1);
            blocks.Add(new EnergyBlock(start, end, widths[i].Item2));
            start = end ?? start;
        }

        return blocks.ToArray();
    });

    private static readonly Gen<FixedCharge[]> FixedCharges = Gen.Select(Gen.Int[0, 5_000], Gen.Int[0, 60]).Array[0, 2]
        .Select(items => items.Select((f, i) => new FixedCharge(
            "charge" + i, new Rational(f.Item1, 100), ChargePeriod.Month, f.Item2 is 0 ? null : new Rational(f.Item2, 100))).ToArray());

    /// <summary>Sound tariffs of every shape.</summary>
    public static readonly Gen<Tariff> AnyTariff =
        Gen.Select(Blocks, Levies, FixedCharges, Gen.Int[0, 250], Gen.Int[0, 31], Gen.Select(Gen.Int[0, 60], Gen.Int[0, 300])).Select((blocks, levies, fixedCharges, vat, taxed, help) =>
        {
            // A third of the subsidies end within the first blocks, a third go on for ever, the rest are none.
            Subsidy[] subsidies = help.Item2 % 3 == 0 ? [] : [new Subsidy("help", LevyBasis.ShareOfEnergy, new Rational(help.Item1, 100), help.Item2 % 3 == 1 ? new Rational(help.Item2, 1) : null)];
            string[] names = ["energy", "fixed", .. levies.Select(l => l.Name)];
            return Flat("1") with
            {
                Id = "ANY",
                Blocks = blocks,
                Levies = levies,
                Fixed = fixedCharges,
                Subsidies = subsidies,
                Vat = new ValueAddedTax(new Rational(vat, 1_000), [.. names.Where((_, i) => (taxed >> i & 1) == 1)], IsInclusive: vat % 2 == 1),
            };
        }).Where(t => t.Fault() is null);

    public static readonly Gen<PurchaseState> States =
        Gen.Select(Gen.Int[0, 900], Gen.Int[0, 6_000]).Select((u, f) => new PurchaseState(new Rational(u, 1), new Rational(f, 100)));

    public static PriceBreakdown Price(this PriceOutcome outcome) => Assert.IsType<PriceOutcome.Priced>(outcome).Price;

    public static Quote Quote(this QuoteOutcome outcome) => Assert.IsType<QuoteOutcome.Quoted>(outcome).Quote;
}
