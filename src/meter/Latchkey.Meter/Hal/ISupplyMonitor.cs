namespace Latchkey.Meter.Hal;

/// <summary>Slow analogue values of the meter's own supply, polled; never throws.</summary>
public interface ISupplyMonitor
{
    /// <summary>Voltage of the coil capacitor, millivolt; nominal 12 000.</summary>
    int CoilMillivolts { get; }

    /// <summary>Temperature inside the case, tenths of a degree Celsius.</summary>
    int TemperatureDeciCelsius { get; }
}
