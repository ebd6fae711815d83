namespace Latchkey.HeadEnd.Readings;

/// <summary>What a stored series of readings measures. The unit of its values is part of the channel.</summary>
/// <remarks>The numbers are stored: never renumber.</remarks>
public enum ReadingChannel
{
    /// <summary>Total active energy imported, a register that only grows, in watt-hours.</summary>
    EnergyImportWh = 1,

    /// <summary>Credit left in the meter in thousandths of its credit unit, watt-hours in energy mode; negative when overdrawn.</summary>
    CreditMilli = 2,

    /// <summary>Active power at the time of the reading, in watts.</summary>
    PowerW = 3,

    /// <summary>Voltage in tenths of a volt.</summary>
    VoltageDeciVolt = 4,

    /// <summary>Current in milliamperes.</summary>
    CurrentMilliampere = 5,

    /// <summary>Load switch: 1 closed, 0 open.</summary>
    Relay = 6,
}
