using System.Collections.Concurrent;

namespace Latchkey.Messaging.Channels;

/// <summary>Which channels are closed until when. Kept in memory: after a restart one sending finds out again.</summary>
internal sealed class ChannelGates
{
    private readonly ConcurrentDictionary<ChannelKind, DateTimeOffset> _opensAt = new();

    public bool IsClosed(ChannelKind channel, DateTimeOffset now) => OpensAt(channel, now) is not null;

    /// <summary>When the channel opens, or null when it is open.</summary>
    public DateTimeOffset? OpensAt(ChannelKind channel, DateTimeOffset now) =>
        _opensAt.TryGetValue(channel, out DateTimeOffset opens) && opens > now ? opens : null;

    public void CloseUntil(ChannelKind channel, DateTimeOffset opens) =>
        _opensAt.AddOrUpdate(channel, opens, (_, known) => known > opens ? known : opens);
}
