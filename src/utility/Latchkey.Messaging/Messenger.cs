using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Policy;
using Microsoft.Extensions.Logging;

namespace Latchkey.Messaging;

/// <summary>
/// Tells people things: once per notice id, by the first channel that carries it, not in quiet hours unless it is urgent, within quotas.
/// Everything is written down before and after, so that a crash neither loses a message nor repeats one that must not be repeated.
/// </summary>
public sealed partial class Messenger
{
    private readonly IReadOnlyList<IMessageChannel> _channels;
    private readonly IMessageLog _log;
    private readonly MessagingPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ILogger<Messenger> _logger;
    private readonly ChannelGates _gates = new();

    /// <param name="channels">In the order in which they are tried.</param>
    /// <param name="log">Where messages are kept.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Notice ids, channels and codes go there; no texts, no addresses.</param>
    public Messenger(
        IReadOnlyList<IMessageChannel> channels, IMessageLog log, MessagingPolicy policy, TimeProvider time, ILogger<Messenger> logger)
    {
        _channels = channels;
        _log = log;
        _policy = policy;
        _time = time;
        _logger = logger;
    }

    /// <summary>Writes the notice down and tries to send it at once. The same notice id again changes nothing and gives the stored message.</summary>
    /// <exception cref="ArgumentException">The notice id is empty or too long.</exception>
    public async Task<MessageRecord> SendAsync(Notice notice, CancellationToken cancellationToken)
    {
        if (notice.NoticeId.Length is 0 or > Notice.MaxIdLength) throw new ArgumentException(MessageCodes.NoticeIdLength, nameof(notice));
        var fresh = new MessageRecord { Notice = notice, State = MessageState.Queued, NextAt = _time.GetUtcNow() };
        bool added = await _log.AddAsync(fresh, cancellationToken).ConfigureAwait(false);
        if (added) await ProcessAsync(fresh, cancellationToken).ConfigureAwait(false);
        return await _log.FindAsync(notice.NoticeId, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException("A message that was written down is gone.");
    }

    /// <summary>Sends what is due, at most <paramref name="limit"/> messages; returns how many were looked at.</summary>
    public async Task<int> PumpAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        IReadOnlyList<MessageRecord> due = await _log.DueAsync(_time.GetUtcNow(), limit, cancellationToken).ConfigureAwait(false);
        foreach (MessageRecord message in due) await ProcessAsync(message, cancellationToken).ConfigureAwait(false);
        return due.Count;
    }

