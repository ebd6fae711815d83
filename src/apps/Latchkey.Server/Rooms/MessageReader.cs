using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Parks.Store;
using Latchkey.Server.Portal.Messages;

namespace Latchkey.Server.Rooms;

/// <summary>The message log with the tenants' names.</summary>
internal sealed class MessageReader(IMessageLog log, IParkStore store) : IMessageView
{
    public async ValueTask<IReadOnlyList<MessageLine>> ListAsync(string? tenantId, int limit, CancellationToken cancellationToken)
    {
        // The log knows tenants by their id without dashes.
        string? recipient = tenantId is null ? null : Guid.TryParse(tenantId, out Guid id) ? id.ToString("N") : tenantId;
        IReadOnlyList<MessageRecord> records = await log.ListAsync(recipient, limit, cancellationToken);
        return [.. records.Select(Line)];
    }

    private MessageLine Line(MessageRecord record)
    {
        Notice notice = record.Notice;
        string name = Guid.TryParse(notice.To.Id, out Guid id) ? store.FindTenant(id)?.Name ?? notice.To.Id : notice.To.Id;
        return new MessageLine(
            notice.NoticeId, record.SentAt ?? notice.CreatedAt, notice.To.Id, name, CodeText.Of(notice.Kind), ChannelOf(record.Channel), notice.Text.Chinese, notice.Text.English,
            notice.Values.GetValueOrDefault(NoticeValues.Token), FateOf(record.State), record.State is MessageState.Undeliverable or MessageState.Expired ? record.LastCode : null);
    }

    private static string ChannelOf(ChannelKind? channel) => channel switch
    {
        ChannelKind.Sms => "sms",
        ChannelKind.Email => "email",
        _ => "wechat",
    };

    private static MessageFate FateOf(MessageState state) => state switch
    {
        MessageState.Sent or MessageState.Confirmed => MessageFate.Sent,
        MessageState.Undeliverable or MessageState.Expired => MessageFate.Failed,
        _ => MessageFate.Waiting,
    };
}
