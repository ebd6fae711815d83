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
    private int _lit;

    public long Count { get; private set; }

    public readonly bool IsLit => _lit > 0;

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
    public void Add(long product)
    {
        unchecked
        {
            _lit -= (int)((uint)-_lit >> 31);
            long gathered = _gathered + (product & _mask);
            _gathered = gathered;
            if (gathered >= _threshold) Emit(-_threshold);
            else if (gathered <= -_threshold) Emit(_threshold);
        }
    }

    [RealTime]
    private void Emit(long change)
    {
        unchecked
        {
            _gathered += change;
            _lit = LitSamples;
            Count++;
        }
    }
}