    /// <summary>A provider reports what became of a message. Total: a report that fits nothing changes nothing.</summary>
    public async Task<bool> ReportAsync(ChannelKind channel, string providerMessageId, bool arrived, string code, CancellationToken cancellationToken)
    {
        MessageRecord? message = await _log.FindByProviderIdAsync(channel, providerMessageId, cancellationToken).ConfigureAwait(false);
        if (message is not { State: MessageState.Sent }) return false;

        // A reader who blocked the account is told by the next channel; the message did not arrive, so this is no repeat.
        MessageRecord changed = arrived
            ? message with { State = MessageState.Confirmed, LastCode = MessageCodes.Accepted }
            : message.WithRuledOut(channel) with { State = MessageState.Queued, NextAt = _time.GetUtcNow(), LastCode = code, SentAt = null };
        return await _log.SaveAsync(changed, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task ProcessAsync(MessageRecord message, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (message.State == MessageState.Sending && !MayRepeat(message, now))
        {
            await EndAsync(message, MessageState.Sent, MessageCodes.OutcomeUnknown, now, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (now >= message.Notice.ExpiresAt)
        {
            await EndAsync(message, MessageState.Expired, MessageCodes.TooLate, now, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await FindHoldAsync(message, now, cancellationToken).ConfigureAwait(false) is { } hold)
        {
            MessageRecord held = message with { State = MessageState.Queued, NextAt = hold.Until, LastCode = hold.Code };
            await _log.SaveAsync(held, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        await SendByFirstChannelAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Found as Sending, or with an unknown outcome: may it go out again?</summary>
    private bool MayRepeat(MessageRecord message, DateTimeOffset now)
    {
        if (!NoticeTraits.Of(message.Notice.Kind).AtMostOnce) return true;
        IMessageChannel? used = _channels.FirstOrDefault(c => c.Kind == message.Channel);
        return used is not null && message.SentAt is { } first && used.DropsRepeats(now - first);
    }

    private async Task<(DateTimeOffset Until, string Code)?> FindHoldAsync(MessageRecord message, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (NoticeTraits.Of(message.Notice.Kind).IsUrgent) return null;
        if (_policy.QuietHours.EndOf(now) is { } morning) return (morning, MessageCodes.QuietHours);
        int sent = await _log.CountSentAsync(null, message.Notice.To.Id, now.AddDays(-1), cancellationToken).ConfigureAwait(false);
        return sent >= _policy.MaxPerReaderPerDay ? (now.AddHours(1), MessageCodes.QuotaSpent) : null;
    }

    private async Task SendByFirstChannelAsync(MessageRecord message, CancellationToken cancellationToken)
    {
        MessageRecord current = message;
        foreach (IMessageChannel channel in _channels)
        {
            if (current.IsRuledOut(channel.Kind) || !channel.CanCarry(current.Notice)) continue;
            DateTimeOffset now = _time.GetUtcNow();
            if (_gates.IsClosed(channel.Kind, now)) continue;
            if (await IsChannelSpentAsync(channel.Kind, now, cancellationToken).ConfigureAwait(false)) continue;

            if (await TryChannelAsync(channel, current, cancellationToken).ConfigureAwait(false) is not { } next) return;
            current = next;
        }

        await GiveUpOrWaitAsync(current, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> IsChannelSpentAsync(ChannelKind channel, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _log.CountSentAsync(channel, null, now.AddDays(-1), cancellationToken).ConfigureAwait(false) >= _policy.MaxPerChannelPerDay;

    /// <summary>Sends on one channel. Null: settled for now. Otherwise the message as it goes on to the next channel.</summary>
    private async Task<MessageRecord?> TryChannelAsync(IMessageChannel channel, MessageRecord message, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        MessageRecord sending = message with
        {
            State = MessageState.Sending,
            Channel = channel.Kind,
            AttemptsOnChannel = message.Channel == channel.Kind ? message.AttemptsOnChannel + 1 : 1,
            Attempts = message.Attempts + 1,
            SentAt = message.Channel == channel.Kind ? message.SentAt ?? now : now,
            NextAt = now + _policy.SendingLease,
        };

        // Whoever saves this first sends; the other one finds the version changed and leaves it alone.
        if (!await _log.SaveAsync(sending, null, cancellationToken).ConfigureAwait(false)) return null;
        sending = sending with { Version = sending.Version + 1 };

        ChannelResult result = await channel.SendAsync(sending.Notice, cancellationToken).ConfigureAwait(false);
        LogAttempt(sending.Notice.NoticeId, channel.Kind, result.Verdict, result.Code);
        if (result.OpensAt is { } opens) _gates.CloseUntil(channel.Kind, opens);

        if (result.Verdict == SendVerdict.Misconfigured) LogMisconfigured(channel.Kind, result.Code, result.Detail ?? string.Empty);
        MessageRecord after = AfterSending(sending, channel, result, _time.GetUtcNow());
        var attempt = new MessageAttempt(
            sending.Notice.NoticeId, sending.Attempts, channel.Kind, now, result.Verdict, result.Code, result.Detail);
        bool saved = await _log.SaveAsync(after, attempt, cancellationToken).ConfigureAwait(false);

        // What goes on to the next channel is due at once, so that it also goes on after a crash right here.
        bool goesOn = saved && after.State == MessageState.Queued && after.NextAt <= _time.GetUtcNow();
        return goesOn ? after with { Version = after.Version + 1 } : null;
    }

    /// <summary>The message after one sending. Queued and due at once means: on to the next channel.</summary>
    private MessageRecord AfterSending(MessageRecord sending, IMessageChannel channel, ChannelResult result, DateTimeOffset now)
    {
        MessageRecord told = sending with { LastCode = result.Code, Shown = result.Shown ?? sending.Shown };
        MessageRecord elsewhere = told.WithRuledOut(channel.Kind) with { State = MessageState.Queued, NextAt = now, SentAt = null };
        switch (result.Verdict)
        {
            case SendVerdict.Accepted:
                return told with { State = MessageState.Sent, SentAt = now, NextAt = null, ProviderMessageId = result.ProviderMessageId };
            case SendVerdict.Unknown when !MayRepeat(told, now):
                return told with { State = MessageState.Sent, SentAt = now, NextAt = null, LastCode = MessageCodes.OutcomeUnknown };
            case SendVerdict.Unknown or SendVerdict.TryLater when sending.AttemptsOnChannel <= _policy.RetryWaits.Count:
                return told with
                {
                    State = MessageState.Queued,
                    NextAt = now + _policy.RetryWaits[sending.AttemptsOnChannel - 1],
                    SentAt = result.Verdict == SendVerdict.Unknown ? told.SentAt : null,
                };

            // A closed channel opens again: it is passed over, not ruled out.
            case SendVerdict.ChannelClosed:
                return told with { State = MessageState.Queued, NextAt = now, SentAt = null };
            default:
                return elsewhere;
        }
    }

    private async Task GiveUpOrWaitAsync(MessageRecord message, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        IMessageChannel[] left = [.. _channels.Where(c => !message.IsRuledOut(c.Kind) && c.CanCarry(message.Notice))];
        if (left.Length == 0)
        {
            await EndAsync(message, MessageState.Undeliverable, message.LastCode ?? MessageCodes.NoChannel, null, cancellationToken).ConfigureAwait(false);
            return;
        }

        DateTimeOffset opens = left.Min(c => _gates.OpensAt(c.Kind, now) ?? now.AddHours(1));
        MessageRecord waiting = message with { State = MessageState.Queued, NextAt = opens, LastCode = message.LastCode ?? MessageCodes.QuotaSpent };
        await _log.SaveAsync(waiting, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task EndAsync(MessageRecord message, MessageState state, string code, DateTimeOffset? sentAt, CancellationToken cancellationToken)
    {
        MessageRecord ended = message with { State = state, LastCode = code, NextAt = null, SentAt = state == MessageState.Sent ? message.SentAt ?? sentAt : null };
        await _log.SaveAsync(ended, null, cancellationToken).ConfigureAwait(false);
        LogEnded(message.Notice.NoticeId, state, code);
    }

    [LoggerMessage(5201, LogLevel.Information, "Message {NoticeId} by {Channel}: {Verdict}, {Code}")]
    private partial void LogAttempt(string noticeId, ChannelKind channel, SendVerdict verdict, string code);

    [LoggerMessage(5203, LogLevel.Error, "{Channel} is set up wrongly: {Code} {Detail}")]
    private partial void LogMisconfigured(ChannelKind channel, string code, string detail);

    [LoggerMessage(5202, LogLevel.Warning, "Message {NoticeId} ends as {State}: {Code}")]
    private partial void LogEnded(string noticeId, MessageState state, string code);
}
