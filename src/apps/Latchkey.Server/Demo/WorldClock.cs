namespace Latchkey.Server.Demo;

/// <summary>The one clock of a virtual park. It can stand still and be moved by hand, or run at a multiple of real time; it never goes back.</summary>
public sealed class WorldClock : TimeProvider
{
    private readonly TimeProvider _real;
    private readonly Lock _gate = new();
    private DateTimeOffset _worldBase;
    private long _realBase;
    private double _speed;

    /// <param name="start">The instant the world begins at.</param>
    /// <param name="speed">World seconds per real second; 0 stands still until <see cref="AdvanceTo"/>.</param>
    /// <param name="real">The clock behind it.</param>
    public WorldClock(DateTimeOffset start, double speed, TimeProvider real)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(speed);
        _real = real;
        _worldBase = start.ToUniversalTime();
        _realBase = real.GetTimestamp();
        _speed = speed;
    }

    /// <summary>World seconds per real second. Changing it leaves the present instant where it is.</summary>
    public double Speed
    {
        get
        {
            lock (_gate) return _speed;
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_gate)
            {
                Rebase(Now());
                _speed = value;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return Now();
    }

    /// <summary>Moves the world forward to an instant; an instant in the past changes nothing.</summary>
    public void AdvanceTo(DateTimeOffset instant)
    {
        lock (_gate)
        {
            if (instant > Now()) Rebase(instant.ToUniversalTime());
        }
    }

    /// <summary>Moves the world forward.</summary>
    public void Advance(TimeSpan span) => AdvanceTo(GetUtcNow() + span);

    private DateTimeOffset Now() => _speed == 0 ? _worldBase : _worldBase + (_real.GetElapsedTime(_realBase) * _speed);

    private void Rebase(DateTimeOffset instant)
    {
        _worldBase = instant;
        _realBase = _real.GetTimestamp();
    }
}
