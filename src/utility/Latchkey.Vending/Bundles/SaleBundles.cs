using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>The channels that pay for what a customer does not. The state or the seller owes them; each gift is paid once.</summary>
/// <param name="FreeUnits">Pays free energy; its tariff prices it. Null where none is given.</param>
/// <param name="Refunds">Pays refunds; null where none are given.</param>
public sealed record BundleOptions(string? FreeUnits, string? Refunds)
{
    public static BundleOptions None { get; } = new(null, null);
}

/// <summary>A purchase and what comes with it: a new key, free energy that is due, refunds that wait. Each sale is an order of its own, with its own entry and token.</summary>
/// <remarks>
/// Nothing of the composition is kept: the ids follow from the purchase's, and what may be given once is named by its payment's reference, which the
/// books take once. A purchase that broke off in the middle is completed by sending it again.
/// </remarks>
public sealed class SaleBundles(
    IOrderDesk desk, KeyChangeDesk keyChanges, IVendingStore store, IRefundStore refunds, TariffBook tariffs, VendingOptions options, BundleOptions bundles, TimeProvider time)
{
    private const int OrdersLookedThrough = 50;

    /// <summary>Sells with all that is due. An amount of zero asks for the free energy alone. A purchase that was made answers as it did, whatever has become due since.</summary>
    public async Task<BundleOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken)
    {
        VendOrder? sale = desk.Find(command.OrderId);
        IReadOnlyList<IssuedPart> given = Find(command.OrderId, command.Pan);
        if (IsAnother(command, sale, given)) return new BundleOutcome.IdReused(command.OrderId);

        DateTimeOffset? since = sale?.Times.Received ?? (given.Count > 0 ? given[0].Order.Times.Received : null);
        KeyChange? change = sale is { HasToken: true } || given.Count > 0 ? null : await PrepareKeyAsync(command, isBegun: sale is not null, cancellationToken).ConfigureAwait(false);
        bool isReplay = given.Count > 0;
        if (command.Amount.MinorUnits != 0)
        {
            switch (await desk.PlaceAsync(command, cancellationToken).ConfigureAwait(false))
            {
                case OrderOutcome.Issued issued:
                    isReplay = issued.IsReplay;
                    break;
                case OrderOutcome.IdReused reused:
                    return new BundleOutcome.IdReused(reused.OrderId);
                case OrderOutcome.Pending pending:
                    return new BundleOutcome.Pending(pending.Code);
                case OrderOutcome.Declined declined:
                    return new BundleOutcome.Declined(declined.Code, declined.Detail);
            }
        }

        // A gift that cannot be given now waits for the next purchase; the sale stands without it.
        foreach ((_, PlaceOrder order) in Extras(command, since).Where(extra => given.All(part => part.Order.Id != extra.Order.OrderId)))
            await desk.PlaceAsync(order, cancellationToken).ConfigureAwait(false);

        IReadOnlyList<IssuedPart> parts = Find(command.OrderId, command.Pan);
        return parts.Count > 0
            ? new BundleOutcome.Issued(isReplay ? ChangeOf(parts[0].Order) : change, parts, isReplay)
            : new BundleOutcome.Declined(VendingCodes.NoFreeUnitsDue, "No free energy is due to this meter.");
    }

    /// <summary>The change of keys whose tokens went with an order; null where none did.</summary>
    public KeyChange? ChangeOf(VendOrder order) =>
        keyChanges.Find(order.Command.Pan) is { Tokens.Count: > 0 } change ? PurchaseReceipt.ChangeOf(order, change, desk.OrdersOf(order.Command.Pan, OrdersLookedThrough)) : null;

    /// <summary>What <see cref="PlaceAsync"/> would come to now.</summary>
    public BundleTrial Trial(PlaceOrder command)
    {
        List<(BundlePart, SaleTerms)> parts = [];
        if (command.Amount.MinorUnits != 0)
        {
            switch (desk.Trial(command))
            {
                case TrialOutcome.Declined declined:
                    return new BundleTrial.Declined(declined.Code, declined.Detail);
                case TrialOutcome.Priced priced:
                    parts.Add((BundlePart.Sale, priced.Terms));
                    break;
            }
        }

        foreach ((BundlePart part, PlaceOrder order) in Extras(command, since: null))
        {
            if (desk.Trial(order) is TrialOutcome.Priced priced) parts.Add((part, priced.Terms));
        }

        return parts.Count > 0
            ? new BundleTrial.Priced(keyChanges.OpenFor(command.Pan), parts)
            : new BundleTrial.Declined(VendingCodes.NoFreeUnitsDue, "No free energy is due to this meter.");
    }

    /// <summary>Whether refunds are given here at all.</summary>
    public bool GivesRefunds => bundles.Refunds is not null;

    /// <summary>True where a purchase now would bring free energy.</summary>
    public bool IsFreeDue(MeterPan pan) => store.Read(books => FreeOrder(books, pan, Guid.Empty, since: null)) is not null;

    /// <summary>The tokens of a purchase that was made; none where there is no such purchase.</summary>
    public IReadOnlyList<IssuedPart> Find(Guid purchase, MeterPan pan)
    {
        IEnumerable<(BundlePart Part, Guid Id)> ids =
        [
            (BundlePart.Sale, purchase),
            (BundlePart.FreeUnits, FreeId(purchase)),
            .. refunds.Of(pan).Select(refund => (BundlePart.Refund, RefundId(purchase, refund))),
        ];
        return [.. ids.Select(i => (i.Part, Order: desk.Find(i.Id))).Where(i => i.Order is { HasToken: true } order && order.Command.Pan == pan).Select(i => new IssuedPart(i.Part, i.Order!, OrderReceipt.FromBytes(i.Order!.Answer.Span)))];
    }

    /// <summary>The tokens of the newest purchase of a meter, or of the one with a receipt of this number, as far as the newest <paramref name="limit"/> orders reach.</summary>
    public IReadOnlyList<IssuedPart> FindByReceipt(MeterPan pan, string? receipt, int limit)
    {
        IssuedPart[] parts = [.. desk.OrdersOf(pan, limit).Where(o => o.HasToken).Select(o => new IssuedPart(PartOf(o), o, OrderReceipt.FromBytes(o.Answer.Span)))];
        IssuedPart? found = receipt is null ? parts.FirstOrDefault() : parts.FirstOrDefault(p => p.Receipt.Number == receipt);
        if (found is null) return [];

        // What came with a purchase has the first half of its id.
        return receipt is null ? [.. parts.Where(p => DerivedId.HaveOneOrigin(p.Order.Id, found.Order.Id)).OrderBy(p => p.Part)] : [found];
    }

    private BundlePart PartOf(VendOrder order) => order.Command.Channel == bundles.Refunds ? BundlePart.Refund
        : order.Command.Channel == bundles.FreeUnits ? BundlePart.FreeUnits
        : BundlePart.Sale;

    private static Guid FreeId(Guid purchase) => DerivedId.Of(purchase, "free units");

    private static Guid RefundId(Guid purchase, EnergyRefund refund) => DerivedId.Of(purchase, "refund " + refund.Id.ToString("N")[..16]);

    /// <summary>The id was used for a purchase of another meter, or of money where this is one of none. What else differs the order itself knows.</summary>
    private bool IsAnother(PlaceOrder command, VendOrder? sale, IReadOnlyList<IssuedPart> given)
    {
        if (sale is null && desk.Find(FreeId(command.OrderId)) is { } free && free.Command.Pan != command.Pan) return true;
        return command.Amount.MinorUnits == 0 ? sale is not null : sale is null && given.Count > 0;
    }

    /// <summary>The new key first, so that what is sold is under it; but not for a purchase that would be refused.</summary>
    private async Task<KeyChange?> PrepareKeyAsync(PlaceOrder command, bool isBegun, CancellationToken cancellationToken)
    {
        if (!isBegun && Trial(command) is not BundleTrial.Priced) return null;
        await options.KeyGate.PrepareAsync(command.Pan, cancellationToken).ConfigureAwait(false);
        return await keyChanges.ForPurchaseAsync(command.Pan, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="since">When the purchase was first asked for; null for a new one. What became due later goes with a later purchase.</param>
    private List<(BundlePart Part, PlaceOrder Order)> Extras(PlaceOrder command, DateTimeOffset? since) => store.Read(books =>
    {
        List<(BundlePart, PlaceOrder)> extras = [];
        if (FreeOrder(books, command.Pan, command.OrderId, since) is { } free) extras.Add((BundlePart.FreeUnits, free));
        foreach (EnergyRefund refund in bundles.Refunds is null ? [] : refunds.Of(command.Pan))
        {
            if (refund.At > since || !RefundDesk.IsApproved(books, refund)) continue;
            var order = new PlaceOrder(
                RefundId(command.OrderId, refund), refund.Pan, refund.Worth, bundles.Refunds!, refund.Id.ToString("N"));
            if (IsOurs(books, order)) extras.Add((BundlePart.Refund, order));
        }

        return extras;
    });

    /// <summary>Free energy as the tariff grants it, once in its period whoever asks.</summary>
    private PlaceOrder? FreeOrder(IVendingBooks books, MeterPan pan, Guid purchase, DateTimeOffset? since)
    {
        DateOnly today = options.Day(time.GetUtcNow());
        if (bundles.FreeUnits is not { } code || options.FindChannel(code) is not { TariffId: { } fund }) return null;
        if (books.FindMeter(pan) is not { IsBlocked: false } meter || tariffs.InForce(meter.TariffId, today)?.FreeUnits is not { } free) return null;
        if (tariffs.InForce(fund, today) is not { } tariff || !Currency.TryParse(tariff.CurrencyCode, out Currency currency)) return null;
        if (Quoting.AmountFor(tariff, currency, (long)(free.KilowattHours * Rational.FromInteger(10)).Round(), PurchaseState.Fresh) is not { } worth) return null;

        string period = free.Per == ChargePeriod.Purchase ? purchase.ToString("N") : SalePeriods.Month(today);
        if (free.Per != ChargePeriod.Purchase && since is { } asked && SalePeriods.Month(options.Day(asked)) != period) return null;
        var order = new PlaceOrder(FreeId(purchase), pan, worth, code, $"{pan}:{period}");
        return IsOurs(books, order) ? order : null;
    }

    /// <summary>Not given yet, or given by this very purchase.</summary>
    private static bool IsOurs(IVendingBooks books, PlaceOrder order) =>
        books.FindPayment(order.Channel, order.PaymentReference!) is not { } paid || paid == order.OrderId;
}
