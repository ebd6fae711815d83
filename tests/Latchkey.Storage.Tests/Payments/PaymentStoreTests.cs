using Latchkey.Payments;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.Store;
using Latchkey.Quantities;
using Latchkey.Storage.Payments;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Payments;

/// <summary>One contract, every store.</summary>
public abstract class PaymentStoreTests
{
    private static readonly DateTimeOffset Now = new DateTimeOffset(2026, 11, 22, 10, 40, 0, TimeSpan.Zero).AddTicks(1234567);

    protected abstract IPaymentStore Store { get; }

    [Fact]
    public async Task Add_ThenFind_GivesEveryFieldBack()
    {
        Payment payment = NewPayment("LK0001") with
        {
            ProviderReference = "wx1", TransactionId = "42", PaidAt = Now, FailureCode = "x", QueriesDone = 3, NextQueryAt = Now.AddMinutes(2),
        };
        Assert.Equal(AddPaymentResult.Added, await Store.AddAsync(payment, default));
        Assert.Equal(payment, await Store.FindAsync(payment.Intent.OutTradeNo, default));
        Assert.Equal(payment, await Store.FindByTransactionAsync("wechatpay", "42", default));
        Assert.Null(await Store.FindByTransactionAsync("alipay", "42", default));
    }

    [Fact]
    public async Task Add_SameNumber_IsRefusedAndKeepsTheFirst()
    {
        Payment first = NewPayment("LK0001");
        await Store.AddAsync(first, default);
        Assert.Equal(AddPaymentResult.OutTradeNoUsed, await Store.AddAsync(first with { State = PaymentState.Paid }, default));
        Assert.Equal(first, await Store.FindAsync(first.Intent.OutTradeNo, default));
    }

    [Fact]
    public async Task Save_RaisesTheVersion_AndAnOldVersionIsRefused()
    {
        Payment payment = NewPayment("LK0001");
        await Store.AddAsync(payment, default);
        Payment pending = payment with { State = PaymentState.Pending };
        Assert.Equal(SavePaymentResult.Saved, await Store.SaveAsync(pending, default));
        Assert.Equal(SavePaymentResult.VersionChanged, await Store.SaveAsync(payment with { State = PaymentState.Failed }, default));
        Assert.Equal(pending with { Version = 2 }, await Store.FindAsync(payment.Intent.OutTradeNo, default));
    }

    [Fact]
    public async Task Save_Unknown_IsNotFound() => Assert.Equal(SavePaymentResult.NotFound, await Store.SaveAsync(NewPayment("LK0001"), default));

    [Fact]
    public async Task Save_TransactionOfAnotherPayment_IsRefused()
    {
        Payment first = NewPayment("LK0001"), second = NewPayment("LK0002");
        await Store.AddAsync(first, default);
        await Store.AddAsync(second, default);
        Assert.Equal(SavePaymentResult.Saved, await Store.SaveAsync(Paid(first, "42"), default));
        Assert.Equal(SavePaymentResult.TransactionIdUsed, await Store.SaveAsync(Paid(second, "42"), default));
        Assert.Equal(second, await Store.FindAsync(second.Intent.OutTradeNo, default));
    }

