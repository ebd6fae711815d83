using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Leads orders through their steps. It holds no state: everything is in the store, so any step may be the last before a crash.</summary>
public sealed class OrderDesk : IOrderDesk
{
    private const int RecoveryBatch = 500;
    private readonly IVendingStore _store;
    private readonly ITokenSigner _signer;
    private readonly TimeProvider _time;
    private readonly VendingOptions _options;
    private readonly SaleCalculation _calculation;
    private readonly OrderSteps _steps;
    private readonly ManagementSteps _management;

    public OrderDesk(IVendingStore store, ITokenSigner signer, TariffBook tariffs, VendingOptions options, TimeProvider time)
    {
        _store = store;
        _signer = signer;
        _time = time;
        _options = options;
        _calculation = new SaleCalculation(options, tariffs);
        _steps = new OrderSteps(options, _calculation);
        _management = new ManagementSteps(options);
    }

    public async Task<OrderOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        return await _store.UpdateAsync(books => _steps.Hold(books, command, now), cancellationToken).ConfigureAwait(false) switch
        {
            HoldStep.Held held => await FinishAsync(held.Order, held.Entry, cancellationToken).ConfigureAwait(false),
            HoldStep.Done done => Issued(done.Order, isReplay: true),
            HoldStep.IdReused => new OrderOutcome.IdReused(command.OrderId),
            HoldStep.Declined declined => new OrderOutcome.Declined(declined.Code, declined.Detail),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    public TrialOutcome Trial(PlaceOrder command) => _store.Read<TrialOutcome>(books =>
        _calculation.Calculate(books, command, _time.GetUtcNow(), out SaleTerms? terms) is { } refusal
            ? new TrialOutcome.Declined(refusal.Code, refusal.Detail)
            : new TrialOutcome.Priced(terms!));

    public VendOrder? Find(Guid orderId) => _store.Read(books => books.FindOrder(orderId));

    public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => _store.OrdersOf(pan, limit);

    public Task<bool> MarkDeliveredAsync(Guid orderId, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        return _store.UpdateAsync(books => OrderSteps.MarkDelivered(books, orderId, now), cancellationToken);
    }

    public Task<string?> MarkCreditedAsync(Guid orderId, CreditProof proof, CancellationToken cancellationToken) =>
        _store.UpdateAsync(books => OrderSteps.MarkCredited(books, orderId, proof), cancellationToken);

    public async Task<ReversalOutcome> ReverseAsync(Guid orderId, string reason, CancellationToken cancellationToken)
    {
        VendOrder? order = Find(orderId);
        if (order is null) return new ReversalOutcome.Refused(VendingCodes.UnknownOrder);
        if (order.State == OrderState.Held) order = await ReleaseAsync(orderId, OrderState.Reversed, reason, cancellationToken).ConfigureAwait(false);
        return order.HasToken || order.State == OrderState.Held
            ? new ReversalOutcome.Refused(VendingCodes.TokenIssued)
            : new ReversalOutcome.Reversed(orderId);
    }

    public async Task<IReadOnlyList<Guid>> RecoverAsync(CancellationToken cancellationToken)
    {
        List<Guid> finished = [];
        IReadOnlyList<VendOrder> held;
        do
        {
            held = _store.InState(OrderState.Held, RecoveryBatch);
            foreach (VendOrder order in held)
            {
                RecordedEntry entry = _store.Read(books => books.FindEntry(order.HoldId))!;
                await FinishAsync(order, entry, cancellationToken).ConfigureAwait(false);
                finished.Add(order.Id);
            }
        }
        while (held.Count == RecoveryBatch);
        return finished;
    }

    public async Task<IReadOnlyList<Guid>> ExpireAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset limit = _time.GetUtcNow() - _options.HoldLifetime;
        List<Guid> expired = [];
        foreach (VendOrder order in _store.InState(OrderState.Held, RecoveryBatch).Where(o => o.Times.Held <= limit))
        {
            VendOrder ended = await ReleaseAsync(order.Id, OrderState.Expired, "expired", cancellationToken).ConfigureAwait(false);
            if (ended.State == OrderState.Expired) expired.Add(order.Id);
        }

        return expired;
    }

    public async Task<ManagementOutcome> IssueManagementTokenAsync(ManagementRequest request, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        (ManagementOutcome? early, ManagementIssue? issue, RecordedEntry? entry) = await _store.UpdateAsync(
            books =>
            {
                ManagementOutcome? outcome = _management.Prepare(books, request, now, out ManagementIssue? prepared);
                return (outcome, prepared, outcome is null ? books.FindEntry(prepared!.EntryId) : null);
            },
            cancellationToken).ConfigureAwait(false);
        if (early is not null) return early;

        SignOutcome signed = await _signer.SignAsync(issue!, new HeldEntry(entry!.Entry.Id, entry.Hash), cancellationToken).ConfigureAwait(false);
        if (signed is SignOutcome.Refused refused) return new ManagementOutcome.Declined(refused.Code, "The signer refuses.");
        TokenNumber token = ((SignOutcome.Signed)signed).Token;
        return new ManagementOutcome.Issued(
            await _store.UpdateAsync(books => ManagementSteps.Store(books, request.Id, token), cancellationToken).ConfigureAwait(false), IsReplay: false);
    }

    /// <summary>From held to settled: the part that recovery repeats.</summary>
    private async Task<OrderOutcome> FinishAsync(VendOrder order, RecordedEntry hold, CancellationToken cancellationToken)
    {
        SignOutcome signed = await _signer.SignAsync(order, new HeldEntry(hold.Entry.Id, hold.Hash), cancellationToken).ConfigureAwait(false);
        if (signed is SignOutcome.Refused refused)
        {
            VendOrder ended = await ReleaseAsync(order.Id, OrderState.Declined, refused.Code, cancellationToken).ConfigureAwait(false);
            return ended switch
            {
                { HasToken: true } => Issued(ended, isReplay: true),
                { State: OrderState.Held } => new OrderOutcome.Pending(order.Id, refused.Code),
                _ => new OrderOutcome.Declined(refused.Code, "The signer refuses; nothing was charged."),
            };
        }

        TokenNumber token = ((SignOutcome.Signed)signed).Token;
        DateTimeOffset now = _time.GetUtcNow();
        VendOrder posted = await _store.UpdateAsync(
            books => OrderSteps.Settle(books, order.Id, token, (o, h) => OrderReceipt.Of(o, h, _options, _signer.IsDevelopment).ToBytes(), now),
            cancellationToken).ConfigureAwait(false);
        return Issued(posted, isReplay: false);
    }

    /// <summary>Ends a hold, but only after the signer has promised that there is no token and never will be.</summary>
    private async Task<VendOrder> ReleaseAsync(Guid orderId, OrderState end, string code, CancellationToken cancellationToken)
    {
        VendOrder order = Find(orderId)!;
        if (order.State != OrderState.Held) return order;
        if (!await _signer.CancelAsync(orderId, order.HoldId, cancellationToken).ConfigureAwait(false)) return Find(orderId)!;
        DateTimeOffset now = _time.GetUtcNow();
        return await _store.UpdateAsync(books => OrderSteps.Release(books, orderId, end, code, now), cancellationToken).ConfigureAwait(false);
    }

    private static OrderOutcome Issued(VendOrder order, bool isReplay) => order.HasToken
        ? new OrderOutcome.Issued(OrderReceipt.FromBytes(order.Answer.Span), order.Answer, isReplay)
        : new OrderOutcome.Declined(order.RefusalCode ?? VendingCodes.OrderCancelled, "This purchase was given up.");
}
