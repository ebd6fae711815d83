using System.Diagnostics;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Store;
using Microsoft.Extensions.Logging;

namespace Latchkey.Payments.Desk;

/// <summary>What providers say: by notification, and by answer when asked.</summary>
public sealed partial class PaymentDesk
{
    /// <summary>Verifies a notification and acts on it. Total on any input; the reply is ready to be sent.</summary>
    public async Task<NotificationOutcome> HandleNotificationAsync(
        string provider, NotificationRequest request, CancellationToken cancellationToken)
    {
        if (!_providers.TryGetValue(provider, out IPaymentProvider? service))
            return new NotificationOutcome(new PaymentEvent.Rejected(PaymentCodes.MethodNotOffered), new NotificationReply(404));

        NotificationReading reading = await service.ReadNotificationAsync(request, cancellationToken).ConfigureAwait(false);
        PaymentEvent result = reading switch
        {
            NotificationReading.OfPayment p => await ApplyAsync(service, p.Report, cancellationToken).ConfigureAwait(false),
            NotificationReading.OfRefund r => await ApplyAsync(r.Report, cancellationToken).ConfigureAwait(false),
            NotificationReading.OfOtherKind => new PaymentEvent.Unchanged(null),
            NotificationReading.Rejected r => new PaymentEvent.Rejected(r.Code),
            var other => throw new UnreachableException(other.GetType().Name),
        };

        string? failure = (result as PaymentEvent.Rejected)?.Code;
        if (failure is not null) LogRejected(provider, failure);
        return new NotificationOutcome(result, service.Reply(failure));
    }

