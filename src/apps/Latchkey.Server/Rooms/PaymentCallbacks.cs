using Latchkey.Payments.Desk;
using Latchkey.Payments.Providers;
using Latchkey.Server.Api;
using Latchkey.Server.Platform;

namespace Latchkey.Server.Rooms;

/// <summary>Lets the payment desk judge a notification; what it paid goes on at once.</summary>
internal sealed class PaymentCallbacks(LatchkeyPlatform platform) : IPaymentCallbacks
{
    public async ValueTask<CallbackReply> TakeAsync(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        NotificationOutcome outcome = await platform.TakeWeChatPayNotificationAsync(new NotificationRequest(headers, body), cancellationToken);
        string? refusal = outcome.Event is PaymentEvent.Rejected rejected ? rejected.Code : outcome.Event is PaymentEvent.Unavailable unavailable ? unavailable.Code : null;
        return new CallbackReply(outcome.Reply.StatusCode, outcome.Reply.StatusCode < StatusCodes.Status400BadRequest ? null : refusal ?? "notification-refused");
    }
}
