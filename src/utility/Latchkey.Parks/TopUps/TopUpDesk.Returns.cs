using System.Diagnostics;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Vending;

namespace Latchkey.Parks.TopUps;

/// <summary>Money back to the payer's own means: what could not be sold goes back by itself, everything else when two people gave it back.</summary>
/// <remarks>
/// Each return has one number at the payment service, made from the top-up and from how often people gave it back. A number whose outcome is not known is
/// asked about, and asked for again, under that very number; another one is taken only where the service has closed the one before without paying.
/// </remarks>
public sealed partial class TopUpDesk : IPayerMoney
{
    public PlaceOrder? FindPaid(Guid orderId) => _store.FindTopUp(orderId) is { PaidAt: not null } topUp
        ? new PlaceOrder(topUp.Id, topUp.Pan, topUp.Amount, _options.SalesChannel, OutTradeNo.FromOrder(topUp.Id).Value)
        : null;

    public async Task<(string Code, string Detail)?> RefusalOfReturnAsync(Guid orderId, CancellationToken cancellationToken)
    {
        if (_store.FindTopUp(orderId) is not { PaidAt: not null } topUp) return (Payments.PaymentCodes.NotPaid, "Nobody has paid this.");
        if (topUp.State == TopUpState.Credited) return (VendingCodes.TokenUsed, "The meter has the credit.");
        (_, Refund? refund) = await NewestReturnAsync(topUp, cancellationToken).ConfigureAwait(false);
        return refund?.State switch
        {
            null or RefundState.Closed => null,
            RefundState.Succeeded => (VendingCodes.MoneyIsBack, "The payer has the money."),
            _ => (VendingCodes.RefundUnderWay, "The payment service was asked to pay it back and has not said the last word; wait for it."),
        };
    }

    public Task ReturnAsync(Guid orderId, CancellationToken cancellationToken) => AdvanceOrPostponeAsync(orderId, cancellationToken);

    /// <summary>Where the money of a top-up stands on its way back; null where nothing was asked of the payment service.</summary>
    public async Task<Refund?> FindReturnAsync(Guid topUpId, CancellationToken cancellationToken) =>
        _store.FindTopUp(topUpId) is { PaidAt: not null } topUp ? (await NewestReturnAsync(topUp, cancellationToken).ConfigureAwait(false)).Refund : null;

    /// <summary>Two people gave the money back, and there is no token any more that the meter could take.</summary>
    private bool IsTakenBack(TopUp topUp) =>
        topUp.State is TopUpState.Paid or TopUpState.Issued or TopUpState.Delivering or TopUpState.RejectedByMeter
        && _returns.Granted(topUp.Id) > 0
        && _orders.Find(topUp.Id) is not { HasToken: true };

    private async Task<TopUp> SendBackAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        (OutTradeNo number, Refund? refund) = await NewestReturnAsync(topUp, cancellationToken).ConfigureAwait(false);
        if (refund is { State: RefundState.Closed }) return WaitingForPeople(topUp, ParkCodes.RefundClosed);
        var request = new RefundRequest(OutTradeNo.FromOrder(topUp.Id), number, topUp.Amount, "The purchase could not be completed");
        RefundOutcome outcome = await _payments.RefundAsync(request, cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            RefundOutcome.Taken { Refund.State: RefundState.Closed } => WaitingForPeople(topUp, ParkCodes.RefundClosed),
            RefundOutcome.Taken { Refund.State: RefundState.Abnormal } => Waiting(topUp with { Code = ParkCodes.RefundAbnormal }, SlowPoll),
            RefundOutcome.Taken => topUp with { State = TopUpState.Refunded, EndedAt = _time.GetUtcNow(), DueAt = _time.GetUtcNow() },
            RefundOutcome.Unavailable unavailable => Postponed(topUp, unavailable.Code),
            RefundOutcome.Refused refused => Postponed(topUp, refused.Code), // for a person to look at; the money is owed until it is back
            var other => throw new UnreachableException(other.GetType().Name),
        };
    }

    /// <summary>What the service took may come back all the same: the payer's bank does not take it, or the service closes it.</summary>
    private async Task<TopUp> LookAtRefundAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        (_, Refund? refund) = await NewestReturnAsync(topUp, cancellationToken).ConfigureAwait(false);
        return refund?.State switch
        {
            RefundState.Closed => WaitingForPeople(topUp with { State = TopUpState.RefundDue }, ParkCodes.RefundClosed),
            RefundState.Abnormal => topUp with { State = TopUpState.RefundDue, Code = ParkCodes.RefundAbnormal, DueAt = _time.GetUtcNow() + SlowPoll },
            _ => topUp,
        };
    }

    /// <summary>The number under which the money goes back now, with what became of it so far. Where an earlier one is not closed it is that one.</summary>
    private async Task<(OutTradeNo Number, Refund? Refund)> NewestReturnAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        int granted = _returns.Granted(topUp.Id);
        OutTradeNo newest = NumberOf(topUp.Id, granted);
        Refund? ofNewest = await _payments.FindRefundAsync(newest, cancellationToken).ConfigureAwait(false);
        for (int attempt = granted - 1; attempt >= 0 && ofNewest is null; attempt--)
        {
            OutTradeNo number = NumberOf(topUp.Id, attempt);
            if (await _payments.FindRefundAsync(number, cancellationToken).ConfigureAwait(false) is { State: not RefundState.Closed } open) return (number, open);
        }

        return (newest, ofNewest);
    }

    /// <summary>The payment's own number for what goes back by itself, and one more for each time that people gave it back.</summary>
    private static OutTradeNo NumberOf(Guid topUpId, int granted) => OutTradeNo.FromOrder(granted == 0 ? topUpId : MoneyBackDesk.EntryOf(topUpId, granted));

    /// <summary>Nothing moves until two people have looked and given it back again.</summary>
    private static TopUp WaitingForPeople(TopUp topUp, string code) => topUp with { Code = code, DueAt = null };
}
