using Latchkey.HeadEnd;
using Latchkey.Server.Portal.Orders;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Rooms;

/// <summary>Orders over the rooms of selling, for support.</summary>
internal sealed class OrderLifeReader(
    VendingHouse vending, HeadEndDesk headEnd, OrderReader orders, PaperReader papers, VendingOptions options, MoneyBackReader returns, PortalActs acts, TimeProvider time) : IOrderLife
{
    public IReadOnlyList<OrderLine> Search(string text, int limit)
    {
        string wanted = text.Trim(), digits = string.Concat(wanted.Where(c => !char.IsWhiteSpace(c) && c != '-'));
        if (MeterNumber.Read(digits, out MeterPan pan) is null) return [.. vending.Desk.OrdersOf(pan, limit).Select(orders.Line)];
        if (Guid.TryParse(wanted, out Guid id) && vending.Desk.Find(id) is { } order) return [orders.Line(order)];
        if (vending.Store.FindByReceipt(wanted) is { } sold) return [orders.Line(sold)];
        if (wanted.Length == 0) return [];
        IEnumerable<string> channels = options.Channels.Select(c => c.Code).Concat(vending.Vendors.List().Select(v => v.Code));
        return [.. channels.Select(channel => vending.Store.Read(books => books.FindPayment(channel, wanted))).OfType<Guid>().Select(vending.Desk.Find).OfType<VendOrder>().Take(limit).Select(orders.Line)];
    }

    public OrderLife? Find(Guid orderId)
    {
        if (vending.Desk.Find(orderId) is not { } order) return null;
        return new OrderLife(
            order, OrderEntries.Of(vending.Ledger, order), papers.Of(order), vending.Reprints.Of(orderId), headEnd.FindDelivery(orderId) is { } delivery ? CodeText.Of(delivery.State) : null,
            vending.Vendors.Find(order.Command.Channel)?.Name, order.Terms is { Make: not null } ? vending.Makers.Find(orderId) : null);
    }

    public async Task<MoneyBackLine?> MoneyBackAsync(Guid orderId, CancellationToken cancellationToken) =>
        vending.Desk.Find(orderId) is { } order ? await returns.OfAsync(order, cancellationToken) : null;

    public async Task<string?> GiveBackAsync(Guid orderId, UnusedReason? reason, string evidence, string why, string first, string second, CancellationToken cancellationToken) =>
        vending.MoneyBack.EffectOf(orderId, reason, evidence, out (string Code, string Detail)? problem) is { } effect
            ? await acts.DoAsync(effect, why, first, second, cancellationToken)
            : problem!.Value.Code;

    public async Task<string?> ReverseAsync(Guid orderId, string person, CancellationToken cancellationToken) =>
        await vending.Desk.ReverseAsync(orderId, $"operator {person}", cancellationToken) is ReversalOutcome.Refused refused ? refused.Code : null;

    public async Task<Reprint?> ReprintAsync(Guid orderId, string person, CancellationToken cancellationToken) =>
        vending.Desk.Find(orderId) is { HasToken: true } ? await vending.Reprints.AddAsync(orderId, person, time.GetUtcNow(), cancellationToken) : null;
}
