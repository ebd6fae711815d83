using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Leads orders through their steps. It holds no state of theirs: everything is in the store, so any step may be the last before a crash.</summary>
public sealed class OrderDesk : IOrderDesk
{
    private const int RecoveryBatch = 500;
    private readonly IVendingStore _store;
    private readonly ITokenSigner _signer;
    private readonly TimeProvider _time;
    private readonly VendingOptions _options;
    private readonly SaleCalculation _calculation;
    private readonly OrderReleases _releases;
    private readonly OrderFlow _flow;
    private readonly ManagementSteps _management;

    public OrderDesk(IVendingStore store, ITokenSigner signer, TariffBook tariffs, VendingOptions options, TimeProvider time)
    {
        _store = store;
        _signer = signer;
        _time = time;
        _options = options;
        _calculation = new SaleCalculation(options, tariffs);
        _releases = new OrderReleases(store, signer, time);
        _flow = new OrderFlow(store, signer, new OrderSteps(options, _calculation), _releases, options, time);
        _management = new ManagementSteps(options);
    }

    public Task<OrderOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken) => _flow.PlaceAsync(command, cancellationToken);

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

    public async Task<string?> MarkCreditedAsync(Guid orderId, CreditProof proof, CancellationToken cancellationToken)
    {
        string? fault = await _store.UpdateAsync(books => OrderSteps.MarkCredited(books, orderId, proof), cancellationToken).ConfigureAwait(false);
        if (fault is null && Find(orderId) is { } order) await _options.KeyGate.CreditedAsync(order.Command.Pan, cancellationToken).ConfigureAwait(false);
        return fault;
    }

    public async Task<ReversalOutcome> ReverseAsync(Guid orderId, string reason, CancellationToken cancellationToken)
    {
        VendOrder? order = Find(orderId);
        if (order is null) return new ReversalOutcome.Refused(VendingCodes.UnknownOrder);
        if (order.State == OrderState.Held) order = await _releases.ReleaseAsync(orderId, OrderState.Reversed, reason, cancellationToken).ConfigureAwait(false);
        return order.HasToken || order.State == OrderState.Held
            ? new ReversalOutcome.Refused(VendingCodes.TokenIssued)
            : new ReversalOutcome.Reversed(orderId);
    }

    public async Task<IReadOnlyList<Guid>> RecoverAsync(CancellationToken cancellationToken)
    {
        List<Guid> tried = [];
        IReadOnlyList<VendOrder> held;
        do
        {
            // From where the last batch ended: what the signer cannot finish now stays held and must not keep the others waiting.
            held = _store.InState(OrderState.Held, RecoveryBatch, tried.Count == 0 ? null : tried[^1]);
            await Task.WhenAll(held.Select(order => _flow.FinishAsync(order, cancellationToken))).ConfigureAwait(false);
            tried.AddRange(held.Select(order => order.Id));
        }
        while (held.Count == RecoveryBatch);
        return tried;
    }

    public async Task<IReadOnlyList<Guid>> ExpireAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset limit = _time.GetUtcNow() - _options.HoldLifetime;
        List<Guid> expired = [];
        foreach (VendOrder order in _store.InState(OrderState.Held, RecoveryBatch).Where(o => o.Times.Held <= limit))
        {
            VendOrder ended = await _releases.ReleaseAsync(order.Id, OrderState.Expired, "expired", cancellationToken).ConfigureAwait(false);
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
}
