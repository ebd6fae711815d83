using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Quantities;
using Latchkey.Server.Api;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Sells for the API. The token goes back to the caller and, where the meter can be reached, to the meter as well.</summary>
internal sealed partial class Sales(IOrderDesk orders, HeadEndDesk headEnd, TimeProvider time, ILogger<Sales> logger) : IPurchases
{
    /// <summary>The seller's channel of API clients.</summary>
    internal const string Channel = "api";

    public async ValueTask<PurchaseOutcome> PurchaseAsync(PurchaseCommand command, CancellationToken cancellationToken)
    {
        if (MeterNumber.Read(command.MeterPan, out MeterPan pan) is { } fault) return new PurchaseOutcome.Refused(fault, DetailOf(fault));
        var order = new PlaceOrder(command.PurchaseId, pan, command.Amount, Channel, command.PaymentReference, command.Client);
        OrderOutcome outcome = await orders.PlaceAsync(order, cancellationToken);
        if (outcome is OrderOutcome.Issued) Send(command.PurchaseId, pan);
        return outcome switch
        {
            OrderOutcome.Issued issued => new PurchaseOutcome.Issued(issued.StoredAnswer, issued.IsReplay),
            OrderOutcome.IdReused => new PurchaseOutcome.IdReused(),
            OrderOutcome.Pending pending => new PurchaseOutcome.Pending(pending.Code),
            OrderOutcome.Declined declined => new PurchaseOutcome.Refused(declined.Code, declined.Detail),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    public ValueTask<PurchaseStatus?> FindAsync(Guid purchaseId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(orders.Find(purchaseId) is { } order ? StatusOf(order) : null);

    // The sale stands whatever happens here: the caller holds the digits, and a retry of the same purchase sends again.
    private void Send(Guid id, MeterPan pan)
    {
        if (headEnd.FindMeter(pan) is null || orders.Find(id) is not { Token: { } token } order) return;
        var content = new DeliveryContent.Credit([new DeliveryToken(token, order.Tid?.Minutes)]);
        SubmitOutcome outcome = headEnd.Submit(new DeliveryRequest(id, pan, content), time.GetUtcNow());
        if (outcome is not SubmitOutcome.Accepted) LogNotSent(id, outcome.GetType().Name);
    }

    private static PurchaseStatus StatusOf(VendOrder order) => new(
        order.Id,
        order.Command.Pan.ToString(),
        order.Command.Amount.MinorUnits,
        order.Command.Amount.Currency.ToString(),
        CodeText.Of(order.State),
        order.HasToken && order.Token is { } token ? [token.ToGroupedString()] : [],
        order.Terms is { } terms ? Energy.FromTenthsOfKilowattHour(terms.TenthsGranted).WattHours : null,
        order.Times.Received,
        order.Times.Delivered,
        order.Times.Credited);

    private static string DetailOf(string fault) => fault == VendingCodes.PanCheckDigit
        ? "The check digit of the meter number is wrong: one or more digits are mistyped."
        : "A meter number has 18 digits, or the 11 or 13 digits on the meter's face.";

    [LoggerMessage(EventId = 9002, Level = LogLevel.Warning, Message = "Purchase {PurchaseId} is sold but was not taken for delivery: {Outcome}")]
    private partial void LogNotSent(Guid purchaseId, string outcome);
}

/// <summary>Hears of proofs for tokens that the API sold; what the parks sold, the parks settle.</summary>
internal sealed class SalesProofs(IOrderDesk orders) : IHeadEndListener
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<Delivery> _proven = new();

    public void DeliveryChanged(Delivery delivery)
    {
        if (delivery is { State: DeliveryState.Proven, Content: DeliveryContent.Credit }) _proven.Enqueue(delivery);
    }

    public void ReadingStored(MeterPan pan, HeadEnd.Meters.ReportedState reading)
    {
        // Readings are no proof of a sale.
    }

    public void EventStored(HeadEnd.Events.MeterEvent entry)
    {
        // Nor are events.
    }

    /// <summary>Books the proofs that came in.</summary>
    internal async Task BookAsync(CancellationToken cancellationToken)
    {
        while (_proven.TryDequeue(out Delivery? delivery))
        {
            if (orders.Find(delivery.Id) is not { Tid: { } tid, Command.Channel: Sales.Channel }) continue;
            CreditProofKind kind = delivery.ProvenBy == ProofSource.AlreadyUsed ? CreditProofKind.AlreadyUsed : CreditProofKind.Accepted;
            var proof = new CreditProof(kind, tid, delivery.ClosedAt ?? delivery.CreatedAt, delivery.Evidence ?? string.Empty);
            await orders.MarkDeliveredAsync(delivery.Id, cancellationToken);
            await orders.MarkCreditedAsync(delivery.Id, proof, cancellationToken);
        }
    }
}