    [Fact]
    public async Task Save_ByManyAtOnce_LetsOneThrough()
    {
        Payment payment = NewPayment("LK0001");
        await Store.AddAsync(payment, default);
        SavePaymentResult[] results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Store.SaveAsync(Paid(payment, "42"), default))));
        Assert.Single(results, SavePaymentResult.Saved);
        Assert.Equal(15, results.Count(r => r == SavePaymentResult.VersionChanged));
    }

    [Fact]
    public async Task DueForQuery_GivesOpenPaymentsWhoseTimeHasCome_LongestWaitingFirst()
    {
        await Store.AddAsync(NewPayment("LK0001") with { NextQueryAt = Now.AddSeconds(30) }, default);
        await Store.AddAsync(NewPayment("LK0002") with { NextQueryAt = Now.AddSeconds(10) }, default);
        await Store.AddAsync(NewPayment("LK0003") with { NextQueryAt = Now.AddSeconds(31) }, default);
        await Store.AddAsync(NewPayment("LK0004") with { NextQueryAt = Now, State = PaymentState.Paid }, default);
        IReadOnlyList<Payment> due = await Store.DueForQueryAsync(Now.AddSeconds(30), 10, default);
        Assert.Equal("LK0002 LK0001", string.Join(' ', due.Select(p => p.Intent.OutTradeNo)));
        Assert.Single(await Store.DueForQueryAsync(Now.AddSeconds(30), 1, default));
    }

    [Fact]
    public async Task AddRefund_OverWhatIsLeft_IsRefused_AndAClosedOneFreesItsAmount()
    {
        Payment payment = await AddPaidAsync(5000);
        var first = Assert.IsType<AddRefundOutcome.Added>(await Store.AddRefundAsync(Request(payment, 1, 3000), Now, default));
        Assert.Equal(PaymentCodes.RefundTooHigh, Assert.IsType<AddRefundOutcome.Refused>(await Store.AddRefundAsync(Request(payment, 2, 3000), Now, default)).Code);
        await Store.SaveRefundAsync(first.Refund with { State = RefundState.Closed, NextQueryAt = null }, default);
        Assert.IsType<AddRefundOutcome.Added>(await Store.AddRefundAsync(Request(payment, 2, 3000), Now, default));
    }

    [Fact]
    public async Task AddRefund_ByManyAtOnce_NeverReservesMoreThanWasPaid()
    {
        Payment payment = await AddPaidAsync(1000);
        AddRefundOutcome[] outcomes = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(i => Task.Run(() => Store.AddRefundAsync(Request(payment, i, 300), Now, default))));
        Assert.Equal(3, outcomes.Count(o => o is AddRefundOutcome.Added));
    }

    [Fact]
    public async Task SaveRefund_TurningSucceeded_GrowsThePaymentOnce()
    {
        Payment payment = await AddPaidAsync(5000);
        var added = Assert.IsType<AddRefundOutcome.Added>(await Store.AddRefundAsync(Request(payment, 1, 5000), Now, default));
        Refund done = added.Refund with { State = RefundState.Succeeded, RefundId = "50", SucceededAt = Now, NextQueryAt = null };
        Assert.Equal(SavePaymentResult.Saved, await Store.SaveRefundAsync(done, default));
        Assert.Equal(SavePaymentResult.VersionChanged, await Store.SaveRefundAsync(done, default));
        Assert.Equal(SavePaymentResult.Saved, await Store.SaveRefundAsync(done with { Version = 2 }, default));
        Payment after = (await Store.FindAsync(payment.Intent.OutTradeNo, default))!;
        Assert.Equal((PaymentState.Refunded, 5000L), (after.State, after.RefundedMinorUnits));
        Assert.Equal(done with { Version = 3 }, await Store.FindRefundAsync(done.Request.OutRefundNo, default));
    }

    [Fact]
    public async Task DueRefunds_GivesOpenOnesWhoseTimeHasCome()
    {
        Payment payment = await AddPaidAsync(5000);
        await Store.AddRefundAsync(Request(payment, 1, 100), Now, default);
        Assert.Empty(await Store.DueRefundsAsync(Now.AddSeconds(29), 10, default));
        Assert.Single(await Store.DueRefundsAsync(Now.AddSeconds(30), 10, default));
    }

    [Fact]
    public async Task AddUnmatched_Twice_IsKeptOnce()
    {
        var unmatched = new UnmatchedPayment("wechatpay", "42", "LK0009", 1, "CNY", "amount-mismatch", Now);
        Assert.True(await Store.AddUnmatchedAsync(unmatched, default));
        Assert.False(await Store.AddUnmatchedAsync(unmatched with { SeenAt = Now.AddDays(1) }, default));
        Assert.True(await Store.AddUnmatchedAsync(unmatched with { Code = "payment-unknown", AmountMinorUnits = null, CurrencyCode = null }, default));
        IReadOnlyList<UnmatchedPayment> kept = await Store.ListUnmatchedAsync(10, default);
        Assert.Equal((2, unmatched), (kept.Count, kept[1]));
    }

    [Fact]
    public async Task List_GivesTheNewestFirst()
    {
        for (int i = 1; i <= 3; i++) await Store.AddAsync(NewPayment($"LK000{i}") with { CreatedAt = Now.AddMinutes(i) }, default);
        Assert.Equal("LK0003 LK0002", string.Join(' ', (await Store.ListAsync(2, default)).Select(p => p.Intent.OutTradeNo)));
    }

    private async Task<Payment> AddPaidAsync(long fen)
    {
        Payment paid = Paid(NewPayment("LK0001", fen), "42");
        await Store.AddAsync(paid, default);
        return paid;
    }

    private static Payment Paid(Payment payment, string transaction) =>
        payment with { State = PaymentState.Paid, TransactionId = transaction, PaidAt = Now, NextQueryAt = null };

    private static RefundRequest Request(Payment payment, int n, long fen)
    {
        Assert.True(OutTradeNo.TryParse($"{payment.Intent.OutTradeNo}-R{n}", out OutTradeNo number));
        return new RefundRequest(payment.Intent.OutTradeNo, number, new Money(fen, Currency.Cny), "reason");
    }

    private static Payment NewPayment(string number, long fen = 5000)
    {
        Assert.True(OutTradeNo.TryParse(number, out OutTradeNo parsed));
        return new Payment
        {
            Provider = "wechatpay",
            Intent = new PaymentIntent(parsed, new Money(fen, Currency.Cny), PaymentMethod.Jsapi, "openid", "电费充值", Now.AddMinutes(30)),
            State = PaymentState.Created,
            CreatedAt = Now,
        };
    }
}

public sealed class InMemoryPaymentStoreTests : PaymentStoreTests
{
    protected override IPaymentStore Store { get; } = new InMemoryPaymentStore();
}

public sealed class SqlitePaymentStoreTests : PaymentStoreTests, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteDatabase _database;

    public SqlitePaymentStoreTests()
    {
        _database = SqliteDatabase.Open(new SqliteDatabaseOptions(_directory.Path), TimeProvider.System, PaymentsSchema.Room);
        Store = new SqlitePaymentStore(_database);
    }

    protected override IPaymentStore Store { get; }

    [Fact]
    public async Task TheIndex_WithoutTheCode_RefusesASecondOwnerOfATransaction()
    {
        // The guard under the guard: a write past the store's own check.
        await _database.WriteAsync(s => s.Execute(Insert, "LK0001"), default);
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => _database.WriteAsync(s => s.Execute(Insert, "LK0002"), default));
    }

    public void Dispose()
    {
        _database.Dispose();
        _directory.Dispose();
    }

    private const string Insert =
        "INSERT INTO pay_payment (out_trade_no, provider, amount_minor, currency, method, description, expires_at, state, created_at, transaction_id, queries_done, refunded_minor, version) "
        + "VALUES (?1, 'wechatpay', 1, 'CNY', 1, 'x', 'x', 3, 'x', '42', 0, 0, 1)";
}
