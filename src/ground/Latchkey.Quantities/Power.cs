using System.Globalization;

namespace Latchkey.Quantities;

/// <summary>Active power in whole milliwatts. Signed: positive is power taken by the consumer.</summary>
public readonly record struct Power : IComparable<Power>
{
    private Power(long milliwatts) => Milliwatts = milliwatts;

    /// <summary>No power.</summary>
    public static Power Zero => default;

    /// <summary>The value in milliwatts.</summary>
    public long Milliwatts { get; }

    /// <summary>The value in whole watts, rounded toward zero.</summary>
    public long Watts => Milliwatts / 1_000;

    /// <summary>From milliwatts.</summary>
    public static Power FromMilliwatts(long milliwatts) => new(milliwatts);

    /// <summary>From watts.</summary>
    public static Power FromWatts(long watts) => new(checked(watts * 1_000));

    /// <summary>Less.</summary>
    public static bool operator <(Power left, Power right) => left.Milliwatts < right.Milliwatts;

    /// <summary>More.</summary>
    public static bool operator >(Power left, Power right) => left.Milliwatts > right.Milliwatts;

    /// <summary>At most.</summary>
    public static bool operator <=(Power left, Power right) => left.Milliwatts <= right.Milliwatts;

    /// <summary>At least.</summary>
    public static bool operator >=(Power left, Power right) => left.Milliwatts >= right.Milliwatts;

    /// <summary>Orders two powers.</summary>
    public int CompareTo(Power other) => Milliwatts.CompareTo(other.Milliwatts);

    /// <summary>Watts or kilowatts: <c>850 W</c>, <c>3.20 kW</c>.</summary>
    public override string ToString() => Math.Abs(Watts) < 1_000
        ? string.Create(CultureInfo.InvariantCulture, $"{Watts} W")
        : string.Create(CultureInfo.InvariantCulture, $"{Milliwatts / 1_000_000m:F2} kW");
}
