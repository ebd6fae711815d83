using System.Runtime.InteropServices;

namespace Latchkey.Vending.Vendors;

/// <summary>What the sales of a batch earned: whole minor units now, the rest into the next batch.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CommissionAccrual(long MinorUnits, long Remainder, DateOnly Month, long MonthSales)
{
    /// <remarks>Sales that were taken back take their commission back; a batch that earns less than nothing leaves the debt in the remainder.</remarks>
    public static CommissionAccrual Of(Vendor vendor, IReadOnlyList<FloatSale> sales, Func<DateTimeOffset, DateOnly> dayOf)
    {
        Int128 steps = vendor.Remainder;
        DateOnly month = vendor.Month;
        long sold = vendor.MonthSales;
        foreach (FloatSale sale in sales)
        {
            DateOnly day = dayOf(sale.At), first = new(day.Year, day.Month, 1);
            if (first > month) (month, sold) = (first, 0);
            steps += StepsOf(vendor.SchemeOn(day), sale.Sum, sold);
            sold = Math.Max(0, checked(sold + sale.Sum.MinorUnits));
        }

        Int128 whole = steps <= 0 ? 0 : steps / CommissionScheme.StepsPerMinorUnit;
        return new CommissionAccrual((long)whole, (long)(steps - (whole * CommissionScheme.StepsPerMinorUnit)), month, sold);
    }

    private static Int128 StepsOf(CommissionScheme? scheme, SalesSum sum, long before)
    {
        if (scheme is null) return 0;
        return sum.MinorUnits >= 0
            ? scheme.Steps(sum.MinorUnits, sum.Tenths, before)
            : -scheme.Steps(-sum.MinorUnits, -sum.Tenths, Math.Max(0, before + sum.MinorUnits));
    }
}
