using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.Store;

namespace Latchkey.Storage.Payments;

/// <summary>Payments on SQLite. The primary keys and the unique index on the transaction id are the last guard, whatever the code above does.</summary>
public sealed class SqlitePaymentStore(SqliteDatabase database) : IPaymentStore
{
    public Task<AddPaymentResult> AddAsync(Payment payment, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            PaymentIntent intent = payment.Intent;
            int added = s.Execute(
                $"INSERT INTO pay_payment ({PaymentRows.PaymentColumns}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18) ON CONFLICT (out_trade_no) DO NOTHING",
                intent.OutTradeNo.Value, payment.Provider, intent.Amount.MinorUnits, intent.Amount.Currency.Code, (int)intent.Method, intent.Payer,
                intent.Description, PaymentRows.Text(intent.ExpiresAt), (int)payment.State, PaymentRows.Text(payment.CreatedAt),
                payment.ProviderReference, payment.TransactionId, PaymentRows.Text(payment.PaidAt), payment.FailureCode, payment.QueriesDone,
                PaymentRows.Text(payment.NextQueryAt), payment.RefundedMinorUnits, payment.Version);
            return added == 1 ? AddPaymentResult.Added : AddPaymentResult.OutTradeNoUsed;
        },
        cancellationToken);

    public Task<Payment?> FindAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => Find(s, outTradeNo)));
    }

    public Task<Payment?> FindByTransactionAsync(string provider, string transactionId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => FindByTransaction(s, provider, transactionId)));
    }

    public Task<SavePaymentResult> SaveAsync(Payment payment, CancellationToken cancellationToken) =>
        database.WriteAsync(s => Save(s, payment), cancellationToken);

    public Task<IReadOnlyList<Payment>> DueForQueryAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.Query(
            $"SELECT {PaymentRows.PaymentColumns} FROM pay_payment WHERE next_query_at <= ?1 AND state IN (1, 2) ORDER BY next_query_at LIMIT ?2",
            PaymentRows.ReadPayment, PaymentRows.Text(now), limit)));
    }

    public Task<IReadOnlyList<Payment>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.Query(
            $"SELECT {PaymentRows.PaymentColumns} FROM pay_payment ORDER BY created_at DESC, out_trade_no LIMIT ?1", PaymentRows.ReadPayment, limit)));
    }

    public Task<AddRefundOutcome> AddRefundAsync(RefundRequest request, DateTimeOffset now, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            IReadOnlyList<Refund> ofPayment = s.Query(
                $"SELECT {PaymentRows.RefundColumns} FROM pay_refund WHERE out_trade_no = ?1", PaymentRows.ReadRefund, request.OutTradeNo.Value);
            AddRefundOutcome outcome = RefundLedger.Decide(
                Find(s, request.OutTradeNo), FindRefund(s, request.OutRefundNo), ofPayment, request, now);
            if (outcome is AddRefundOutcome.Added added) Insert(s, added.Refund);
            return outcome;
        },
        cancellationToken);

    public Task<Refund?> FindRefundAsync(OutTradeNo outRefundNo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => FindRefund(s, outRefundNo)));
    }

    public Task<SavePaymentResult> SaveRefundAsync(Refund refund, CancellationToken cancellationToken) =>
        database.WriteAsync(s => SaveRefund(s, refund), cancellationToken);

    public Task<IReadOnlyList<Refund>> DueRefundsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.Query(
            $"SELECT {PaymentRows.RefundColumns} FROM pay_refund WHERE next_query_at <= ?1 AND state IN (1, 2) ORDER BY next_query_at LIMIT ?2",
            PaymentRows.ReadRefund, PaymentRows.Text(now), limit)));
    }

    public Task<bool> AddUnmatchedAsync(UnmatchedPayment unmatched, CancellationToken cancellationToken) => database.WriteAsync(
        s => s.Execute(
            "INSERT INTO pay_unmatched (provider, transaction_id, out_trade_no, code, amount_minor, currency, seen_at) VALUES (?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO NOTHING",
            unmatched.Provider, unmatched.TransactionId, unmatched.OutTradeNo, unmatched.Code, unmatched.AmountMinorUnits, unmatched.CurrencyCode,
            PaymentRows.Text(unmatched.SeenAt)) == 1,
        cancellationToken);

    public Task<IReadOnlyList<UnmatchedPayment>> ListUnmatchedAsync(int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(s => s.Query(
            "SELECT provider, transaction_id, out_trade_no, amount_minor, currency, code, seen_at FROM pay_unmatched ORDER BY rowid DESC LIMIT ?1",
            PaymentRows.ReadUnmatched, limit)));
    }

    private static Payment? Find(SqliteSession s, OutTradeNo number) => s.First(
        $"SELECT {PaymentRows.PaymentColumns} FROM pay_payment WHERE out_trade_no = ?1", PaymentRows.ReadPayment, number.Value);

    private static Payment? FindByTransaction(SqliteSession s, string provider, string transactionId) => s.First(
        $"SELECT {PaymentRows.PaymentColumns} FROM pay_payment WHERE provider = ?1 AND transaction_id = ?2", PaymentRows.ReadPayment, provider, transactionId);

    private static Refund? FindRefund(SqliteSession s, OutTradeNo number) => s.First(
        $"SELECT {PaymentRows.RefundColumns} FROM pay_refund WHERE out_refund_no = ?1", PaymentRows.ReadRefund, number.Value);

    private static SavePaymentResult Save(SqliteSession s, Payment payment)
    {
        if (Find(s, payment.Intent.OutTradeNo) is not { } stored) return SavePaymentResult.NotFound;
        if (stored.Version != payment.Version) return SavePaymentResult.VersionChanged;
        if (payment.TransactionId is { } id && FindByTransaction(s, payment.Provider, id) is { } owner
            && owner.Intent.OutTradeNo != payment.Intent.OutTradeNo) return SavePaymentResult.TransactionIdUsed;

        s.Execute(
            "UPDATE pay_payment SET state = ?2, provider_reference = ?3, transaction_id = ?4, paid_at = ?5, failure_code = ?6, queries_done = ?7, "
            + "next_query_at = ?8, refunded_minor = ?9, version = version + 1 WHERE out_trade_no = ?1",
            payment.Intent.OutTradeNo.Value, (int)payment.State, payment.ProviderReference, payment.TransactionId, PaymentRows.Text(payment.PaidAt),
            payment.FailureCode, payment.QueriesDone, PaymentRows.Text(payment.NextQueryAt), payment.RefundedMinorUnits);
        return SavePaymentResult.Saved;
    }

    private static SavePaymentResult SaveRefund(SqliteSession s, Refund refund)
    {
        if (FindRefund(s, refund.Request.OutRefundNo) is not { } stored) return SavePaymentResult.NotFound;
        if (stored.Version != refund.Version) return SavePaymentResult.VersionChanged;

        s.Execute(
            "UPDATE pay_refund SET state = ?2, refund_id = ?3, succeeded_at = ?4, queries_done = ?5, next_query_at = ?6, version = version + 1 WHERE out_refund_no = ?1",
            refund.Request.OutRefundNo.Value, (int)refund.State, refund.RefundId, PaymentRows.Text(refund.SucceededAt), refund.QueriesDone,
            PaymentRows.Text(refund.NextQueryAt));
        Payment payment = Find(s, refund.Request.OutTradeNo) ?? throw new StorageException(StorageFailure.Damaged, "A refund has no payment.");
        Payment changed = RefundLedger.Apply(payment, stored, refund);
        return ReferenceEquals(payment, changed) ? SavePaymentResult.Saved : Save(s, changed);
    }

    private static void Insert(SqliteSession s, Refund refund) => s.Execute(
        $"INSERT INTO pay_refund ({PaymentRows.RefundColumns}) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
        refund.Request.OutRefundNo.Value, refund.Request.OutTradeNo.Value, refund.Provider, refund.Request.Amount.MinorUnits,
        refund.Request.Amount.Currency.Code, refund.Request.Reason, (int)refund.State, PaymentRows.Text(refund.RequestedAt), refund.RefundId,
        PaymentRows.Text(refund.SucceededAt), refund.QueriesDone, PaymentRows.Text(refund.NextQueryAt), refund.Version);
}
