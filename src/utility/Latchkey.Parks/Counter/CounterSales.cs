using System.Collections.Concurrent;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.Parks.Store;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Parks.Counter;

/// <summary>Sales where the money is already in hand: at the office, by a vendor, through the interface. The token goes to the meter by itself.</summary>
/// <remarks>The order's id is the delivery's id. A crash between two steps is made good by <see cref="ResumeAsync"/>: the steps are asked for again.</remarks>
public sealed class CounterSales : IHeadEndListener
{
    private const int AtOnce = 500;
    private readonly IOrderDesk _orders;
    private readonly IVendingStore _store;
    private readonly IParkStore _parks;
    private readonly HeadEndDesk _headEnd;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<Guid> _proven = new();

    public CounterSales(IOrderDesk orders, IVendingStore store, IParkStore parks, HeadEndDesk headEnd, TimeProvider time)
    {
        (_orders, _store, _parks, _headEnd, _time) = (orders, store, parks, headEnd, time);
        headEnd.Subscribe(this);
    }

    /// <summary>Sells and sends. The same order again gives the stored answer and sends nothing twice.</summary>
    public async Task<OrderOutcome> SellAsync(PlaceOrder order, CancellationToken cancellationToken)
    {
        OrderOutcome outcome = await _orders.PlaceAsync(order, cancellationToken).ConfigureAwait(false);
        if (outcome is OrderOutcome.Issued) await SendAsync(order.OrderId, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>Books the proofs that have arrived.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_proven.TryDequeue(out Guid id)) await SettleAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After a start: sends what was issued and not sent, books what was proven and not booked.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (VendOrder order in _store.InState(OrderState.Posted, AtOnce).Concat(_store.InState(OrderState.Delivered, AtOnce)))
        {
            if (_parks.FindTopUp(order.Id) is not null) continue; // a top-up leads its own order
            await SendAsync(order.Id, cancellationToken).ConfigureAwait(false);
            await SettleAsync(order.Id, cancellationToken).ConfigureAwait(false);
        }
    }

    public void DeliveryChanged(Delivery delivery)
    {
        if (delivery is { State: DeliveryState.Proven, Content: DeliveryContent.Credit }) _proven.Enqueue(delivery.Id);
    }

    public void ReadingStored(MeterPan pan, ReportedState reading)
    {
        // Readings are the balance watch's business.
    }

    public void EventStored(MeterEvent entry)
    {
        // Events are shown, not acted on.
    }

    private async Task SendAsync(Guid orderId, CancellationToken cancellationToken)
    {
        if (_orders.Find(orderId) is not { Token: { } token } order || _headEnd.FindDelivery(orderId) is not null) return;

        // Before anybody can see the digits: from here on the order can no longer be called back.
        await _orders.MarkDeliveredAsync(orderId, cancellationToken).ConfigureAwait(false);
        var content = new DeliveryContent.Credit([new DeliveryToken(token, order.Tid?.Minutes)]);
        _headEnd.Submit(new DeliveryRequest(orderId, order.Command.Pan, content), _time.GetUtcNow());
    }

    private async Task SettleAsync(Guid orderId, CancellationToken cancellationToken)
    {
        if (_parks.FindTopUp(orderId) is not null || _orders.Find(orderId) is not { HasToken: true } order) return;
        if (_headEnd.FindDelivery(orderId) is not { State: DeliveryState.Proven } delivery) return;
        CreditProofKind kind = delivery.ProvenBy == ProofSource.AlreadyUsed ? CreditProofKind.AlreadyUsed : CreditProofKind.Accepted;
        var proof = new CreditProof(kind, order.Tid.GetValueOrDefault(), delivery.ClosedAt ?? _time.GetUtcNow(), delivery.Evidence ?? string.Empty);
        await _orders.MarkCreditedAsync(orderId, proof, cancellationToken).ConfigureAwait(false);
    }
}
