using Latchkey.Metrology;

namespace Latchkey.Meter.Hal;

/// <summary>Receives every conversion of the analogue front end, in interrupt context: it must return within the sample period.</summary>
public interface ISampleSink
{
    /// <summary>Takes one sample.</summary>
    /// <param name="sample">The conversion, in counts.</param>
    /// <param name="timeUs">When it was taken, on the clock of <see cref="ILoadSwitch.NowUs"/>; a multiple of 125 µs after start.</param>
    void OnSample(in RawSample sample, long timeUs);
}
