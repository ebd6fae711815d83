using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.Store;

/// <summary>A store without a disk, for trials and tests. It passes the same contract tests as the SQLite store.</summary>
public sealed class InMemoryPaymentStore : IPaymentStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<OutTradeNo, Payment> _payments = [];
    private readonly Dictionary<OutTradeNo, Refund> _refunds = [];
    private readonly List<UnmatchedPayment> _unmatched = [];

    public Task<AddPaymentResult> AddAsync(Payment payment, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool added = _payments.TryAdd(payment.Intent.OutTradeNo, payment);
            return Task.FromResult(added ? AddPaymentResult.Added : AddPaymentResult.OutTradeNoUsed);
        }
    }

    public Task<Payment?> FindAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_payments.GetValueOrDefault(outTradeNo));
    }

    public Task<Payment?> FindByTransactionAsync(string provider, string transactionId, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(ByTransaction(provider, transactionId));
    }

    public Task<SavePaymentResult> SaveAsync(Payment payment, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(Save(payment));
    }

    public Task<IReadOnlyList<Payment>> DueForQueryAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<Payment> due =
                [.. _payments.Values.Where(p => p.IsOpen && p.NextQueryAt <= now).OrderBy(p => p.NextQueryAt).Take(limit)];
            return Task.FromResult(due);
        }
    }

    public Task<IReadOnlyList<Payment>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<Payment> newest = [.. _payments.Values.OrderByDescending(p => p.CreatedAt).Take(limit)];
            return Task.FromResult(newest);
        }
    }

    public Task<AddRefundOutcome> AddRefundAsync(RefundRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Refund[] ofPayment = [.. _refunds.Values.Where(r => r.Request.OutTradeNo == request.OutTradeNo)];
            AddRefundOutcome outcome = RefundLedger.Decide(
                _payments.GetValueOrDefault(request.OutTradeNo), _refunds.GetValueOrDefault(request.OutRefundNo), ofPayment, request, now);
            if (outcome is AddRefundOutcome.Added added) _refunds.Add(request.OutRefundNo, added.Refund);
            return Task.FromResult(outcome);
        }
    }

    public Task<Refund?> FindRefundAsync(OutTradeNo outRefundNo, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_refunds.GetValueOrDefault(outRefundNo));
    }

    public Task<SavePaymentResult> SaveRefundAsync(Refund refund, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!_refunds.TryGetValue(refund.Request.OutRefundNo, out Refund? stored)) return Task.FromResult(SavePaymentResult.NotFound);
            if (stored.Version != refund.Version) return Task.FromResult(SavePaymentResult.VersionChanged);

            _refunds[refund.Request.OutRefundNo] = refund with { Version = refund.Version + 1 };
            Payment payment = _payments[refund.Request.OutTradeNo];
            Payment changed = RefundLedger.Apply(payment, stored, refund);
            return Task.FromResult(ReferenceEquals(payment, changed) ? SavePaymentResult.Saved : Save(changed));
        }
    }

    public Task<IReadOnlyList<Refund>> DueRefundsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<Refund> due =
                [.. _refunds.Values.Where(r => r.IsOpen && r.NextQueryAt <= now).OrderBy(r => r.NextQueryAt).Take(limit)];
            return Task.FromResult(due);
        }
    }

    public Task<bool> AddUnmatchedAsync(UnmatchedPayment unmatched, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool known = _unmatched.Exists(u => u.Provider == unmatched.Provider && u.Code == unmatched.Code
                && u.TransactionId == unmatched.TransactionId && u.OutTradeNo == unmatched.OutTradeNo);
            if (!known) _unmatched.Add(unmatched);
            return Task.FromResult(!known);
        }
    }

    public Task<IReadOnlyList<UnmatchedPayment>> ListUnmatchedAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            IReadOnlyList<UnmatchedPayment> newest = [.. _unmatched.AsEnumerable().Reverse().Take(limit)];
            return Task.FromResult(newest);
        }
    }

    private SavePaymentResult Save(Payment payment)
    {
        if (!_payments.TryGetValue(payment.Intent.OutTradeNo, out Payment? stored)) return SavePaymentResult.NotFound;
        if (stored.Version != payment.Version) return SavePaymentResult.VersionChanged;
        if (payment.TransactionId is { } id && ByTransaction(payment.Provider, id) is { } owner
            && owner.Intent.OutTradeNo != payment.Intent.OutTradeNo) return SavePaymentResult.TransactionIdUsed;

        _payments[payment.Intent.OutTradeNo] = payment with { Version = payment.Version + 1 };
        return SavePaymentResult.Saved;
    }

    private Payment? ByTransaction(string provider, string transactionId) =>
        _payments.Values.FirstOrDefault(p => p.Provider == provider && p.TransactionId == transactionId);
}
