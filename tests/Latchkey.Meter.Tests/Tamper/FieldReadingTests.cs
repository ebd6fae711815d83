using Latchkey.Meter.Hal;
using Latchkey.Meter.Tamper;

namespace Latchkey.Meter.Tests.Tamper;

public sealed class FieldReadingTests
{
    [Theory]
    [InlineData(3_000, 4_000, 12_000, 13_000)]
    [InlineData(0, 0, 400_000, 400_000)]
    public void ASteadyField_IsItsLengthOnThreeAxes(int x, int y, int z, int expected)
    {
        FieldReading reading = FieldReading.Of(Window(_ => new FieldSample(x, y, z)));
        Assert.Equal((expected, 0), (reading.SteadyMicrotesla, reading.AlternatingMicrotesla));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(60)]
    [InlineData(42)]
    public void AFieldOfMainsFrequency_IsItsRms(double hertz)
    {
        FieldReading reading = FieldReading.Of(Swinging(hertz, 3_000));
        Assert.InRange(reading.AlternatingMicrotesla, 3_000 / Math.Sqrt(2) * 0.9, 3_000 / Math.Sqrt(2) * 1.1);
    }

    // A hand that waves a magnet and a switching supply are no field of the mains.
    [Theory]
    [InlineData(3)]
    [InlineData(150)]
    [InlineData(300)]
    public void OtherFrequencies_AreNot(double hertz) => Assert.Equal(0, FieldReading.Of(Swinging(hertz, 3_000)).AlternatingMicrotesla);

    [Theory]
    [InlineData(6_900, TamperInputs.None, TamperInputs.Magnet)]
    [InlineData(6_901, TamperInputs.Magnet, TamperInputs.Magnet)]
    [InlineData(3_501, TamperInputs.None, TamperInputs.Magnet)]
    [InlineData(3_500, TamperInputs.None, TamperInputs.None)]
    public void Levels_AreThoseOfTheSensor(int microtesla, TamperInputs operate, TamperInputs hold)
    {
        TamperSignals signals = new FieldReading(microtesla, 0).Signals;
        Assert.Equal((operate, hold), (signals.Operate, signals.Hold));
    }

    private static FieldSample[] Window(Func<double, FieldSample> at) =>
        [.. Enumerable.Range(0, IFieldSensor.WindowSamples).Select(i => at(i / (double)IFieldSensor.RateHz))];

    private static FieldSample[] Swinging(double hertz, int peak) =>
        Window(t => new FieldSample(0, 500 + (int)(peak * Math.Sin((2 * Math.PI * hertz * t) + 0.3)), 0));
}
