namespace Latchkey.HeadEnd.Deliveries;

/// <summary>When to try again. Loss on weak links comes in spells of minutes, so spacing helps where repeating at once does not.</summary>
/// <remarks>The jitter is a hash of seed, delivery and attempt: a run repeats exactly, and meters that failed together do not retry together.</remarks>
public sealed class RetrySpacing(ulong seed)
{
    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(2);
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    /// <summary>How long to wait for an answer to a datagram: the time-out doubled for each one before, times 1 to 1.5.</summary>
    public TimeSpan AnswerTimeout(ExchangeTiming timing, Guid delivery, int exchange, int transmission)
    {
        TimeSpan doubled = timing.AckTimeout * (1 << Math.Min(transmission - 1, 10));
        return Spread(doubled, from: 1_000, to: 1_500, delivery, (exchange << 8) | transmission);
    }

    /// <summary>The pause after a failed exchange: doubled for each failure up to two hours, and a day once the delivery is a day old; times 0.5 to 1.5.</summary>
    public TimeSpan Gap(ExchangeTiming timing, Guid delivery, int failures, TimeSpan age)
    {
        TimeSpan gap = age >= Daily ? Daily : Shorter(LongestGap, timing.FirstGap * (1 << Math.Clamp(failures - 1, 0, 10)));
        return Spread(gap, from: 500, to: 1_500, delivery, failures);
    }

    private TimeSpan Spread(TimeSpan nominal, int from, int to, Guid delivery, int salt)
    {
        int permille = from + (int)(Mix(delivery, salt) % (ulong)(to - from + 1));
        return new TimeSpan(nominal.Ticks / 1_000 * permille);
    }

    // SplitMix64: a fair spread is all that is asked of it.
    private ulong Mix(Guid delivery, int salt)
    {
        unchecked
        {
            Span<byte> bytes = stackalloc byte[16];
            delivery.TryWriteBytes(bytes);
            ulong z = seed ^ BitConverter.ToUInt64(bytes) ^ (BitConverter.ToUInt64(bytes[8..]) * 31) ^ ((ulong)(uint)salt * 0x9E3779B97F4A7C15);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
