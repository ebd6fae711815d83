using System.Runtime.CompilerServices;

namespace Latchkey.Metrology;

/// <summary>The verification output: one impulse per fixed energy, to the sample.</summary>
internal struct PulseOutput
{
    /// <summary>20 ms: shorter than half the period of 3200 imp/kWh at 23 kW.</summary>
    private const int LitSamples = 160;

    private long _gathered;
    private long _threshold;
    private long _mask;
    private long _litUntil;

    public long Count { get; private set; }

    /// <summary>Whether the LED is lit at a sample.</summary>
    public readonly bool IsLit(long sampleIndex) => sampleIndex < _litUntil;

    /// <summary>Energy of an impulse in counts²·samples, from the scales of a calibration.</summary>
    public void Configure(in Calibration calibration)
    {
        // Carrying on with what was gathered under the old scale would move an impulse by less than one impulse.
        Int128 units = EnergyCounter.UnitsPerQuantum * (1000 * EnergyCounter.QuantaPerWattHour / calibration.ImpulsesPerKwh);
        _threshold = (long)(units / ((Int128)calibration.VoltagePicovolts * calibration.CurrentPicoamps));
        _mask = -1;
    }

    /// <summary>Stops or lets through the output: below the creep threshold nothing may blink.</summary>
    public void Block(bool blocked) => _mask = blocked ? 0 : -1;

    [RealTime]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long product, long sampleIndex)
    {
        unchecked
        {
            long gathered = _gathered + (product & _mask);
            _gathered = gathered;
            // One comparison for both signs.
            if ((ulong)(gathered + _threshold) > (ulong)_threshold << 1) Emit(sampleIndex);
        }
    }

    [RealTime]
    private void Emit(long sampleIndex)
    {
        unchecked
        {
            _gathered -= _gathered > 0 ? _threshold : -_threshold;
            _litUntil = sampleIndex + LitSamples;
            Count++;
        }
    }
}
