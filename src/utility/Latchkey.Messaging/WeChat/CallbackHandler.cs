using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;

namespace Latchkey.Messaging.WeChat;

/// <summary>Acts on what WeChat tells us: what became of a message, and who agreed to be told.</summary>
public sealed class CallbackHandler(CallbackReader reader, Messenger messenger, IConsentStore consents)
{
    /// <summary>Reads a callback and acts on it. Answer <c>success</c> when Genuine, otherwise a 4xx status.</summary>
    public async Task<CallbackVerdict> HandleAsync(Func<string, string> query, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        CallbackVerdict verdict = reader.Read(query, body, out IReadOnlyList<CallbackEvent> events);
        foreach (CallbackEvent told in events)
        {
            if (told is CallbackEvent.TemplateFinished finished)
            {
                string code = finished.Arrived ? MessageCodes.Accepted : MessageCodes.NotFollower;
                await messenger.ReportAsync(ChannelKind.ServiceTemplate, finished.MessageId, finished.Arrived, code, cancellationToken).ConfigureAwait(false);
            }
            else if (told is CallbackEvent.Subscription subscription)
            {
                await ApplyAsync(subscription, cancellationToken).ConfigureAwait(false);
            }
        }

        return verdict;
    }

    private async Task ApplyAsync(CallbackEvent.Subscription told, CancellationToken cancellationToken)
    {
        if (told.Accepted) await consents.AddAsync(told.OpenId, told.TemplateId, told.EventKey, cancellationToken).ConfigureAwait(false);
        else await consents.ClearAsync(told.OpenId, told.TemplateId, cancellationToken).ConfigureAwait(false);
    }
}
