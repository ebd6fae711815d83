using System.Diagnostics;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Quantities;
using Latchkey.Vending;

namespace Latchkey.Parks.TopUps;

/// <summary>The steps. Each gives the row as it is to be written; the same row when there is nothing to do.</summary>
public sealed partial class TopUpDesk
{
    private static readonly TimeSpan PaymentPoll = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProofPoll = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OrderPatience = TimeSpan.FromSeconds(3);

    /// <summary>Codes of Vending that somebody can cure while the tenant waits; any other means that it will never be sold.</summary>
    private static readonly string[] Curable =
    [
        VendingCodes.KeyStopped, VendingCodes.KeyMissing, VendingCodes.KeyNotActive, VendingCodes.CreditLimit, VendingCodes.InsufficientFunds,
        VendingCodes.TooManyTokens, VendingCodes.NoTariff, VendingCodes.BooksRefused,
    ];

    private async Task<TopUp> StepAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        TopUp moved = IsTakenBack(topUp) ? RefundDue(topUp, ParkCodes.MoneyBack) : topUp.State switch
        {
            TopUpState.Created => await AskForPaymentAsync(topUp, cancellationToken).ConfigureAwait(false),
            TopUpState.AwaitingPayment or TopUpState.PaymentEnded => await LookAtPaymentAsync(topUp, cancellationToken).ConfigureAwait(false),
            TopUpState.Paid => await PlaceOrderAsync(topUp, cancellationToken).ConfigureAwait(false),
            TopUpState.Issued => HandToHeadEnd(topUp),
            TopUpState.Delivering or TopUpState.RejectedByMeter => await LookAtProofAsync(topUp, cancellationToken).ConfigureAwait(false),
            TopUpState.RefundDue => await RefundAsync(topUp, cancellationToken).ConfigureAwait(false),
            TopUpState.Refunded => await LookAtRefundAsync(topUp, cancellationToken).ConfigureAwait(false),
            TopUpState.Credited => topUp,
            var other => throw new UnreachableException(other.ToString()),
        };

        // What moves comes before what is told: the light does not wait for the message about it.
        return moved.State != topUp.State ? moved with { Failures = 0 } : await TellAsync(moved, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TopUp> AskForPaymentAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        StartOutcome outcome = await _payments.StartAsync(topUp.Provider, IntentOf(topUp), cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            StartOutcome.Ready => topUp with { State = TopUpState.AwaitingPayment, Code = null, DueAt = _time.GetUtcNow() + PaymentPoll },
            StartOutcome.Ended => topUp with { State = TopUpState.AwaitingPayment, Code = null, DueAt = _time.GetUtcNow() },
            StartOutcome.Refused refused => PaymentEnded(topUp, refused.Code),
            StartOutcome.IdReused => PaymentEnded(topUp, Payments.PaymentCodes.IdReused),
            StartOutcome.Unavailable unavailable => Postponed(topUp, unavailable.Code),
            var other => throw new UnreachableException(other.GetType().Name),
        };
    }

