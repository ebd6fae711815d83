namespace Latchkey.HeadEnd.Tests;

/// <summary>A radio link that is lost in spells: the two-state model of Gilbert and Elliott, in continuous time, from a seed.</summary>
/// <param name="meanLoss">Share of datagrams lost in the long run, in percent.</param>
/// <param name="seed">Of this link.</param>
/// <remarks>In a bad spell 95 % are lost, in a good one 2 %; bad spells last ten minutes on average. Sampled link by link and way by way.</remarks>
internal sealed class BurstyLink(int meanLoss, ulong seed)
{
    private const double LossInBad = 0.95;
    private const double LossInGood = 0.02;
    private static readonly double MeanBadSeconds = TimeSpan.FromMinutes(10).TotalSeconds;
    private readonly double _shareBad = ((meanLoss / 100.0) - LossInGood) / (LossInBad - LossInGood);
    private ulong _state = seed;
    private DateTimeOffset _spellEnds;
    private bool _bad;
    private bool _started;

    /// <summary>Whether a datagram sent now is lost. Time must not run backwards.</summary>
    public bool Loses(DateTimeOffset now)
    {
        if (!_started)
        {
            (_started, _bad) = (true, Draw() < _shareBad);
            _spellEnds = now + Spell();
        }

        while (now >= _spellEnds)
        {
            _bad = !_bad;
            _spellEnds += Spell();
        }

        return Draw() < (_bad ? LossInBad : LossInGood);
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Draw()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }

    private TimeSpan Spell()
    {
        double mean = _bad ? MeanBadSeconds : MeanBadSeconds * (1 - _shareBad) / _shareBad;
        return TimeSpan.FromSeconds(-mean * Math.Log(1 - Draw()));
    }
}
