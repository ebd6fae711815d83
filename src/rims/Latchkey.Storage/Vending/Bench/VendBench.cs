using System.Diagnostics;
using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>How many orders a second are sold, durably, through the whole desk: hold, signer's journal, token, settlement, receipt.</summary>
public static partial class VendBench
{
    private const int Clients = 64;
    private const int Meters = 1_000;
    private const int VendorCount = 64;
    private const int WarmUpOrders = 10_000, WarmUpSlices = 6;
    private const double FlushFactor = 3, MostAskedFor = 5_000, CpuLimitUs = 200, P99LimitMs = 300, HotShare = 0.6;
    private const double AuditLimitMiB = 64;

    /// <param name="directory">An empty directory on the disk to measure; it stays with what was written.</param>
    /// <param name="duration">Of each of the two runs; the anchors take a quarter of it each.</param>
    public static async Task<IReadOnlyList<VendFigure>> RunAsync(string directory, TimeSpan duration, CancellationToken cancellationToken)
    {
        double flushes = DiskAnchors.FlushesPerSecond(directory, duration / 4);
        double single = DiskAnchors.SingleCommitsPerSecond(directory, duration / 4);
        using VendingHouse house = await OpenAsync(Path.Combine(directory, "shop"), apart: null, cancellationToken).ConfigureAwait(false);
        await WarmUpAsync(house, duration, cancellationToken).ConfigureAwait(false);
        Sales spread = await SellAsync(house, duration, client => Vendor(client % VendorCount), round: 1, cancellationToken).ConfigureAwait(false);
        Sales hot = await SellAsync(house, duration, _ => Vendor(0), round: 2, cancellationToken).ConfigureAwait(false);
        AuditMeasure audit = AuditMeasure.Of(house.Audit);

        double limit = Math.Min(FlushFactor * flushes, MostAskedFor);
        return
        [
            VendFigure.Reported("forced writes of 4 KiB, one after the other", flushes, "1/s"),
            VendFigure.Reported("SQLite commits of one row, one after the other", single, "1/s"),
            VendFigure.AtLeast("orders sold, durable, 64 clients", spread.PerSecond, "1/s", limit),
            VendFigure.AtMost("time to the answer, median", spread.PercentileMs(0.50), "ms", P99LimitMs),
            VendFigure.AtMost("time to the answer, 99 of 100", spread.PercentileMs(0.99), "ms", P99LimitMs),
            VendFigure.AtMost("processor time per order", spread.CpuUsPerOrder, "us", CpuLimitUs),
            VendFigure.Reported("orders per commit of the ledger's file", spread.OrdersPerCommit, "1"),
            VendFigure.Reported("write calls per order", spread.Written.Calls / (double)spread.SortedMs.Length, "1"),
            VendFigure.Reported("bytes written per order", spread.Written.Bytes / (double)spread.SortedMs.Length, "B"),
            VendFigure.AtLeast("one hot vendor, share of the spread rate", hot.PerSecond / spread.PerSecond, "1", HotShare),
            VendFigure.AtMost("differences an audit of all sales finds", audit.Report.Differences.Count + (audit.Report.Ledger.IsIntact ? 0 : 1), "1", 0),
            VendFigure.Reported("entries the audit read", audit.Report.Ledger.EntriesRead, "1"),
            VendFigure.Reported("audit of ledger, signer and orders, entries", audit.EntriesPerSecond, "1/s"),
            VendFigure.AtMost("live memory the audit added at most", audit.PeakBytes / 1_048_576.0, "MiB", AuditLimitMiB),
        ];
    }

    private static string Vendor(int n) => string.Create(CultureInfo.InvariantCulture, $"vendor-{n}");

    private static MeterPan Pan(int n)
    {
        string payload = string.Create(CultureInfo.InvariantCulture, $"6007270{n:D10}");
        return Luhn.TryComputeCheckDigit(payload, out int digit) ? MeterPan.Parse(payload + digit.ToString(CultureInfo.InvariantCulture)) : default;
    }

