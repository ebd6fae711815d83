using System.Globalization;

namespace Latchkey.Quantities;

/// <summary>A voltage (RMS where nothing else is said) in whole millivolts.</summary>
public readonly record struct Voltage
{
    private Voltage(int millivolts) => Millivolts = millivolts;

    /// <summary>The value in millivolts.</summary>
    public int Millivolts { get; }

    /// <summary>From millivolts.</summary>
    public static Voltage FromMillivolts(int millivolts) => new(millivolts);

    /// <summary>From volts.</summary>
    public static Voltage FromVolts(int volts) => new(checked(volts * 1_000));

    /// <summary>Volts with one digit: <c>230.1 V</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Millivolts / 1_000m:F1} V");
}
