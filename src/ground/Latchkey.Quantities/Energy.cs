using System.Globalization;

namespace Latchkey.Quantities;

/// <summary>Electrical energy in whole milliwatt-hours. Signed: positive is energy delivered to the consumer.</summary>
/// <remarks>An <see cref="long"/> of milliwatt-hours holds 9.2 TWh, so totals of a park never overflow in practice; arithmetic is checked.</remarks>
public readonly record struct Energy : IComparable<Energy>
{
    private const long MilliwattHoursPerWattHour = 1_000;
    private const long MilliwattHoursPerTokenUnit = 100_000;

    private Energy(long milliwattHours) => MilliwattHours = milliwattHours;

    /// <summary>No energy.</summary>
    public static Energy Zero => default;

    /// <summary>The value in milliwatt-hours.</summary>
    public long MilliwattHours { get; }

    /// <summary>The value in whole watt-hours, rounded toward zero.</summary>
    public long WattHours => MilliwattHours / MilliwattHoursPerWattHour;

    /// <summary>The value in tenths of a kilowatt-hour, the unit of an STS credit token, rounded toward zero.</summary>
    public long TenthsOfKilowattHour => MilliwattHours / MilliwattHoursPerTokenUnit;

    /// <summary>The value in kilowatt-hours, exact.</summary>
    public decimal KilowattHours => MilliwattHours / 1_000_000m;

    /// <summary>From milliwatt-hours.</summary>
    public static Energy FromMilliwattHours(long milliwattHours) => new(milliwattHours);

    /// <summary>From watt-hours.</summary>
    public static Energy FromWattHours(long wattHours) => new(checked(wattHours * MilliwattHoursPerWattHour));

    /// <summary>From tenths of a kilowatt-hour, the unit of an STS credit token.</summary>
    public static Energy FromTenthsOfKilowattHour(long tenths) => new(checked(tenths * MilliwattHoursPerTokenUnit));

    /// <summary>The sum.</summary>
    public static Energy operator +(Energy left, Energy right) => new(checked(left.MilliwattHours + right.MilliwattHours));

    /// <summary>The difference.</summary>
    public static Energy operator -(Energy left, Energy right) => new(checked(left.MilliwattHours - right.MilliwattHours));

    /// <summary>Less.</summary>
    public static bool operator <(Energy left, Energy right) => left.MilliwattHours < right.MilliwattHours;

    /// <summary>More.</summary>
    public static bool operator >(Energy left, Energy right) => left.MilliwattHours > right.MilliwattHours;

    /// <summary>At most.</summary>
    public static bool operator <=(Energy left, Energy right) => left.MilliwattHours <= right.MilliwattHours;

    /// <summary>At least.</summary>
    public static bool operator >=(Energy left, Energy right) => left.MilliwattHours >= right.MilliwattHours;

    /// <summary>Orders two energies.</summary>
    public int CompareTo(Energy other) => MilliwattHours.CompareTo(other.MilliwattHours);

    /// <summary>Kilowatt-hours with two digits, rounded toward zero as a meter's display does: <c>12.34 kWh</c>.</summary>
    public override string ToString()
    {
        long hundredths = MilliwattHours / 10_000;
        return string.Create(CultureInfo.InvariantCulture, $"{hundredths / 100m:F2} kWh");
    }
}