    private static async Task<VendingHouse> OpenAsync(string directory, BenchSigner? apart, CancellationToken cancellationToken)
    {
        var key = new DecoderKeyAttributes(
            default, SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique, KeyExpiryNumber.Never,
            BaseDate.Year2014, EncryptionAlgorithm.Ea11);
        var tariff = new Tariff
        {
            Id = "BENCH", Utility = "bench", CurrencyCode = "CNY", MinorDigits = 2, Valid = default, Accumulation = Accumulation.CalendarMonth,
            Vat = new ValueAddedTax(Rational.Require("0.13"), ["energy"]),
            Levies = [new Levy("lighting", LevyBasis.PerKilowattHour, Rational.Require("0.02"))],
            Blocks = [new EnergyBlock(Rational.Zero, Rational.Require("240"), Rational.Require("0.5283")), new EnergyBlock(Rational.Require("240"), null, Rational.Require("0.8"))],
        };
        SalesChannel[] channels = [.. Enumerable.Range(0, VendorCount).Select(n => new SalesChannel(Vendor(n), FundingKind.Float))];

        // A meter that buys many times a minute would run ahead of the clock; the bench is about the shop, not about that rule.
        var options = new VendingOptions("bench", TimeSpan.Zero, channels) { TidLeadMinutes = 1_000_000 };
        VendingHouse house = VendingHouse.Open(directory, new VendingHouseOptions(options, new TariffBook([tariff])) { Signer = apart?.Signer }, TimeProvider.System);
        var terms = new SigningKeyTerms(key.SupplyGroup, key.KeyRevision, key.KeyType, key.BaseDate, DateTimeOffset.UnixEpoch, null);
        Task<string?> Import(KeyAdministration keys) => keys.ImportAsync(new byte[VendingKey.HmacLength], terms, long.MaxValue, new TwoPeople("bench", "mark"), cancellationToken);
        if (apart is null) await Import(house.Keys).ConfigureAwait(false);
        else await apart.StartAsync(directory, Import).ConfigureAwait(false);
        await Task.WhenAll(Enumerable.Range(0, Meters).Select(n => house.Meters.SaveAsync(
            new MeterRecord(key with { Pan = Pan(n) }, "BENCH", "account", "place"), cancellationToken))).ConfigureAwait(false);
        await FillFloatsAsync(house.Ledger, channels, cancellationToken).ConfigureAwait(false);
        return house;
    }

    private static async Task FillFloatsAsync(ILedgerStore ledger, SalesChannel[] channels, CancellationToken cancellationToken)
    {
        LedgerUnit cny = LedgerUnit.Of(Currency.Cny);
        var bank = AccountId.Require("bank");
        await ledger.OpenAccountAsync(new LedgerAccount(bank, cny, AccountClass.Asset), cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < channels.Length; i++)
        {
            AccountId vendor = channels[i].FundingAccount;
            await ledger.OpenAccountAsync(
                new LedgerAccount(vendor, cny, AccountClass.Liability, AccountLimit.DebitsMustNotExceedCredits), cancellationToken).ConfigureAwait(false);
            await ledger.PostAsync(
                JournalEntry.Post(new Guid(i, 1, 0, new byte[8]), DateTimeOffset.UnixEpoch, "deposit", Posting.Debit(bank, cny, 1L << 40), Posting.Credit(vendor, cny, 1L << 40)),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sells until the just-in-time compiler has little left to do: otherwise its time would be counted as the orders'.</summary>
    private static async Task WarmUpAsync(VendingHouse house, TimeSpan slice, CancellationToken cancellationToken)
    {
        int sold = 0;
        for (short round = 3; round < 3 + WarmUpSlices && sold < WarmUpOrders; round++)
            sold += (await SellAsync(house, slice / 2, client => Vendor(client % VendorCount), round, cancellationToken).ConfigureAwait(false)).SortedMs.Length;
    }

    private static async Task<Sales> SellAsync(VendingHouse house, TimeSpan duration, Func<int, string> channel, short round, CancellationToken cancellationToken)
    {
        (long commitsBefore, _) = house.Commits;
        WriteCount writtenBefore = WriteCount.OfThisProcess();
        TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        List<double>[] times = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            async () =>
            {
                List<double> mine = [];
                for (int n = 0; Stopwatch.GetElapsedTime(start) < duration; n++)
                {
                    var order = new PlaceOrder(
                        new Guid(n, (short)client, round, new byte[8]), Pan(((client * 31) + (n * 7)) % Meters), new Money(5_000, Currency.Cny), channel(client));
                    long asked = Stopwatch.GetTimestamp();
                    OrderOutcome outcome = await house.Desk.PlaceAsync(order, cancellationToken).ConfigureAwait(false);
                    if (outcome is not OrderOutcome.Issued) throw new InvalidOperationException("An order of the bench was not sold: " + outcome);
                    mine.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                }

                return mine;
            },
            cancellationToken))).ConfigureAwait(false);

        double[] all = [.. times.SelectMany(t => t).Order()];
        return new Sales(
            all, Stopwatch.GetElapsedTime(start), Process.GetCurrentProcess().TotalProcessorTime - cpuBefore, house.Commits.Ledger - commitsBefore,
            WriteCount.OfThisProcess() - writtenBefore);
    }

    /// <param name="SortedMs">The time to each answer.</param>
    private sealed record Sales(double[] SortedMs, TimeSpan Elapsed, TimeSpan Cpu, long Commits, WriteCount Written)
    {
        public double PerSecond => SortedMs.Length / Elapsed.TotalSeconds;

        public double CpuUsPerOrder => Cpu.TotalMicroseconds / SortedMs.Length;

        public double OrdersPerCommit => (double)SortedMs.Length / Commits;

        public double PercentileMs(double share) => SortedMs[Math.Min(SortedMs.Length - 1, (int)(SortedMs.Length * share))];
    }
}
