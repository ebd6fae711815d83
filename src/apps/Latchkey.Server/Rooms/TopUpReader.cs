using System.Globalization;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Prices;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Parks.Views;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.WeChatPay;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Where a payer is sent who cannot scan the code: in the demo the emulated phone, otherwise nowhere.</summary>
public sealed record PayPages(Func<Guid, Uri?> Of)
{
    public static PayPages None { get; } = new(_ => null);
}

/// <summary>Buying for one tenant, over the parks' top-up desk. Every way in checks whose it is.</summary>
internal sealed class TopUpReader(
    ParkReader park, IParkStore store, TopUpDesk topUps, IOrderDesk orders, HeadEndDesk headEnd, PricePlans prices, VendingOptions vending, PayPages payPages, PaperReader papers, TimeProvider time)
    : ITopUps
{
    private const string Channel = "wechat";

    private static readonly int[] AmountsMajor = [10, 30, 50, 100, 200, 500];

    public ValueTask<TopUpOffer?> OfferAsync(string tenantId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(RoomOf(tenantId) is { Room.Meter: not null } room ? Offer(room) : null);

    public ValueTask<TopUpQuote> QuoteAsync(string tenantId, Money amount, CancellationToken cancellationToken)
    {
        if (RoomOf(tenantId) is not { Room.Meter: { } pan }) return ValueTask.FromResult<TopUpQuote>(new TopUpQuote.Refused(Parks.ParkCodes.UnknownRoom));
        TrialOutcome trial = orders.Trial(new PlaceOrder(TopUpIds.Next(), pan, amount, Channel));
        return ValueTask.FromResult<TopUpQuote>(trial switch
        {
            TrialOutcome.Priced priced => new TopUpQuote.Priced(amount, Energy.FromTenthsOfKilowattHour(priced.Terms.TenthsGranted), LinesOf(priced.Terms, amount.Currency), priced.Terms.IsMoney ? new Money(priced.Terms.PrepaidMinorUnits, amount.Currency) : null),
            TrialOutcome.Declined declined => new TopUpQuote.Refused(declined.Code),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        });
    }

    public async ValueTask<TopUpStart> StartAsync(string tenantId, Guid topUpId, Money amount, CancellationToken cancellationToken)
    {
        if (RoomOf(tenantId) is not { } room) return new TopUpStart.Refused(Parks.ParkCodes.UnknownRoom);
        return await topUps.StartAsync(Wish(topUpId, room.Room.Id, amount), cancellationToken) switch
        {
            StartTopUpOutcome.Ready or StartTopUpOutcome.UnderWay => new TopUpStart.Waiting(topUpId),
            StartTopUpOutcome.Refused refused => new TopUpStart.Refused(refused.Code),
            StartTopUpOutcome.IdReused => new TopUpStart.Refused(VendingCodes.OrderIdReused),
            StartTopUpOutcome.Unavailable => new TopUpStart.Refused("payment-unavailable"),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    public async ValueTask<TopUpProgress?> FindAsync(string tenantId, Guid topUpId, CancellationToken cancellationToken) =>
        topUps.Find(topUpId) is { } topUp && IsOf(topUp, tenantId) ? await ProgressAsync(topUp, cancellationToken) : null;

    public ValueTask<IReadOnlyList<TopUpProgress>> ListAsync(string tenantId, int limit, CancellationToken cancellationToken)
    {
        if (RoomOf(tenantId) is not { Tenant: { } tenant } room) return ValueTask.FromResult<IReadOnlyList<TopUpProgress>>([]);
        IEnumerable<TopUp> newest = store.TopUpsOfRoom(room.Room.Id, limit * 2).Where(topUp => topUp.TenantId == tenant.Id).Take(limit);
        return ValueTask.FromResult<IReadOnlyList<TopUpProgress>>([.. newest.Select(topUp => Progress(topUp, ParkReader.PlaceOf(room), null, withTokens: false))]);
    }

    private RoomView? RoomOf(string tenantId) => Guid.TryParse(tenantId, out Guid id) ? park.RoomOf(id) : null;

    private static bool IsOf(TopUp topUp, string tenantId) => Guid.TryParse(tenantId, out Guid id) && topUp.TenantId == id;

    private TopUpOffer? Offer(RoomView room)
    {
        if (store.FindPark(room.Building.ParkId) is not { } site || vending.FindChannel(Channel) is not { } channel) return null;
        Tariff? tariff = prices.TariffOf(site, room.Room, time.GetUtcNow());
        Money? price = prices.ValueOf(site, room.Room, Energy.FromTenthsOfKilowattHour(10), time.GetUtcNow());
        if (tariff is null || price is not { } perKilowattHour) return null;
        Money least = new(channel.Minimum, site.Currency), most = new(channel.Maximum, site.Currency);
        IEnumerable<Money> amounts = AmountsMajor.Select(major => Money.FromMajor(major, site.Currency)).Where(amount => amount >= least && amount <= most);
        return new TopUpOffer(
            ParkReader.PlaceOf(room),
            room.Room.Meter!.Value.ToString(),
            room.Tenant?.Name ?? string.Empty,
            room.Reported?.Credit,
            room.Balance,
            perKilowattHour,
            tariff.Blocks.Count > 1,
            [.. amounts],
            least,
            most,
            park.NewsOf(room).Supply == SupplyState.On);
    }

    private async ValueTask<TopUpProgress> ProgressAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        RoomView? room = park.RoomOf(topUp.TenantId);
        string place = room is not null && room.Room.Id == topUp.RoomId ? ParkReader.PlaceOf(room) : topUp.Pan.Drn.ToString();
        return Progress(topUp, place, await PayCodeAsync(topUp, cancellationToken), withTokens: true);
    }

    // The desk keeps what the payer is shown; asking again with the same wish asks nobody else.
    private async ValueTask<string?> PayCodeAsync(TopUp topUp, CancellationToken cancellationToken)
    {
        if (topUp.State is not (TopUpState.Created or TopUpState.AwaitingPayment)) return null;
        StartTopUpOutcome outcome = await topUps.StartAsync(Wish(topUp.Id, topUp.RoomId, topUp.Amount), cancellationToken);
        return outcome is StartTopUpOutcome.Ready { Prompt: PaymentPrompt.QrCode code } ? code.Text : null;
    }

    private static StartTopUp Wish(Guid id, Guid roomId, Money amount) => new(id, roomId, amount, WeChatPayProvider.ProviderName, PaymentMethod.Native, null);

    private TopUpProgress Progress(TopUp topUp, string place, string? payCode, bool withTokens)
    {
        Delivery? delivery = topUp.SentAt is null ? null : headEnd.FindDelivery(topUp.Id);
        VendOrder? order = topUp.Tokens.IsEmpty ? null : orders.Find(topUp.Id);
        return new TopUpProgress(
            topUp.Id,
            topUp.CreatedAt,
            place,
            topUp.Pan.ToString(),
            topUp.Amount,
            order?.Terms is { IsMoney: true } ? null : topUp.Granted,
            order?.Token?.ToGroupedString(),
            TimesOf(topUp, delivery),
            EndOf(topUp),
            topUp.Code,
            ByOf(topUp, delivery),
            payCode,
            payCode is null ? null : payPages.Of(topUp.Id),
            order?.Terms is { } terms ? LinesOf(terms, topUp.Amount.Currency) : [])
        {
            Credit = order?.Terms is { IsMoney: true } money ? new Money(money.PrepaidMinorUnits, topUp.Amount.Currency) : null,
            Tokens = withTokens && order is not null ? papers.EntryOf(order) : [],
        };
    }

    private static Dictionary<TopUpStep, DateTimeOffset> TimesOf(TopUp topUp, Delivery? delivery)
    {
        var times = new Dictionary<TopUpStep, DateTimeOffset> { [TopUpStep.Ordered] = topUp.CreatedAt };
        Add(TopUpStep.Paid, topUp.PaidAt);
        Add(TopUpStep.TokenMade, topUp.IssuedAt);
        Add(TopUpStep.Sent, delivery?.FirstSentAt);
        // Where the network gives no word of its own, the meter's answer is the first that is known of the arrival.
        Add(TopUpStep.Delivered, delivery?.LinkAcknowledgedAt ?? (delivery?.ProvenBy == ProofSource.Channel ? delivery.ClosedAt : null));
        Add(TopUpStep.Credited, topUp.CreditedAt);
        return times;

        void Add(TopUpStep step, DateTimeOffset? at)
        {
            if (at is { } reached) times[step] = reached;
        }
    }

    private static TopUpEnd EndOf(TopUp topUp) => topUp.State switch
    {
        TopUpState.PaymentEnded => topUp.Code is null ? TopUpEnd.PaymentExpired : TopUpEnd.PaymentFailed,
        TopUpState.RefundDue or TopUpState.Refunded => TopUpEnd.Declined,
        TopUpState.RejectedByMeter => TopUpEnd.RejectedByMeter,
        _ => TopUpEnd.None,
    };

    private string? ByOf(TopUp topUp, Delivery? delivery) => topUp.CreditedAt is null ? null : delivery?.ProvenBy switch
    {
        ProofSource.Keypad => "keypad",
        ProofSource.AlreadyUsed => "used",
        ProofSource.Channel => headEnd.FindMeter(topUp.Pan)?.Module is { } module ? ModuleNames.Of(module.Kind) : null,
        _ => null,
    };

    internal static IReadOnlyList<QuoteLine> LinesOf(SaleTerms terms, Currency currency) => [.. terms.Lines.Select(line => LineOf(line, currency))];

    internal static QuoteLine LineOf(SaleLine line, Currency currency)
    {
        string? quantity = line switch
        {
            { Kind: PriceLineKind.Vat, Rate: { } share } => Percent(share),
            { Units: { } units, Rate: { } rate } => $"{UnitsOf(units)} × {rate} {currency}",
            _ => null,
        };
        return new QuoteLine(CodeText.Of(line.Kind), line.Name, quantity, new Money(line.MinorUnits, currency));
    }

    // The books keep the fraction whole; a reader is shown it as the meter would.
    private static string UnitsOf(string kilowattHours) => decimal.TryParse(kilowattHours, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value)
        ? Energy.FromMilliwattHours((long)(value * 1_000_000)).ToString()
        : kilowattHours;

    private static string Percent(string share) => decimal.TryParse(share, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value)
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##} %")
        : share;
}
