namespace Latchkey.Metrology;

/// <summary>One conversion of one phase set, in ADC counts; all channels are taken at the same instant.</summary>
/// <param name="V">Line voltage, nominally 60 µV per count, 24 bits with sign.</param>
/// <param name="I">Phase current, nominally 34 µA per count, positive into the load.</param>
/// <param name="IN">Neutral current, same scale as <paramref name="I"/>.</param>
/// <param name="Lsv">Voltage on the load side of the switch, same scale as <paramref name="V"/>.</param>
public readonly record struct RawSample(int V, int I, int IN, int Lsv)
{
    /// <summary>Samples per second of every channel.</summary>
    public const int RateHz = 8000;

    /// <summary>Microseconds between two samples.</summary>
    public const int PeriodUs = 125;

    /// <summary>The largest magnitude that the 24-bit converter can give.</summary>
    public const int FullScale = (1 << 23) - 1;
}
