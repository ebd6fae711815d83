using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>Spans in which nothing happens: once a cycle has come out as the one before, it is played again instead of computed again.</summary>
/// <remarks>
/// Any change (load, supply, contacts) ends the repetition at that microsecond; a load with a memory is then brought to the instant reached.
/// Only where a cycle is a whole number of samples, as at 50 Hz.
/// </remarks>
public sealed partial class PowerCircuit
{
    private const double SettledAmps = 0.5e-3; // a quarter of the converter's noise
    private const double SettledVolts = 1e-3;
    private readonly CleanSample[] _cycle = new CleanSample[RawSample.RateHz / 40];
    private int _cycleLength;
    private int _recorded;
    private readonly bool _mayRepeat;
    private bool _repeats;

    /// <summary>One instant before the converter's noise.</summary>
    private readonly record struct CleanSample(double Volts, double Amps, double LoadVolts, CleanCounts Counts);

    // Whole samples in a cycle, or 0.
    private int CycleLength()
    {
        double samples = RawSample.RateHz / Mains.Hertz;
        return Math.Abs(samples - Math.Round(samples)) < 1e-9 && samples <= _cycle.Length ? (int)Math.Round(samples) : 0;
    }

    /// <summary>Called before anything changes that the waveform depends on.</summary>
    private void Unsettle()
    {
        CatchUp();
        _repeats = false;
        _recorded = 0;
    }

    // The load's own state stands where the repetition began; whole cycles later it is the same.
    private void CatchUp()
    {
        if (!_repeats || _steppedUs >= NowUs) return;
        long behind = NowUs - _steppedUs;
        if (!Conducts) Load.Rest(behind * 1e-6);
        else if (Load.NeedsFineSteps) _steppedUs = NowUs - (behind % ((long)_cycleLength * RawSample.PeriodUs));
        if (!Conducts || !Load.NeedsFineSteps) _steppedUs = NowUs;
        StepTo(NowUs);
    }

    // Keeps the newest cycle; it repeats once every sample of it has come out as one cycle before.
    private void Record(in CleanSample sample)
    {
        if (!_mayRepeat || !Load.IsPeriodic || _arc is not null || _contacts == Contacts.Flying)
        {
            _recorded = 0;
            return;
        }

        if (_recorded == 0) _cycleLength = CycleLength();
        if (_cycleLength == 0) return;
        int slot = (int)(NowUs / RawSample.PeriodUs % _cycleLength);
        CleanSample before = _cycle[slot];
        _cycle[slot] = sample;
        bool same = Math.Abs(before.Amps - sample.Amps) < SettledAmps && Math.Abs(before.Volts - sample.Volts) < SettledVolts
            && Math.Abs(before.LoadVolts - sample.LoadVolts) < SettledVolts;
        _recorded = _recorded < _cycleLength || same ? _recorded + 1 : _cycleLength;
        _repeats = _recorded >= 2 * _cycleLength;
    }

    // Plays the cycle until the sample before something happens.
    private void Repeat(long end, ISampleSink sink)
    {
        long until = _agenda.TryPeek(out _, out (long TimeUs, long Order) due) ? Math.Min(end, due.TimeUs - 1) : end;
        long order = _order;
        int slot = (int)(_nextSampleUs / RawSample.PeriodUs % _cycleLength);
        while (_repeats && _nextSampleUs <= until && _order == order)
        {
            NowUs = _nextSampleUs;
            _nextSampleUs += RawSample.PeriodUs;
            _amps = _cycle[slot].Amps;
            sink.OnSample(_frontEnd.WithNoise(_cycle[slot].Counts), NowUs);
            slot = slot + 1 == _cycleLength ? 0 : slot + 1;
        }
    }
}
