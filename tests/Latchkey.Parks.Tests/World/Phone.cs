using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Notices;

namespace Latchkey.Parks.Tests;

/// <summary>The tenants' phones: what they show. A message sent again under its id within ten minutes is shown once, as the real service does.</summary>
internal sealed class Phone(CrashPlan plan) : IMessageChannel
{
    private readonly Dictionary<string, Notice> _shown = new(StringComparer.Ordinal);

    public ChannelKind Kind => ChannelKind.ServiceTemplate;

    public IReadOnlyCollection<Notice> Shown => _shown.Values;

    public int Sendings { get; private set; }

    public IEnumerable<Notice> OfKind(NoticeKind kind) => _shown.Values.Where(n => n.Kind == kind);

    public bool DropsRepeats(TimeSpan sinceFirst) => sinceFirst < TimeSpan.FromMinutes(10);

    public bool CanCarry(Notice notice) => notice.To.ServiceOpenId is not null;

    public Task<ChannelResult> SendAsync(Notice notice, CancellationToken cancellationToken) => plan.AroundAsync("phone", () =>
    {
        Sendings++;
        _shown.TryAdd(notice.NoticeId, notice);
        return Task.FromResult(new ChannelResult(SendVerdict.Accepted, "accepted", notice.Text.Chinese));
    });
}
