using System.Globalization;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>The names under which units and fixed charges of a period are counted.</summary>
internal static class SalePeriods
{
    private const string CustomerPrefix = "customer:";

    /// <summary>Where units count towards the blocks. The version of the tariff is not part of it: a new price does not start the period again.</summary>
    public static string Blocks(Tariff tariff, MeterRecord meter, DateOnly today)
    {
        DateOnly start = AccumulationPeriod.StartOf(tariff.Accumulation, today, meter.Anniversary ?? new DateOnly(today.Year, 1, 1));
        string owner = tariff.AccumulationKey == AccumulationKey.Customer ? $"{CustomerPrefix}{meter.CustomerAccount}:" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{owner}{tariff.Accumulation}:{start:yyyy-MM-dd}");
    }

    /// <summary>Where fixed charges count as collected: by month, whatever the version.</summary>
    public static string Fixed(DateOnly day) => "fixed:" + Month(day);

    public static string Month(DateOnly day) =>
        AccumulationPeriod.StartOf(Accumulation.CalendarMonth, day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Of(string fixedPeriod, string chargeName) => $"{fixedPeriod}:{chargeName}";

    /// <summary>Units of a customer are kept under no meter, so that all of the customer's meters find them.</summary>
    public static MeterPan KeeperOf(MeterPan pan, string period) => period.StartsWith(CustomerPrefix, StringComparison.Ordinal) ? default : pan;
}
