using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending.Makers;

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
    private readonly MakerLane _makers;

    public OrderDesk(IVendingStore store, ITokenSigner signer, TariffBook tariffs, VendingOptions options, TimeProvider time)
    {
        _store = store;
        _signer = signer;
        _time = time;
        _options = options;
        _calculation = new SaleCalculation(options, tariffs);
        _releases = new OrderReleases(store, signer, time);
        _makers = new MakerLane(store, options.Makers, time);
        _flow = new OrderFlow(store, signer, _makers, new OrderSteps(options, _calculation), _releases, options, time);
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
        if (Find(orderId) is null) return new ReversalOutcome.Refused(VendingCodes.UnknownOrder);
        return await _releases.ReverseAsync(orderId, reason, cancellationToken).ConfigureAwait(false) is { } code
            ? new ReversalOutcome.Refused(code)
            : new ReversalOutcome.Reversed(orderId);
    }

    public async Task FinishAsync(Guid orderId, CancellationToken cancellationToken)
    {
        if (Find(orderId) is { State: OrderState.Held } held) await _flow.FinishAsync(held, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<Guid>> RecoverAsync(CancellationToken cancellationToken)
    {
        List<Guid> tried = [];
        IReadOnlyList<VendOrder> held;
        do
        {
            // From where the last batch ended: what the signer cannot finish now stays held and must not keep the others waiting.
            held = _store.InState(OrderState.Held, RecoveryBatch, tried.Count == 0 ? null : tried[^1]);
            await Task.WhenAll(held.Select(order => LeadOnAsync(order, cancellationToken))).ConfigureAwait(false);
            tried.AddRange(held.Select(order => order.Id));
        }
        while (held.Count == RecoveryBatch);
        return tried;
    }

    public async Task<IReadOnlyList<Guid>> ExpireAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        List<Guid> expired = [];
        IReadOnlyList<VendOrder> held;
        Guid? after = null;
        do
        {
            // What waits for people stays held for days and must not keep the others' money.
            held = _store.InState(OrderState.Held, RecoveryBatch, after);
            foreach (VendOrder order in held.Where(o => o.Times.Held <= now - _options.HoldLifetimeOf(o.Terms?.Make)))
            {
                VendOrder ended = await _releases.ReleaseAsync(order.Id, OrderState.Expired, "expired", cancellationToken).ConfigureAwait(false);
                if (ended.State == OrderState.Expired) expired.Add(order.Id);
            }

            after = held.Count == 0 ? null : held[^1].Id;
        }
        while (held.Count == RecoveryBatch);
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

        if (MakerEntries.MakeIn(entry!.Entry) is { } make) return await AskMakerAsync(issue!, entry, make, cancellationToken).ConfigureAwait(false);
        SignOutcome signed = await _signer.SignAsync(issue!, new HeldEntry(entry.Entry.Id, entry.Hash), cancellationToken).ConfigureAwait(false);
        if (signed is SignOutcome.Refused refused) return new ManagementOutcome.Declined(refused.Code, "The signer refuses.");
        TokenNumber token = ((SignOutcome.Signed)signed).Token;
        return new ManagementOutcome.Issued(
            await _store.UpdateAsync(books => ManagementSteps.Store(books, request.Id, token), cancellationToken).ConfigureAwait(false), IsReplay: false);
    }

    private async Task<ManagementOutcome> AskMakerAsync(ManagementIssue issue, RecordedEntry entry, string make, CancellationToken cancellationToken)
    {
        if (MakerErrand.Of(issue, entry, make) is not { } errand) return new ManagementOutcome.Declined(VendingCodes.TokenKindNotOffered, "The maker's service makes no such token.");
        return await _makers.RunAsync(errand).WaitAsync(cancellationToken).ConfigureAwait(false) switch
        {
            MakerAnswer.Made made => new ManagementOutcome.Issued(
                await _store.UpdateAsync(books => ManagementSteps.Store(books, issue.Id, made.Token), cancellationToken).ConfigureAwait(false), IsReplay: false),
            MakerAnswer.Refused refused => new ManagementOutcome.Declined(refused.Code, refused.Detail),
            MakerAnswer.Waiting waiting => new ManagementOutcome.Declined(waiting.Code, "There is no token yet: ask again with the same id."),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    /// <summary>A maker's service may take its time: its orders are led on, and nobody waits here until it has answered.</summary>
    private Task LeadOnAsync(VendOrder order, CancellationToken cancellationToken)
    {
        Task finished = _flow.FinishAsync(order, cancellationToken);
        return order.Terms is { Make: not null } ? Task.CompletedTask : finished;
    }
}
