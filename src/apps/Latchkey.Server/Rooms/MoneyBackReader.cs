using Latchkey.Payments.Refunds;
using Latchkey.Server.Api;
using Latchkey.Server.Platform;
using Latchkey.Server.Portal.Orders;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Money that went back, over the books and the payment service's answers.</summary>
internal sealed class MoneyBackReader(LatchkeyPlatform platform)
{
    public const string None = "none";

    public async Task<MoneyBackLine> OfAsync(VendOrder order, CancellationToken cancellationToken)
    {
        bool isPayers = platform.TopUps.FindPaid(order.Id) is not null;
        Refund? refund = isPayers ? await platform.TopUps.FindReturnAsync(order.Id, cancellationToken) : null;
        string state = refund is not null ? CodeText.Of(refund.State) : platform.Vending.MoneyBack.Granted(order.Id) > 0 ? "given" : None;
        bool canAsk = order.State != OrderState.Credited && (isPayers ? refund is null or { State: RefundState.Closed } : order.HasToken);
        return new MoneyBackLine(isPayers ? "payer" : platform.Vending.Vendors.Find(order.Command.Channel) is not null ? "float" : "seller", state, canAsk);
    }

    /// <summary>As the interface tells it; null where nothing went back.</summary>
    public async Task<PurchaseReturn?> ReturnOfAsync(VendOrder order, CancellationToken cancellationToken) =>
        await OfAsync(order, cancellationToken) is { State: not None } line ? new PurchaseReturn(line.To, line.State, order.Command.Amount.MinorUnits) : null;
}
