using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Store;
using Microsoft.Extensions.Logging;

namespace Latchkey.Payments.Desk;

/// <summary>
/// Runs payments: starts them, believes or refuses what providers say, asks when nothing is said, gives money back.
/// Safe to call from many threads and processes at once: the store decides.
/// </summary>
public sealed partial class PaymentDesk
{
    /// <summary>How often a write is tried again because somebody else wrote the same payment in between.</summary>
    private const int MaxWriteAttempts = 5;

    private readonly Dictionary<string, IPaymentProvider> _providers;
    private readonly IPaymentStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<PaymentDesk> _logger;

    public PaymentDesk(IEnumerable<IPaymentProvider> providers, IPaymentStore store, TimeProvider time, ILogger<PaymentDesk> logger)
    {
        _providers = providers.ToDictionary(p => p.Name, StringComparer.Ordinal);
        _store = store;
        _time = time;
        _logger = logger;
    }

    /// <summary>Writes the payment down, then places the order. The same number and content again resumes where it stopped.</summary>
    public async Task<StartOutcome> StartAsync(string provider, PaymentIntent intent, CancellationToken cancellationToken)
    {
        if (!_providers.TryGetValue(provider, out IPaymentProvider? service))
            return new StartOutcome.Refused(PaymentCodes.MethodNotOffered, provider);

        DateTimeOffset now = _time.GetUtcNow();
        Payment? stored = await _store.FindAsync(intent.OutTradeNo, cancellationToken).ConfigureAwait(false);
        if (stored is null)
        {
            if (intent.FindFault(now) is { } fault) return new StartOutcome.Refused(fault, string.Empty);
            var fresh = new Payment
            {
                Provider = provider,
                Intent = intent,
                State = PaymentState.Created,
                CreatedAt = now,
                NextQueryAt = QuerySchedule.Next(now, 0),
            };

            // Losing this race to another caller with the same number is the same as finding it above.
            await _store.AddAsync(fresh, cancellationToken).ConfigureAwait(false);
            stored = await RequireAsync(intent.OutTradeNo, cancellationToken).ConfigureAwait(false);
        }

        return stored.Provider == provider && stored.Intent.AsksTheSameAs(intent)
            ? await ContinueAsync(service, stored, cancellationToken).ConfigureAwait(false)
            : new StartOutcome.IdReused();
    }

    public Task<Payment?> FindAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken) =>
        _store.FindAsync(outTradeNo, cancellationToken);

    private async Task<StartOutcome> ContinueAsync(IPaymentProvider service, Payment payment, CancellationToken cancellationToken)
    {
        if (!payment.IsOpen) return new StartOutcome.Ended(payment);
        if (_time.GetUtcNow() >= payment.Intent.ExpiresAt) return await SettleLateAsync(service, payment, cancellationToken).ConfigureAwait(false);
        if (payment.ProviderReference is { } reference)
            return new StartOutcome.Ready(payment, service.PromptFor(payment.Intent, reference), IsReplay: true);

        OrderOutcome outcome = await service.CreateIntentAsync(payment.Intent, cancellationToken).ConfigureAwait(false);
        switch (outcome)
        {
            case OrderOutcome.Placed placed:
                Payment pending = await ChangeAsync(
                    payment.Intent.OutTradeNo,
                    p => p.IsOpen ? p.After(PaymentTrigger.OrderAccepted)! with { ProviderReference = placed.ProviderReference } : null,
                    cancellationToken).ConfigureAwait(false);
                LogPlaced(service.Name, payment.Intent.OutTradeNo);
                return pending.IsOpen
                    ? new StartOutcome.Ready(pending, placed.Prompt, IsReplay: false)
                    : new StartOutcome.Ended(pending);

            case OrderOutcome.AlreadyPaid:
                PaymentEvent asked = await QueryAsync(service, payment, cancellationToken).ConfigureAwait(false);
                return asked is PaymentEvent.Paid paid
                    ? new StartOutcome.Ended(paid.Payment)
                    : new StartOutcome.Unavailable(PaymentCodes.OrderPaid);

            case OrderOutcome.Refused refused:
                await ChangeAsync(
                    payment.Intent.OutTradeNo,
                    p => p.After(PaymentTrigger.OrderRefused) is { } failed
                        ? failed with { FailureCode = refused.Code, NextQueryAt = null }
                        : null,
                    cancellationToken).ConfigureAwait(false);
                LogRefused(service.Name, payment.Intent.OutTradeNo, refused.Code);
                return new StartOutcome.Refused(refused.Code, refused.Detail);

            case OrderOutcome.Unavailable unavailable:
                LogUnavailable(service.Name, payment.Intent.OutTradeNo, unavailable.Code);
                return new StartOutcome.Unavailable(unavailable.Code);

            default:
                throw new System.Diagnostics.UnreachableException(outcome.GetType().Name);
        }
    }

    /// <summary>Past the deadline nobody is prompted any more: it was paid, or it is closed now.</summary>
    private async Task<StartOutcome> SettleLateAsync(IPaymentProvider service, Payment payment, CancellationToken cancellationToken) =>
        await QueryAsync(service, payment, cancellationToken).ConfigureAwait(false) switch
        {
            PaymentEvent.Paid paid => new StartOutcome.Ended(paid.Payment),
            PaymentEvent.Ended ended => new StartOutcome.Ended(ended.Payment),
            PaymentEvent.Unavailable unavailable => new StartOutcome.Unavailable(unavailable.Code),
            _ => new StartOutcome.Unavailable(PaymentCodes.ExpiryPassed),
        };

    /// <summary>Applies a change to the newest stored value; null from the change means "leave it". Returns what is stored then.</summary>
    private async Task<Payment> ChangeAsync(OutTradeNo number, Func<Payment, Payment?> change, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxWriteAttempts; attempt++)
        {
            Payment stored = await RequireAsync(number, cancellationToken).ConfigureAwait(false);
            if (change(stored) is not { } changed) return stored;
            SavePaymentResult result = await _store.SaveAsync(changed, cancellationToken).ConfigureAwait(false);
            if (result == SavePaymentResult.Saved) return changed with { Version = changed.Version + 1 };
        }

        throw new InvalidOperationException($"Payment {number} is written by too many at once.");
    }

    private async Task<Payment> RequireAsync(OutTradeNo number, CancellationToken cancellationToken) =>
        await _store.FindAsync(number, cancellationToken).ConfigureAwait(false)
        ?? throw new InvalidOperationException($"Payment {number} is not stored.");

    [LoggerMessage(5101, LogLevel.Information, "{Provider} placed the order {OutTradeNo}")]
    private partial void LogPlaced(string provider, OutTradeNo outTradeNo);

    [LoggerMessage(5102, LogLevel.Warning, "{Provider} refused the order {OutTradeNo}: {Code}")]
    private partial void LogRefused(string provider, OutTradeNo outTradeNo, string code);

    [LoggerMessage(5103, LogLevel.Warning, "{Provider} gave no usable answer for {OutTradeNo}: {Code}")]
    private partial void LogUnavailable(string provider, OutTradeNo outTradeNo, string code);
}
