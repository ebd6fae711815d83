using Latchkey.Parks.Counter;
using Latchkey.Quantities;
using Latchkey.Server.Api;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Sells for the API: the money is already in the caller's hand. The token goes back to the caller and to the meter as well.</summary>
internal sealed class Sales(CounterSales counter, IOrderDesk orders, PaperReader papers, MoneyBackReader returns, RoomSettings settings) : IPurchases
{
    public async ValueTask<PurchaseOutcome> PurchaseAsync(PurchaseCommand command, CancellationToken cancellationToken)
    {
        if (MeterNumber.Read(command.MeterPan, out MeterPan pan) is { } fault) return new PurchaseOutcome.Refused(fault, DetailOf(fault));

        // The caller's id is a reference as good as any: with it one purchase is paid once.
        string reference = command.PaymentReference ?? command.PurchaseId.ToString("N");
        var order = new PlaceOrder(command.PurchaseId, pan, command.Amount, command.Vendor ?? settings.ApiChannel, reference, command.Client);
        return await counter.SellAsync(order, cancellationToken) switch
        {
            OrderOutcome.Issued issued => new PurchaseOutcome.Issued(issued.StoredAnswer, issued.IsReplay),
            OrderOutcome.IdReused => new PurchaseOutcome.IdReused(),
            OrderOutcome.Pending pending => new PurchaseOutcome.Pending(pending.Code),
            OrderOutcome.Declined declined => new PurchaseOutcome.Refused(declined.Code, declined.Detail),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    public async ValueTask<PurchaseStatus?> FindAsync(Guid purchaseId, CancellationToken cancellationToken) => orders.Find(purchaseId) is { } order
        ? StatusOf(order) with { MoneyBack = await returns.ReturnOfAsync(order, cancellationToken) }
        : null;

    private PurchaseStatus StatusOf(VendOrder order)
    {
        PurchaseToken[] tokens = [.. papers.EntryOf(order).Select(PurchaseToken.Of)];
        return new PurchaseStatus(
        order.Id,
        order.Command.Pan.ToString(),
        order.Command.Amount.MinorUnits,
        order.Command.Amount.Currency.ToString(),
        CodeText.Of(order.State),
        [.. tokens.Select(t => t.Number)],
        order.Terms is { IsMoney: false } terms ? Energy.FromTenthsOfKilowattHour(terms.TenthsGranted).WattHours : null,
        order.Times.Received,
        order.Times.Delivered,
        order.Times.Credited,
        order.Command.Operator)
        {
            CreditMinorUnits = order.Terms is { IsMoney: true } money ? money.PrepaidMinorUnits : null,
            ToType = tokens,
        };
    }

    private static string DetailOf(string fault) => fault == VendingCodes.PanCheckDigit
        ? "The check digit of the meter number is wrong: one or more digits are mistyped."
        : "A meter number has 18 digits, or the 11 or 13 digits on the meter's face.";
}
