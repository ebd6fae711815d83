using System.Diagnostics;
using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>How fast an audit reads books of a given length, in how much memory, and whether it names one bad record among all of them.</summary>
public static class AuditBench
{
    public const long DefaultEntries = 200_000;
    public const long LeastEntries = 1_000, MostEntries = 20_000_000;
    private const int Meters = 1_000;
    private const double MemoryLimitMiB = 64;

    /// <param name="directory">An empty directory; it stays with what was written, about 2 GB for a million entries.</param>
    /// <param name="entries">Of the ledger; half as many tokens and orders stand beside them.</param>
    /// <param name="seed">Where the bad records are put.</param>
    public static async Task<IReadOnlyList<VendFigure>> RunAsync(string directory, long entries, int seed, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(entries is >= LeastEntries and <= MostEntries, true);
        long sales = entries / 2;
        using VendingHouse house = await OpenAsync(directory, cancellationToken).ConfigureAwait(false);
        using SoftwareKeyCustody custody = CustodyKeyFile.OpenOrCreate(directory);
        DecoderKeyAttributes[] meters = [.. Enumerable.Range(0, Meters).Select(n => Key(Pan(n)))];
        SaleTerms terms = house.Desk.Trial(new PlaceOrder(BulkBooks.OrderId(0), meters[0].Pan, new Money(5_000, Currency.Cny), "bulk", "-")) is TrialOutcome.Priced priced
            ? priced.Terms
            : throw new InvalidOperationException("The bench's tariff does not price.");
        var bulk = new BulkBooks(house, custody, terms, meters, new SalesChannel("bulk", FundingKind.Clearing));
        long start = Stopwatch.GetTimestamp();
        await bulk.WriteAsync(1, sales, cancellationToken).ConfigureAwait(false);
        TimeSpan writing = Stopwatch.GetElapsedTime(start);

        AuditMeasure audit = AuditMeasure.Of(house.Audit);
        (int spoiled, int named, TimeSpan naming) = await SpoiledBooks.TryAsync(house, directory, sales, seed, cancellationToken).ConfigureAwait(false);
        double bytes = Directory.GetFiles(directory).Sum(f => (double)new FileInfo(f).Length);
        return
        [
            VendFigure.Reported("entries of the ledger", audit.Report.Ledger.EntriesRead, "1"),
            VendFigure.Reported("tokens and orders beside them", audit.Report.Tokens, "1"),
            VendFigure.Reported("written in bulk, entries", audit.Report.Ledger.EntriesRead / writing.TotalSeconds, "1/s"),
            VendFigure.Reported("bytes on disk per entry, with its share of orders and tokens", bytes / audit.Report.Ledger.EntriesRead, "B"),
            VendFigure.AtMost("differences in books that are right", audit.Report.Differences.Count + (audit.Report.Ledger.IsIntact ? 0 : 1), "1", 0),
            VendFigure.Reported("audit of ledger, signer and orders, entries", audit.EntriesPerSecond, "1/s"),
            VendFigure.Reported("processor time of the audit per entry", audit.CpuUsPerEntry, "us"),
            VendFigure.Reported("audit of all of it", audit.Elapsed.TotalSeconds, "s"),
            VendFigure.AtMost("live memory the audit added at most", audit.PeakBytes / 1_048_576.0, "MiB", MemoryLimitMiB),
            VendFigure.Reported("records altered, forged or removed, one by one", spoiled, "1"),
            VendFigure.AtLeast("of them named by the audit", named, "1", spoiled),
            VendFigure.Reported("time to name them", naming.TotalSeconds, "s"),
        ];
    }

    private static async Task<VendingHouse> OpenAsync(string directory, CancellationToken cancellationToken)
    {
        var tariff = new Tariff
        {
            Id = "BULK", Utility = "bench", CurrencyCode = "CNY", MinorDigits = 2, Valid = default, Accumulation = Accumulation.CalendarMonth,
            Vat = new ValueAddedTax(Rational.Require("0.13"), ["energy"]),
            Levies = [new Levy("lighting", LevyBasis.PerKilowattHour, Rational.Require("0.02"))],
            Blocks = [new EnergyBlock(Rational.Zero, null, Rational.Require("0.5283"))],
        };
        var options = new VendingOptions("bench", TimeSpan.Zero, [new SalesChannel("bulk", FundingKind.Clearing)]);
        VendingHouse house = VendingHouse.Open(directory, new VendingHouseOptions(options, new TariffBook([tariff])), TimeProvider.System);
        DecoderKeyAttributes key = Key(Pan(0));
        var terms = new SigningKeyTerms(key.SupplyGroup, key.KeyRevision, key.KeyType, key.BaseDate, DateTimeOffset.UnixEpoch, null);
        await house.Keys.ImportAsync(new byte[VendingKey.HmacLength], terms, long.MaxValue, new TwoPeople("bench", "mark"), cancellationToken).ConfigureAwait(false);
        await house.Meters.SaveAsync(new MeterRecord(key, "BULK", "account", "place"), cancellationToken).ConfigureAwait(false);
        return house;
    }

    private static DecoderKeyAttributes Key(MeterPan pan) => new(
        pan, SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique, KeyExpiryNumber.Never, BaseDate.Year2014,
        EncryptionAlgorithm.Ea11);

    private static MeterPan Pan(int n)
    {
        string payload = string.Create(CultureInfo.InvariantCulture, $"6007270{n:D10}");
        return Luhn.TryComputeCheckDigit(payload, out int digit) ? MeterPan.Parse(payload + digit.ToString(CultureInfo.InvariantCulture)) : default;
    }
}
