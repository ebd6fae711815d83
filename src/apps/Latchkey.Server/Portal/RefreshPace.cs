namespace Latchkey.Server.Portal;

/// <summary>The clock that paces the screen. In the demo the platform lives in virtual time; a reader's eyes do not.</summary>
public sealed class RefreshPace(TimeProvider clock)
{
    public PeriodicTimer Every(TimeSpan period) => new(period, clock);
}
