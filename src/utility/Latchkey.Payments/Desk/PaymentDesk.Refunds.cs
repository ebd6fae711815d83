using System.Diagnostics;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.Store;
using Microsoft.Extensions.Logging;

namespace Latchkey.Payments.Desk;

/// <summary>Money back to the payer.</summary>
public sealed partial class PaymentDesk
{
    /// <summary>Reserves the amount, then asks the provider. The same number and content again is the same refund.</summary>
    public async Task<RefundOutcome> RefundAsync(RefundRequest request, CancellationToken cancellationToken)
    {
        AddRefundOutcome reserved = await _store.AddRefundAsync(request, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        return reserved switch
        {
            AddRefundOutcome.Refused refused => new RefundOutcome.Refused(refused.Code, string.Empty),
            AddRefundOutcome.Added added =>
                await AskForRefundAsync(added.Payment, added.Refund, isReplay: false, cancellationToken).ConfigureAwait(false),
            AddRefundOutcome.AlreadyThere { Refund.State: RefundState.Requested } again =>
                await AskForRefundAsync(again.Payment, again.Refund, isReplay: true, cancellationToken).ConfigureAwait(false),
            AddRefundOutcome.AlreadyThere again => new RefundOutcome.Taken(again.Refund, IsReplay: true),
            var other => throw new UnreachableException(other.GetType().Name),
        };
    }

    public Task<Refund?> FindRefundAsync(OutTradeNo outRefundNo, CancellationToken cancellationToken) => _store.FindRefundAsync(outRefundNo, cancellationToken);

    private async Task<RefundOutcome> AskForRefundAsync(Payment payment, Refund refund, bool isReplay, CancellationToken cancellationToken)
    {
        IPaymentProvider service = _providers[payment.Provider];
        RefundReading reading = await service.RefundAsync(payment, refund.Request, cancellationToken).ConfigureAwait(false);
        switch (reading)
        {
            case RefundReading.Known known:
                Refund changed = await ChangeRefundAsync(known.Report, cancellationToken).ConfigureAwait(false) ?? refund;
                LogRefund(service.Name, refund.Request.OutRefundNo, changed.State);
                return new RefundOutcome.Taken(changed, isReplay);
            case RefundReading.Refused refused:
                var closed = new RefundReport(refund.Request.OutRefundNo, RefundState.Closed, null, null, null);
                await ChangeRefundAsync(closed, cancellationToken).ConfigureAwait(false);
                return new RefundOutcome.Refused(refused.Code, refused.Detail);
            case RefundReading.Unavailable unavailable:
                return new RefundOutcome.Unavailable(refund, unavailable.Code);
            case RefundReading.NotFound:
                return new RefundOutcome.Unavailable(refund, PaymentCodes.RefundUnknown);
            default:
                throw new UnreachableException(reading.GetType().Name);
        }
    }

    private async Task<IReadOnlyList<PaymentEvent>> QueryDueRefundsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var events = new List<PaymentEvent>();
        foreach (Refund refund in await _store.DueRefundsAsync(now, limit, cancellationToken).ConfigureAwait(false))
        {
            if (!_providers.TryGetValue(refund.Provider, out IPaymentProvider? service)) continue;
            events.Add(await QueryRefundAsync(service, refund, now, cancellationToken).ConfigureAwait(false));
        }

        return events;
    }

    private async Task<PaymentEvent> QueryRefundAsync(
        IPaymentProvider service, Refund refund, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Refund asked = refund with { QueriesDone = refund.QueriesDone + 1, NextQueryAt = QuerySchedule.Next(now, refund.QueriesDone + 1) };
        if (await _store.SaveRefundAsync(asked, cancellationToken).ConfigureAwait(false) != SavePaymentResult.Saved)
            return new PaymentEvent.Unchanged(null);

        RefundReading reading = await service.QueryRefundAsync(refund.Request, cancellationToken).ConfigureAwait(false);
        if (reading is RefundReading.NotFound)
        {
            // The provider never got it: ask again under the same number.
            Payment payment = await RequireAsync(refund.Request.OutTradeNo, cancellationToken).ConfigureAwait(false);
            RefundOutcome outcome = await AskForRefundAsync(payment, asked, isReplay: true, cancellationToken).ConfigureAwait(false);
            return outcome is RefundOutcome.Taken taken ? new PaymentEvent.Refunded(taken.Refund) : new PaymentEvent.Unchanged(payment);
        }

        return reading is RefundReading.Known known
            ? await ApplyAsync(known.Report, cancellationToken).ConfigureAwait(false)
            : new PaymentEvent.Unavailable((reading as RefundReading.Unavailable)?.Code ?? PaymentCodes.ProviderRefused);
    }

    private async Task<PaymentEvent> ApplyAsync(RefundReport report, CancellationToken cancellationToken)
    {
        Refund? stored = await _store.FindRefundAsync(report.OutRefundNo, cancellationToken).ConfigureAwait(false);
        if (stored is null) return new PaymentEvent.Rejected(PaymentCodes.RefundUnknown);
        if (report.Amount is { } amount && amount != stored.Request.Amount) return new PaymentEvent.Rejected(PaymentCodes.AmountMismatch);

        Refund? changed = await ChangeRefundAsync(report, cancellationToken).ConfigureAwait(false);
        return changed is null ? new PaymentEvent.Unavailable(PaymentCodes.ProviderBusy) : new PaymentEvent.Refunded(changed);
    }

    /// <summary>Moves an open refund to what the provider says. One that has ended stays as it is.</summary>
    private async Task<Refund?> ChangeRefundAsync(RefundReport report, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxWriteAttempts; attempt++)
        {
            Refund? stored = await _store.FindRefundAsync(report.OutRefundNo, cancellationToken).ConfigureAwait(false);
            if (stored is null) return null;
            bool mayMove = stored.IsOpen || (stored.State == RefundState.Abnormal && report.State == RefundState.Succeeded);
            if (!mayMove) return stored;

            Refund changed = stored with
            {
                State = report.State,
                RefundId = report.RefundId ?? stored.RefundId,
                SucceededAt = report.State == RefundState.Succeeded ? report.SucceededAt ?? _time.GetUtcNow() : null,
                NextQueryAt = report.State == RefundState.Processing ? stored.NextQueryAt : null,
            };
            if (await _store.SaveRefundAsync(changed, cancellationToken).ConfigureAwait(false) == SavePaymentResult.Saved)
                return changed with { Version = changed.Version + 1 };
        }

        return null;
    }

    [LoggerMessage(5107, LogLevel.Information, "{Provider} refund {OutRefundNo}: {State}")]
    private partial void LogRefund(string provider, OutTradeNo outRefundNo, RefundState state);
}
