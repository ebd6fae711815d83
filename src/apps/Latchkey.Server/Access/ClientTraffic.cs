using System.Collections.Concurrent;
using Latchkey.Vending;

namespace Latchkey.Server.Access;

/// <summary>Counts each client's requests: a bucket that fills with the minute's rate and holds one minute's worth, and how many run at once.</summary>
internal sealed class ClientTraffic(TimeProvider time)
{
    private const long TicksPerMinute = TimeSpan.TicksPerMinute;
    private readonly ConcurrentDictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);

    /// <summary>Null when the request may run, and then <see cref="Leave"/> must follow; otherwise how long to wait.</summary>
    public (TimeSpan Wait, bool IsConcurrency)? TryEnter(ApiClient client)
    {
        Bucket bucket = _buckets.GetOrAdd(client.Name, static _ => new Bucket());
        lock (bucket)
        {
            if (bucket.Running >= client.Limits.Concurrent) return (TimeSpan.FromSeconds(1), true);
            long cost = TicksPerMinute / client.Limits.RequestsPerMinute, now = time.GetUtcNow().Ticks;

            // The bucket is kept as the time at which it will be full again; each request moves that on by its share of the minute.
            long full = Math.Max(bucket.FullAt, now);
            if (full + cost - now > TicksPerMinute) return (TimeSpan.FromTicks(full + cost - now - TicksPerMinute), false);
            bucket.FullAt = full + cost;
            bucket.Running++;
            return null;
        }
    }

    public void Leave(ApiClient client)
    {
        if (!_buckets.TryGetValue(client.Name, out Bucket? bucket)) return;
        lock (bucket) bucket.Running--;
    }

    private sealed class Bucket
    {
        public long FullAt { get; set; }

        public int Running { get; set; }
    }
}
