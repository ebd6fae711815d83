namespace Latchkey.Metrology;

/// <summary>Decides where frames end: at the 50th rising voltage zero below 55 Hz, at the 60th above, or by time without voltage.</summary>
internal struct FrameClock
{
    /// <summary>A period at 55 Hz, samples × 65536.</summary>
    private const long Period55Q16 = ((long)RawSample.RateHz << 16) / 55;

    /// <summary>A frame without crossings is cut after this many samples.</summary>
    public const int TimeoutSamples = 12_000;

    private const long ShortestPeriodQ16 = ((long)RawSample.RateHz << 16) / 70;
    private const long LongestPeriodQ16 = ((long)RawSample.RateHz << 16) / 40;

    private long _startQ16;
    private int _cycles;
    private bool _running;

    /// <summary>Cycles of the frame that has just ended; 0 when it was cut.</summary>
    public int EndedCycles { get; private set; }

    /// <summary>Span of the frame that has just ended, samples × 65536.</summary>
    public long EndedSpanQ16 { get; private set; }

    /// <summary>The crossing at which it began, samples × 65536.</summary>
    public long EndedStartQ16 { get; private set; }

    /// <summary>Takes a crossing at <paramref name="atQ16"/>; true when the frame ends here.</summary>
    /// <param name="atQ16">Instant, samples × 65536.</param>
    /// <param name="held">True while the foreground has not taken the frame before: this one then grows by whole cycles.</param>
    [RealTime]
    public bool OnCrossing(long atQ16, bool held)
    {
        unchecked
        {
            if (!_running)
            {
                // The piece before the first crossing is a frame of its own, unless the one before still waits.
                if (held) return false;
                _running = true;
                return EndAt(atQ16, 0, 0);
            }

            _cycles++;
            long span = atQ16 - _startQ16;
            if (held || _cycles < 50 || (_cycles < 60 && span < 50 * Period55Q16)) return false;

            bool plausible = span > _cycles * ShortestPeriodQ16 && span < _cycles * LongestPeriodQ16;
            return EndAt(atQ16, plausible ? _cycles : 0, plausible ? span : 0);
        }
    }

    /// <summary>Forgets the crossings: the running frame is cut by time.</summary>
    [RealTime]
    public void Restart()
    {
        _running = false;
        EndAt(0, 0, 0);
    }

    [RealTime]
    private bool EndAt(long atQ16, int cycles, long spanQ16)
    {
        EndedCycles = cycles;
        EndedSpanQ16 = spanQ16;
        EndedStartQ16 = _startQ16;
        _startQ16 = atQ16;
        _cycles = 0;
        return true;
    }
}
