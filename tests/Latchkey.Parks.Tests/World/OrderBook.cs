using System.Text;
using Latchkey.HeadEnd.Tests;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

/// <summary>A stand-in for Vending that keeps its promises: one order per id, one token per order, the same answer for ever.</summary>
internal sealed class OrderBook(TimeProvider time) : IOrderDesk
{
    private readonly Dictionary<Guid, VendOrder> _orders = [];

    /// <summary>When set, orders are declined with it.</summary>
    public string? Declines { get; set; }

    /// <summary>When set, orders are held and wait.</summary>
    public string? Pends { get; set; }

    /// <summary>A declined order stays held, and nobody can say whether it has a token.</summary>
    public bool IsSignerAway { get; set; }

    public int TokensMade { get; private set; }

    public Task<OrderOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken)
    {
        if (_orders.TryGetValue(command.OrderId, out VendOrder? known))
            return Task.FromResult<OrderOutcome>(known.Command == command ? Issued(known, isReplay: true) : new OrderOutcome.IdReused(command.OrderId));
        if (Pends is { } waiting) return Task.FromResult<OrderOutcome>(new OrderOutcome.Pending(command.OrderId, waiting));
        if (Declines is { } code)
        {
            if (IsSignerAway) _orders[command.OrderId] = new VendOrder(command, OrderState.Held, new OrderTimes(time.GetUtcNow(), Held: time.GetUtcNow()), Terms(command));
            return Task.FromResult<OrderOutcome>(new OrderOutcome.Declined(code, string.Empty));
        }

        VendOrder order = new(
            command, OrderState.Posted, new OrderTimes(time.GetUtcNow(), Posted: time.GetUtcNow()), Terms(command),
            TokenIdentifier.FromMinutes(16_000_000u + (uint)_orders.Count), Token: TestMeters.Token(1_000 + ++TokensMade));
        _orders.Add(order.Id, order);
        return Task.FromResult<OrderOutcome>(Issued(order, isReplay: false));
    }

    public TrialOutcome Trial(PlaceOrder command)
    {
        if (!command.Amount.IsPositive) return new TrialOutcome.Declined(VendingCodes.AmountZero, string.Empty);
        return command.PaymentReference is null
            ? new TrialOutcome.Declined(VendingCodes.PaymentReferenceMissing, string.Empty)
            : new TrialOutcome.Priced(Terms(command));
    }

    public VendOrder? Find(Guid orderId) => _orders.GetValueOrDefault(orderId);

    public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => [.. _orders.Values.Where(o => o.Command.Pan == pan).Take(limit)];

    public Task<bool> MarkDeliveredAsync(Guid orderId, CancellationToken cancellationToken)
    {
        VendOrder order = _orders[orderId];
        if (order.State == OrderState.Posted) _orders[orderId] = order with { State = OrderState.Delivered };
        return Task.FromResult(true);
    }

    public Task<string?> MarkCreditedAsync(Guid orderId, CreditProof proof, CancellationToken cancellationToken)
    {
        VendOrder order = _orders[orderId];
        if (proof.Tid != order.Tid) return Task.FromResult<string?>(VendingCodes.ProofMismatch);
        _orders[orderId] = order with { State = OrderState.Credited, Proof = order.Proof ?? proof };
        return Task.FromResult<string?>(null);
    }

    public Task<ReversalOutcome> ReverseAsync(Guid orderId, string reason, CancellationToken cancellationToken) => Task.FromResult<ReversalOutcome>(_orders.GetValueOrDefault(orderId) switch
    {
        null => new ReversalOutcome.Refused(VendingCodes.UnknownOrder),
        { State: OrderState.Held } => IsSignerAway ? new ReversalOutcome.Refused(VendingCodes.SignerUnavailable) : new ReversalOutcome.Reversed(orderId),
        { State: OrderState.Cancelled } => new ReversalOutcome.Reversed(orderId),
        _ => new ReversalOutcome.Refused(VendingCodes.TokenIssued),
    });

    /// <summary>Two people took it back on the meter's proof.</summary>
    public void Cancel(Guid orderId) => _orders[orderId] = _orders[orderId] with { State = OrderState.Cancelled };

    public Task FinishAsync(Guid orderId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<Guid>> RecoverAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Guid>>([]);

    public Task<IReadOnlyList<Guid>> ExpireAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Guid>>([]);

    public Task<ManagementOutcome> IssueManagementTokenAsync(ManagementRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Not asked of this stand-in.");

    private static OrderOutcome.Issued Issued(VendOrder order, bool isReplay)
    {
        var receipt = new OrderReceipt(
            "1", order.Id, "now", "seller", string.Empty, order.Command.Channel, order.Command.PaymentReference, null, order.Command.Pan.ToString(),
            string.Empty, "000001", "01", 1, "EA11", string.Empty, string.Empty, "flat", null, "CNY", order.Command.Amount.MinorUnits, "1",
            order.Terms!.TenthsGranted, 0, [], [], string.Empty, null);
        return new OrderOutcome.Issued(receipt, Encoding.UTF8.GetBytes(order.Id.ToString()), isReplay);
    }

    // One yuan a kilowatt-hour.
    private static SaleTerms Terms(PlaceOrder command) =>
        new(default, "flat", null, "0", command.Amount.MinorUnits / 10, 0, [], string.Empty, string.Empty, string.Empty, string.Empty);
}
