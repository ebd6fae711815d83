using System.Globalization;

namespace Latchkey.Quantities;

/// <summary>A current (RMS where nothing else is said) in whole milliamperes.</summary>
public readonly record struct Current
{
    private Current(int milliamperes) => Milliamperes = milliamperes;

    /// <summary>The value in milliamperes.</summary>
    public int Milliamperes { get; }

    /// <summary>From milliamperes.</summary>
    public static Current FromMilliamperes(int milliamperes) => new(milliamperes);

    /// <summary>Amperes with two digits: <c>4.37 A</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliamperes / 1_000m:F2} A");
}
