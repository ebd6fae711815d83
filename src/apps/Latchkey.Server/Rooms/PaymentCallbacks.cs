using Latchkey.Parks.TopUps;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Providers;
using Latchkey.Payments.WeChatPay;
using Latchkey.Server.Api;

namespace Latchkey.Server.Rooms;

/// <summary>Lets the payment desk judge a notification; what it paid goes on at once.</summary>
internal sealed class PaymentCallbacks(PaymentDesk payments, TopUpDesk topUps) : IPaymentCallbacks
{
    public async ValueTask<CallbackReply> TakeAsync(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        NotificationOutcome outcome = await payments.HandleNotificationAsync(WeChatPayProvider.ProviderName, new NotificationRequest(headers, body), cancellationToken);
        if (outcome.Event is PaymentEvent.Paid paid && Guid.TryParseExact(paid.Payment.Intent.OutTradeNo.ToString(), "N", out Guid topUp))
            await topUps.AdvanceAsync(topUp, cancellationToken);
        string? refusal = outcome.Event is PaymentEvent.Rejected rejected ? rejected.Code : outcome.Event is PaymentEvent.Unavailable unavailable ? unavailable.Code : null;
        return new CallbackReply(outcome.Reply.StatusCode, outcome.Reply.StatusCode < StatusCodes.Status400BadRequest ? null : refusal ?? "notification-refused");
    }
}
