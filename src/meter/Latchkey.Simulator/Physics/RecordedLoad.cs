namespace Latchkey.Simulator.Physics;

/// <summary>A recorded current, played over and over in step with the supply's phase.</summary>
public sealed class RecordedLoad : LoadModel
{
    private readonly double[] _amps;
    private readonly double _perCycle;
    private readonly int _cycles;
    private readonly double _shift;
    private readonly double _scale;

    /// <summary>The whole cycles of a recording.</summary>
    /// <param name="recording">What was recorded.</param>
    /// <param name="hertz">Frequency of the mains it was taken from.</param>
    /// <param name="scaledToRms">Scales the recording to this rms current; null leaves it.</param>
    public RecordedLoad(Recording recording, double hertz, double? scaledToRms = null)
    {
        _amps = recording.Amps;
        _perCycle = recording.RateHz / hertz;
        _cycles = (int)(_amps.Length / _perCycle);
        if (_cycles < 1) throw new ArgumentException("A recording has at least one whole cycle.", nameof(recording));
        int used = Math.Min((int)Math.Round(_cycles * _perCycle), _amps.Length);
        double rms = Math.Sqrt(_amps.Take(used).Average(a => a * a));
        _scale = scaledToRms is { } wanted && rms > 0 ? wanted / rms : 1;
        RmsAmps = rms * _scale;
        _shift = recording.PhaseOfFirstSample(hertz) / (2 * Math.PI);
        SinPhi = Math.Abs(Math.Sin(recording.LagRadians(hertz)));
    }

    public override double RmsAmps { get; }

    public override double SinPhi { get; }

    // Only a single cycle is sure to come again.
    public override bool IsPeriodic => _cycles == 1;

    /// <summary>Cycles before the recording begins anew.</summary>
    public int Cycles => _cycles;

    public override double Step(in MainsPoint supply, double step)
    {
        double cycles = (supply.Phase / (2 * Math.PI)) - _shift;
        double at = (cycles - (Math.Floor(cycles / _cycles) * _cycles)) * _perCycle;
        int k = Math.Min((int)at, _amps.Length - 1);
        double next = k + 1 < _amps.Length ? _amps[k + 1] : _amps[0];
        return _scale * (_amps[k] + ((next - _amps[k]) * (at - k)));
    }
}