    /// <summary>Asks about one payment now, for example when the payer says "I have paid".</summary>
    public async Task<PaymentEvent> QueryNowAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken)
    {
        Payment? payment = await _store.FindAsync(outTradeNo, cancellationToken).ConfigureAwait(false);
        if (payment is null || !_providers.TryGetValue(payment.Provider, out IPaymentProvider? service))
            return new PaymentEvent.Rejected(PaymentCodes.PaymentUnknown);
        return payment.IsOpen
            ? await QueryAsync(service, payment, cancellationToken).ConfigureAwait(false)
            : Standing(payment);
    }

    /// <summary>Asks about every payment and refund whose time has come, at most <paramref name="limit"/> of each; closes orders past their deadline.</summary>
    public async Task<IReadOnlyList<PaymentEvent>> QueryDueAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var events = new List<PaymentEvent>();
        DateTimeOffset now = _time.GetUtcNow();
        foreach (Payment payment in await _store.DueForQueryAsync(now, limit, cancellationToken).ConfigureAwait(false))
        {
            events.Add(_providers.TryGetValue(payment.Provider, out IPaymentProvider? service)
                ? await QueryAsync(service, payment, cancellationToken).ConfigureAwait(false)
                : await PostponeAsync(payment, now, cancellationToken).ConfigureAwait(false));
        }

        events.AddRange(await QueryDueRefundsAsync(now, limit, cancellationToken).ConfigureAwait(false));
        return events;
    }

    /// <summary>Takes an unpaid order back. Paid in the meantime: the payment comes back as paid.</summary>
    public async Task<PaymentEvent> CancelAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken)
    {
        Payment? payment = await _store.FindAsync(outTradeNo, cancellationToken).ConfigureAwait(false);
        if (payment is null || !_providers.TryGetValue(payment.Provider, out IPaymentProvider? service))
            return new PaymentEvent.Rejected(PaymentCodes.PaymentUnknown);
        return payment.IsOpen
            ? await CloseAsync(service, payment, cancellationToken).ConfigureAwait(false)
            : Standing(payment);
    }

    private static PaymentEvent Standing(Payment payment) => payment.State switch
    {
        PaymentState.Paid or PaymentState.Refunded => new PaymentEvent.Paid(payment, IsFirst: false),
        _ => new PaymentEvent.Unchanged(payment),
    };

    private async Task<PaymentEvent> QueryAsync(IPaymentProvider service, Payment payment, CancellationToken cancellationToken)
    {
        OutTradeNo number = payment.Intent.OutTradeNo;
        QueryOutcome outcome = await service.QueryAsync(payment.Intent, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = _time.GetUtcNow();

        // The next question is set before the answer is used: a payment whose answer cannot be used must not be asked in a tight circle.
        Payment stored = await CountQueryAsync(payment, now, cancellationToken).ConfigureAwait(false);

        switch (outcome)
        {
            case QueryOutcome.Known known when known.Report.Trade is ReportedTrade.Success or ReportedTrade.Refund:
                return await ApplyAsync(service, known.Report, cancellationToken).ConfigureAwait(false);
            case QueryOutcome.Known known:
                return await ApplyUnpaidAsync(service, stored, known.Report.Trade, now, cancellationToken).ConfigureAwait(false);
            case QueryOutcome.Rejected rejected:
                LogRejected(service.Name, rejected.Code);
                return new PaymentEvent.Rejected(rejected.Code);
            case QueryOutcome.Unavailable unavailable:
                LogUnavailable(service.Name, number, unavailable.Code);
                return new PaymentEvent.Unavailable(unavailable.Code);
            default:
                throw new UnreachableException(outcome.GetType().Name);
        }
    }

    private Task<Payment> CountQueryAsync(Payment payment, DateTimeOffset now, CancellationToken cancellationToken) => ChangeAsync(
        payment.Intent.OutTradeNo,
        p => p.IsOpen ? p with { QueriesDone = p.QueriesDone + 1, NextQueryAt = QuerySchedule.Next(now, p.QueriesDone + 1) } : null,
        cancellationToken);

    /// <summary>Its provider is not set up any more: it must not stand in front of the others for ever.</summary>
    private async Task<PaymentEvent> PostponeAsync(Payment payment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await CountQueryAsync(payment, now, cancellationToken).ConfigureAwait(false);
        LogUnavailable(payment.Provider, payment.Intent.OutTradeNo, PaymentCodes.MethodNotOffered);
        return new PaymentEvent.Unavailable(PaymentCodes.MethodNotOffered);
    }

    private async Task<PaymentEvent> ApplyUnpaidAsync(
        IPaymentProvider service, Payment payment, ReportedTrade trade, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (trade == ReportedTrade.Closed)
            return await EndAsync(payment, PaymentTrigger.ClosedUnpaid, null, cancellationToken).ConfigureAwait(false);
        if (trade == ReportedTrade.Error)
            return await EndAsync(payment, PaymentTrigger.OrderRefused, PaymentCodes.PaymentError, cancellationToken).ConfigureAwait(false);

        // Past the deadline the order is closed at the provider first: only then can nobody pay it any more.
        return now >= payment.Intent.ExpiresAt && payment.IsOpen
            ? await CloseAsync(service, payment, cancellationToken).ConfigureAwait(false)
            : new PaymentEvent.Unchanged(payment);
    }

    private async Task<PaymentEvent> CloseAsync(IPaymentProvider service, Payment payment, CancellationToken cancellationToken)
    {
        CloseOutcome outcome = await service.CloseAsync(payment.Intent, cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            CloseOutcome.Done => await EndAsync(payment, PaymentTrigger.ClosedUnpaid, null, cancellationToken).ConfigureAwait(false),
            CloseOutcome.AlreadyPaid => await ProveAsync(service, payment, cancellationToken).ConfigureAwait(false),
            _ => new PaymentEvent.Unavailable(PaymentCodes.ProviderUnreachable),
        };
    }

    /// <summary>One question, and no close behind it: "too late, it was paid" and "not paid" must not chase each other.</summary>
    private async Task<PaymentEvent> ProveAsync(IPaymentProvider service, Payment payment, CancellationToken cancellationToken)
    {
        QueryOutcome outcome = await service.QueryAsync(payment.Intent, cancellationToken).ConfigureAwait(false);
        return outcome is QueryOutcome.Known { Report.Trade: ReportedTrade.Success or ReportedTrade.Refund } known
            ? await ApplyAsync(service, known.Report, cancellationToken).ConfigureAwait(false)
            : new PaymentEvent.Unavailable(PaymentCodes.OrderPaid);
    }

    private async Task<PaymentEvent> EndAsync(Payment payment, PaymentTrigger trigger, string? code, CancellationToken cancellationToken)
    {
        Payment ended = await ChangeAsync(
            payment.Intent.OutTradeNo,
            p => p.After(trigger) is { } next ? next with { FailureCode = code, NextQueryAt = null } : null,
            cancellationToken).ConfigureAwait(false);
        return ended.State is PaymentState.Failed or PaymentState.Expired ? new PaymentEvent.Ended(ended) : Standing(ended);
    }

    private async Task<PaymentEvent> ApplyAsync(IPaymentProvider service, PaymentReport report, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxWriteAttempts; attempt++)
        {
            Payment? stored = await _store.FindAsync(report.OutTradeNo, cancellationToken).ConfigureAwait(false);
            if (stored is null || stored.Provider != service.Name)
                return await RejectAsync(service, report, PaymentCodes.PaymentUnknown, cancellationToken).ConfigureAwait(false);
            if (report.Trade is not (ReportedTrade.Success or ReportedTrade.Refund)) return new PaymentEvent.Unchanged(stored);
            if (PaymentCheck.FindMismatch(stored, report) is { } mismatch)
                return await RejectAsync(service, report, mismatch, cancellationToken).ConfigureAwait(false);
            if (stored.State is PaymentState.Paid or PaymentState.Refunded) return new PaymentEvent.Paid(stored, IsFirst: false);

            // Paid and given back at the provider's own desk before we ever heard of it: nothing may be sold for it, now or by a late notification.
            if (report.Trade == ReportedTrade.Refund || stored.FailureCode == PaymentCodes.RefundedOutside)
            {
                await EndAsync(stored, PaymentTrigger.OrderRefused, PaymentCodes.RefundedOutside, cancellationToken).ConfigureAwait(false);
                return await RejectAsync(service, report, PaymentCodes.RefundedOutside, cancellationToken).ConfigureAwait(false);
            }

            Payment paid = stored.After(PaymentTrigger.PaidProof)! with
            {
                TransactionId = report.TransactionId,
                PaidAt = report.PaidAt ?? _time.GetUtcNow(),
                FailureCode = null,
                NextQueryAt = null,
            };
            SavePaymentResult result = await _store.SaveAsync(paid, cancellationToken).ConfigureAwait(false);
            if (result == SavePaymentResult.Saved)
            {
                LogPaid(service.Name, report.OutTradeNo, paid.Intent.Amount.MinorUnits);
                return new PaymentEvent.Paid(paid with { Version = paid.Version + 1 }, IsFirst: true);
            }

            if (result == SavePaymentResult.TransactionIdUsed)
                return await RejectAsync(service, report, PaymentCodes.TransactionIdUsed, cancellationToken).ConfigureAwait(false);
        }

        return new PaymentEvent.Unavailable(PaymentCodes.ProviderBusy);
    }

    /// <summary>Genuine money that fits nothing is kept for people to look at, and the provider is told that we did not take it.</summary>
    private async Task<PaymentEvent> RejectAsync(
        IPaymentProvider service, PaymentReport report, string code, CancellationToken cancellationToken)
    {
        var unmatched = new UnmatchedPayment(
            service.Name,
            report.TransactionId ?? string.Empty,
            report.OutTradeNo.Value,
            report.Amount?.MinorUnits,
            report.Amount?.Currency.Code,
            code,
            _time.GetUtcNow());
        await _store.AddUnmatchedAsync(unmatched, cancellationToken).ConfigureAwait(false);
        LogUnmatched(service.Name, report.OutTradeNo, code);
        return new PaymentEvent.Rejected(code);
    }

    [LoggerMessage(5104, LogLevel.Information, "{Provider} payment {OutTradeNo} is paid: {AmountMinorUnits} minor units")]
    private partial void LogPaid(string provider, OutTradeNo outTradeNo, long amountMinorUnits);

    [LoggerMessage(5105, LogLevel.Warning, "A notification or answer of {Provider} was refused: {Code}")]
    private partial void LogRejected(string provider, string code);

    [LoggerMessage(5106, LogLevel.Error, "{Provider} vouches for {OutTradeNo}, which does not fit: {Code}")]
    private partial void LogUnmatched(string provider, OutTradeNo outTradeNo, string code);
}
