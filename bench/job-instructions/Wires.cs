using Latchkey.Meter.Hal;

namespace Latchkey.Bench.JobInstructions;

/// <summary>A drive that takes every pulse and a supply that is always well.</summary>
internal sealed class Wires : ILoadSwitch, ISupplyMonitor
{
    public long NowUs { get; set; }

    public int CoilMillivolts => 12_000;

    public int TemperatureDeciCelsius => 250;

    public bool TrySchedule(SwitchCoil coil, long startUs, int widthUs) => startUs > NowUs;

    public bool TryCancel() => true;
}
