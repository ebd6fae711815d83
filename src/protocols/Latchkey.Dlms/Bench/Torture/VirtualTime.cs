namespace Latchkey.Dlms.Bench.Torture;

/// <summary>A clock that goes only when it is told to.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private long _ms;

    public long NowMs => _ms;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => _ms;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(_ms);

    public void AdvanceTo(long ms) => _ms = Math.Max(_ms, ms);
}