    private async Task<TopUp> LookAtPaymentAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        Payment? payment = await _payments.FindAsync(OutTradeNo.FromOrder(topUp.Id), cancellationToken).ConfigureAwait(false);
        return payment?.State switch
        {
            PaymentState.Paid => topUp with { State = TopUpState.Paid, PaidAt = payment.PaidAt ?? _time.GetUtcNow(), EndedAt = null, Code = null, DueAt = _time.GetUtcNow() },
            PaymentState.Refunded => topUp with { State = TopUpState.Refunded, PaidAt = payment.PaidAt, EndedAt = _time.GetUtcNow(), DueAt = null },
            PaymentState.Failed or PaymentState.Expired when topUp.State == TopUpState.AwaitingPayment => PaymentEnded(topUp, payment.FailureCode),
            _ => topUp.State == TopUpState.AwaitingPayment ? WaitingForPayment(topUp) : WaitingForLateMoney(topUp),
        };
    }

    private async Task<TopUp> PlaceOrderAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        Payment payment = await _payments.FindAsync(OutTradeNo.FromOrder(topUp.Id), cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"The payment of top-up {topUp.Id:N} is gone.");
        var order = new PlaceOrder(topUp.Id, topUp.Pan, topUp.Amount, _options.SalesChannel, payment.TransactionId);
        OrderOutcome outcome;
        try
        {
            outcome = await _orders.PlaceAsync(order, cancellationToken).WaitAsync(OrderPatience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A maker's token service takes its time: the order goes on, and the other top-ups do not wait for it.
            return Postponed(topUp, VendingCodes.Busy);
        }

        switch (outcome)
        {
            case OrderOutcome.Issued:
                // Before anybody can see the digits: from here on the order can no longer be called back.
                await _orders.MarkDeliveredAsync(topUp.Id, cancellationToken).ConfigureAwait(false);
                return IssuedFrom(topUp, _orders.Find(topUp.Id) ?? throw new InvalidOperationException("An order that was issued is gone."));
            case OrderOutcome.Declined declined when Curable.Contains(declined.Code) && _time.GetUtcNow() - topUp.PaidAt < _options.SellWithin:
                return Postponed(topUp, declined.Code);
            case OrderOutcome.Declined declined:
                return RefundDue(topUp, declined.Code);
            case OrderOutcome.IdReused:
                return RefundDue(topUp, VendingCodes.OrderIdReused);
            case OrderOutcome.Pending pending:
                return Postponed(topUp, pending.Code); // held: there may be a token, so no money goes back
            default:
                throw new UnreachableException(outcome.GetType().Name);
        }
    }

    private TopUp IssuedFrom(TopUp topUp, VendOrder order) => topUp with
    {
        State = TopUpState.Issued,
        IssuedAt = order.Times.Posted ?? _time.GetUtcNow(),
        Tokens = [(order.Token ?? throw new InvalidOperationException("An issued order has no token.")).ToString()],
        Granted = Energy.FromTenthsOfKilowattHour(order.Terms!.TenthsGranted),
        Code = null,
        DueAt = _time.GetUtcNow(),
    };

    private TopUp HandToHeadEnd(TopUp topUp)
    {
        VendOrder order = _orders.Find(topUp.Id) ?? throw new InvalidOperationException("An order that was issued is gone.");
        var content = new DeliveryContent.Credit([new DeliveryToken(order.Token!.Value, order.Tid?.Minutes)]);
        SubmitOutcome outcome = _headEnd.Submit(new DeliveryRequest(topUp.Id, topUp.Pan, content), _time.GetUtcNow());
        return outcome is SubmitOutcome.Accepted
            ? topUp with { State = TopUpState.Delivering, SentAt = _time.GetUtcNow(), Code = null, DueAt = _time.GetUtcNow() + ProofPoll }
            : Postponed(topUp, ParkCodes.HeadEndRefused); // the tenant has the digits meanwhile
    }

    private async Task<TopUp> LookAtProofAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        if (_headEnd.FindDelivery(topUp.Id) is not { } delivery) throw new InvalidOperationException("A delivery that was taken is gone.");
        if (delivery.State == DeliveryState.Proven) return await CreditAsync(topUp, delivery, cancellationToken).ConfigureAwait(false);
        if (delivery.State == DeliveryState.RejectedByMeter && topUp.State == TopUpState.Delivering)
        {
            return topUp with
            {
                State = TopUpState.RejectedByMeter, Code = ParkCodes.RejectedByMeter, EndedAt = _time.GetUtcNow(), DueAt = _time.GetUtcNow(),
            };
        }

        TimeSpan age = _time.GetUtcNow() - topUp.CreatedAt;
        if (age > _options.LateProof) return topUp with { DueAt = null };
        return Waiting(topUp, age < TimeSpan.FromHours(1) ? ProofPoll : SlowPoll);
    }

    private async Task<TopUp> CreditAsync(TopUp topUp, Delivery delivery, CancellationToken cancellationToken)
    {
        VendOrder order = _orders.Find(topUp.Id) ?? throw new InvalidOperationException("An order that was issued is gone.");
        CreditProofKind kind = delivery.ProvenBy == ProofSource.AlreadyUsed ? CreditProofKind.AlreadyUsed : CreditProofKind.Accepted;
        DateTimeOffset at = delivery.ClosedAt ?? _time.GetUtcNow();
        var proof = new CreditProof(kind, order.Tid.GetValueOrDefault(), at, delivery.Evidence ?? string.Empty);
        string? wrong = await _orders.MarkCreditedAsync(topUp.Id, proof, cancellationToken).ConfigureAwait(false);
        return wrong is null
            ? topUp with { State = TopUpState.Credited, CreditedAt = at, EndedAt = null, Code = null, DueAt = _time.GetUtcNow() }
            : Postponed(topUp, wrong); // Vending's own code: somebody must look, and the light is on meanwhile
    }

    private async Task<TopUp> RefundAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        // An order that was interrupted could still be finished by a recovery: it must be off the table before the money goes back.
        if (_orders.Find(topUp.Id) is { } order && order.Command.Pan == topUp.Pan && order.State is not (OrderState.Declined or OrderState.Expired))
        {
            ReversalOutcome reversal = await _orders.ReverseAsync(topUp.Id, "refund", cancellationToken).ConfigureAwait(false);
            if (reversal is ReversalOutcome.Refused { Code: VendingCodes.TokenIssued }) return topUp with { State = TopUpState.Paid, DueAt = _time.GetUtcNow() };

            // While nobody knows whether there is a token, because the signer or a maker does not say: money that goes back now could be a token for nothing.
            if (reversal is ReversalOutcome.Refused { Code: not VendingCodes.UnknownOrder and var unknown }) return Postponed(topUp, unknown);
        }

        return await SendBackAsync(topUp, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TopUp> TellAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        TopUpNews news = NextNews(topUp);
        if (news == TopUpNews.None)
        {
            bool isOver = topUp.State is TopUpState.Credited or TopUpState.Refunded;
            return isOver && topUp.DueAt is not null ? topUp with { DueAt = null } : topUp;
        }

        if (Whom(topUp) is (var park, var room, var tenant))
            await _messages.TellTopUpAsync(park, room, tenant, topUp, news, NewsAt(topUp, news), cancellationToken).ConfigureAwait(false);
        return topUp with { Told = topUp.Told | news };
    }

    private static TopUpNews NextNews(TopUp topUp)
    {
        TopUpNews due = TopUpNews.None;
        if (!topUp.Tokens.IsEmpty) due |= TopUpNews.Token;
        if (topUp.State == TopUpState.Credited) due |= TopUpNews.Credited;
        if (topUp.State == TopUpState.RejectedByMeter) due |= TopUpNews.Rejected;
        if (topUp.State == TopUpState.Refunded) due |= TopUpNews.Refunded;
        int left = (int)(due & ~topUp.Told);
        return (TopUpNews)(left & -left); // the first of them
    }

    private static DateTimeOffset NewsAt(TopUp topUp, TopUpNews news) => (news switch
    {
        TopUpNews.Token => topUp.PaidAt,
        TopUpNews.Credited => topUp.CreditedAt,
        _ => topUp.EndedAt,
    }) ?? topUp.CreatedAt;

    private TopUp RefundDue(TopUp topUp, string code) => topUp with { State = TopUpState.RefundDue, Code = code, DueAt = _time.GetUtcNow() };

    private TopUp PaymentEnded(TopUp topUp, string? code) =>
        topUp with { State = TopUpState.PaymentEnded, Code = code, EndedAt = _time.GetUtcNow(), DueAt = _time.GetUtcNow() + SlowPoll };

    // Most pay within two minutes, and a notification is looked at when it comes.
    private TopUp WaitingForPayment(TopUp topUp) =>
        Waiting(topUp, _time.GetUtcNow() - topUp.CreatedAt < TimeSpan.FromMinutes(2) ? PaymentPoll : ProofPoll);

    private TopUp WaitingForLateMoney(TopUp topUp) =>
        _time.GetUtcNow() - topUp.EndedAt > _options.LateMoney ? topUp with { DueAt = null } : Waiting(topUp, SlowPoll);

    // Only a time that has come is moved on, so that looking in between writes nothing.
    private TopUp Waiting(TopUp topUp, TimeSpan poll) =>
        topUp.DueAt is { } due && due > _time.GetUtcNow() ? topUp : topUp with { DueAt = _time.GetUtcNow() + poll };
}
