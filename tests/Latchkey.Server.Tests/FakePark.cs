using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Latchkey.Meter.Face;
using Latchkey.Quantities;
using Latchkey.Server.Api;
using Latchkey.Server.Portal.Messages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Orders;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Portal.TopUps;

namespace Latchkey.Server.Tests;

/// <summary>A park of made-up rooms behind every reader, for tests of pages and API without the rooms below.</summary>
internal sealed class FakePark(TimeProvider clock) : IParkView, IMeterView, IMeterHands, IMeterCommands, ITopUps, IMessageView, IOrderView, IPurchases, IDeliveryView, IPaymentCallbacks
{
    public const string Pan = "600727000000000009";
    public const string OtherPan = "600727000000000017";
    public const string Tenant = "tenant-1";
    public const string OtherTenant = "tenant-2";
    public const string Token = "2371 6100 4417 0933 5126";
    private readonly ConcurrentDictionary<Guid, (string Tenant, TopUpProgress Progress)> _topUps = new();
    private readonly ConcurrentDictionary<Guid, (PurchaseCommand Command, byte[] Answer)> _purchases = new();
    private readonly ConcurrentDictionary<FacePart, bool> _parts = new(new Dictionary<FacePart, bool> { [FacePart.Mains] = true });
    private string _typed = "";
    private string? _module = "4G";

    public bool SupplyOn { get; set; } = true;

    public bool Fails { get; set; }

    public string? CallbackRefusal { get; set; }

    public byte[] LastCallback { get; private set; } = [];

    public IReadOnlyList<string> Modules => ["4G", "5G", "NB-IoT", "LoRaWAN", "WiFi", "RS-485"];

    public static Money Yuan(long fen) => new(fen, Currency.Cny);

    public ValueTask<ParkOverview> ReadAsync(CancellationToken cancellationToken)
    {
        if (Fails) throw new IOException("The disk is gone: secret-path");
        DateTimeOffset now = clock.GetUtcNow();
        RoomLine[] rooms =
        [
            Room("A-101", "Building A", "101", "Wang Li", Pan, 42_370, SupplyState.On, BalanceMark.Good, LinkState.Online, 1_840),
            Room("A-102", "Building A", "102", "Chen Café", OtherPan, 6_120, SupplyState.On, BalanceMark.Low, LinkState.Online, 3_200),
            Room("A-103", "Building A", "103", "Zhao Yun", "600727000000000025", 0, SupplyState.Off, BalanceMark.Empty, LinkState.Online, 0),
            Room("A-104", "Building A", "104", null, "600727000000000033", 118_900, SupplyState.On, BalanceMark.Good, LinkState.Lost, 60),
            Room("B-201", "Building B", "201", "Liu Hong, tailoring and alterations", "600727000000000041", 81_004, SupplyState.Off, BalanceMark.Good, LinkState.Online, 0, true),
            Room("B-202", "Building B", "202", "Sun Wei", "600727000000000058", 15_550, SupplyState.On, BalanceMark.Good, LinkState.Late, 420),
            new RoomLine("B-203", "Building B", "203", null, null, null, null, null, SupplyState.Unknown, BalanceMark.Unknown, LinkState.Never, null, false),
        ];
        return ValueTask.FromResult(new ParkOverview("Willow Creek Park", now, rooms));

        RoomLine Room(string id, string building, string room, string? tenant, string pan, long wh, SupplyState supply, BalanceMark mark, LinkState link, long watts, bool tampered = false) =>
            new(id, building, room, tenant, pan, Energy.FromWattHours(wh), Yuan(wh * 98 / 1000), Power.FromWatts(watts), supply, mark, link, now.AddMinutes(-3), tampered);
    }

    public async ValueTask<MeterDetail?> FindAsync(string pan, CancellationToken cancellationToken)
    {
        ParkOverview park = await ReadAsync(cancellationToken);
        return park.Rooms.FirstOrDefault(room => room.Pan == pan) is not { } room ? null : new MeterDetail(
            pan, "kpm31", room.RoomId, $"{room.Building} {room.Room}", room.Tenant, room.Balance, Energy.FromWattHours(300_000), Energy.FromWattHours(300_000) - room.Balance!.Value, room.Worth, room.Supply,
            room.Tampered ? "meter-cover" : "credit", room.Tampered, Voltage.FromMillivolts(230_140), Current.FromMilliamperes(8_020), room.Power, room.Link, room.LastContact, "4G", "1.0.3",
            "9f2c71d0a4be5c6f1b7e0d92a8c3e5f4471b6a0d9e2c8f7013579bdf2468ace0");
    }

    public ValueTask<IReadOnlyList<MeterPoint>> HistoryAsync(string pan, DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken cancellationToken)
    {
        int count = Math.Min(limit, 96);
        TimeSpan step = (to - from) / count;
        long left = 60_000_000;
        var points = new List<MeterPoint>();
        for (int i = 0; i < count; i++)
        {
            long watts = 180 + (long)(1_400 * Math.Pow(Math.Sin(i * Math.PI / 48), 2)) + (i * 37 % 190) + (i % 17 == 4 ? 1_800 : 0);
            left -= watts * 150;
            if (i == 60) left += 40_000_000;
            points.Add(new MeterPoint(from + (step * i), Power.FromWatts(watts), Energy.FromMilliwattHours(Math.Max(0, left))));
        }

        return ValueTask.FromResult<IReadOnlyList<MeterPoint>>(points);
    }

    public ValueTask<IReadOnlyList<MeterEventLine>> EventsAsync(string pan, int limit, CancellationToken cancellationToken)
    {
        string[] codes = ["credit-granted", "local-connection", "meter-cover-opened", "local-disconnection", "power-up", "power-down", "strong-field-found", "999"];
        DateTimeOffset now = clock.GetUtcNow();
        return ValueTask.FromResult<IReadOnlyList<MeterEventLine>>([.. Enumerable.Range(0, 23).Select(i => new MeterEventLine(now.AddHours(-i * 3), codes[i % codes.Length], i % 3 == 0 ? "+40.8 kWh" : null)).Take(limit)]);
    }

    public FaceView? Look(string pan)
    {
        if (pan is not (Pan or OtherPan)) return null;
        bool mains = _parts[FacePart.Mains], typing = _typed.Length > 0;
        var display = new FaceSnapshot
        {
            IsOn = mains,
            Line1 = !mains ? "" : typing ? string.Create(CultureInfo.InvariantCulture, $"Token {_typed.Length,2}/20") : "Credit left",
            Line2 = mains && !typing ? "42.37 kWh" : "",
            Digits = mains && !typing ? "42.37" : "",
            Unit = mains && !typing ? "kWh" : "",
            EntryGroups = mains ? [.. _typed.Chunk(4).Select(g => new string(g))] : ImmutableArray<string>.Empty,
            Icons = !mains ? FaceIcons.None : (SupplyOn ? FaceIcons.Connected : FaceIcons.Disconnected) | (_module is null ? 0 : FaceIcons.ModulePresent | FaceIcons.Signal),
            RelayLamp = mains && SupplyOn,
            PulseLed = false,
            CreditLed = mains ? CreditLed.Green : CreditLed.Off,
            Buzzer = Buzzer.Silent,
        };
        return new FaceView("kpm31", "230 V  5(60) A  50 Hz  Cl. 1  1600 imp/kWh", pan, display, mains && SupplyOn ? 0.8 : 0, mains, IsOn(FacePart.MeterCover), IsOn(FacePart.TerminalCover), IsOn(FacePart.Magnet), _module);
    }

    public MetrologyLine? Identity(string pan) => Look(pan) is null ? null : new MetrologyLine("1.0.3", "9f2c");

    public void PressKey(string pan, char key)
    {
        if (key == '#' && _typed == Token.Replace(" ", "")) SupplyOn = true;
        _typed = key switch { '*' => _typed[..Math.Max(0, _typed.Length - 1)], '#' => "", _ => _typed.Length < 20 ? _typed + key : _typed };
    }

    public void Move(string pan, FacePart part, bool on) => _parts[part] = on;

    public void Plug(string pan, string? module) => _module = module;

    public ValueTask<string?> ReadNowAsync(string pan, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public ValueTask<string?> ClearTamperAsync(string pan, string requestedBy, string approvedBy, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public ValueTask<TopUpOffer?> OfferAsync(string tenantId, CancellationToken cancellationToken) => ValueTask.FromResult<TopUpOffer?>(
        tenantId is not (Tenant or OtherTenant) ? null : new TopUpOffer(
            tenantId == Tenant ? "Building A 101" : "Building A 102", tenantId == Tenant ? Pan : OtherPan, tenantId == Tenant ? "Wang Li" : "Chen Café", Energy.FromWattHours(42_370), Yuan(4152), Yuan(98), false,
            [Yuan(1000), Yuan(3000), Yuan(5000), Yuan(10000), Yuan(20000), Yuan(50000)], Yuan(100), Yuan(200000), SupplyOn));

    public ValueTask<TopUpQuote> QuoteAsync(string tenantId, Money amount, CancellationToken cancellationToken) => ValueTask.FromResult<TopUpQuote>(amount.MinorUnits switch
    {
        <= 0 => new TopUpQuote.Refused("amount-zero"),
        > 200_000 => new TopUpQuote.Refused("amount-too-high"),
        _ => new TopUpQuote.Priced(amount, UnitsOf(amount), LinesOf(amount)),
    });

    public ValueTask<TopUpStart> StartAsync(string tenantId, Guid topUpId, Money amount, CancellationToken cancellationToken)
    {
        _topUps[topUpId] = (tenantId, new TopUpProgress(topUpId, clock.GetUtcNow(), "Building A 101", Pan, amount, null, null, new Dictionary<TopUpStep, DateTimeOffset> { [TopUpStep.Ordered] = clock.GetUtcNow() }, TopUpEnd.None, null, null, "weixin://wxpay/bizpayurl?pr=" + topUpId.ToString("N"), new Uri($"http://127.0.0.1:9/pay/{topUpId:N}"), []));
        return ValueTask.FromResult<TopUpStart>(new TopUpStart.Waiting(topUpId));
    }

    /// <summary>Moves a top-up on, as the rooms below would.</summary>
    public void Reach(Guid topUpId, params TopUpStep[] steps)
    {
        (string tenant, TopUpProgress now) = _topUps[topUpId];
        var times = new Dictionary<TopUpStep, DateTimeOffset>(now.Times);
        foreach (TopUpStep step in steps) times[step] = clock.GetUtcNow();
        _topUps[topUpId] = (tenant, now with { Times = times, Token = Token, Units = UnitsOf(now.Amount), Lines = LinesOf(now.Amount), By = times.ContainsKey(TopUpStep.Credited) ? "4G" : null });
    }

    public ValueTask<TopUpProgress?> FindAsync(string tenantId, Guid topUpId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_topUps.TryGetValue(topUpId, out var found) && found.Tenant == tenantId ? found.Progress : null);

    public ValueTask<IReadOnlyList<TopUpProgress>> ListAsync(string tenantId, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<TopUpProgress>>([.. _topUps.Values.Where(t => t.Tenant == tenantId).Select(t => t.Progress).OrderByDescending(p => p.At).Take(limit)]);

    ValueTask<IReadOnlyList<MessageLine>> IMessageView.ListAsync(string? tenantId, int limit, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        MessageLine[] all =
        [
            new("m1", now.AddMinutes(-9), OtherTenant, "Chen Café", "low-balance", "wechat", "余额不足10元，请及时充值", "Your balance is less than 10 yuan; please top up promptly", null, MessageFate.Sent, null),
            new("m2", now.AddHours(-2), Tenant, "Wang Li", "token-credited", "wechat", "充值到账 50.00元，+51.0 kWh", "Top-up of 50.00 CNY arrived, +51.0 kWh", null, MessageFate.Sent, null),
            new("m3", now.AddHours(-5), OtherTenant, "Chen Café", "token-issued", "sms", "充值码已生成，可在电表上输入", "Your token is ready; it travels to the meter, or type it there", Token, MessageFate.Failed, "43101"),
        ];
        return ValueTask.FromResult<IReadOnlyList<MessageLine>>([.. all.Where(m => tenantId is null || m.TenantId == tenantId).Take(limit)]);
    }

    ValueTask<IReadOnlyList<OrderLine>> IOrderView.ListAsync(string? pan, int limit, CancellationToken cancellationToken)
    {
        string[] states = ["credited", "posted", "declined", "delivered"];
        DateTimeOffset now = clock.GetUtcNow();
        return ValueTask.FromResult<IReadOnlyList<OrderLine>>([.. Enumerable.Range(0, pan is null ? 28 : 4).Select(i => new OrderLine(
            new Guid(i + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]), now.AddHours(-i * 7), pan ?? Pan, "Building A 101", "wechat", Yuan(5000), states[i % 4] == "declined" ? null : UnitsOf(Yuan(5000)), states[i % 4], states[i % 4] == "declined" ? null : Token, null)).Take(limit)]);
    }

    public ValueTask<LedgerOverview> LedgerAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new LedgerOverview(
        1284, "5c1f0a9be2d47c3388a1f6e0b7d5924ce81a3f70649bd25e7fc0183a96e4d2b7", true,
        [new("wechat:clearing", null, "12840.00 CNY"), new("tenants:prepaid", null, "-1840.50 CNY"), new("revenue:energy", null, "-10110.20 CNY"), new("tax:vat", null, "-889.30 CNY"), new("units:sold", null, "11482.70 kWh")]));

    public ValueTask<PurchaseOutcome> PurchaseAsync(PurchaseCommand command, CancellationToken cancellationToken)
    {
        if (_purchases.TryGetValue(command.PurchaseId, out var earlier))
            return ValueTask.FromResult<PurchaseOutcome>(earlier.Command == command ? new PurchaseOutcome.Issued(earlier.Answer, true) : new PurchaseOutcome.IdReused());
        if (command.MeterPan != Pan) return ValueTask.FromResult<PurchaseOutcome>(new PurchaseOutcome.Refused("unknown-meter", "No such meter."));
        if (!command.Amount.IsPositive) return ValueTask.FromResult<PurchaseOutcome>(new PurchaseOutcome.Refused("amount-zero", "Above zero, please."));
        byte[] answer = Encoding.UTF8.GetBytes($$"""{"orderId":"{{command.PurchaseId}}",  "tokens":["{{Token}}"]}""");
        _purchases[command.PurchaseId] = (command, answer);
        return ValueTask.FromResult<PurchaseOutcome>(new PurchaseOutcome.Issued(answer, false));
    }

    ValueTask<PurchaseStatus?> IPurchases.FindAsync(Guid purchaseId, CancellationToken cancellationToken) => ValueTask.FromResult(
        _purchases.TryGetValue(purchaseId, out var found)
            ? new PurchaseStatus(purchaseId, found.Command.MeterPan, found.Command.Amount.MinorUnits, "CNY", "posted", [Token], 51_000, clock.GetUtcNow(), null, null)
            : null);

    ValueTask<IReadOnlyList<DeliveryLine>> IDeliveryView.ListAsync(string? pan, int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DeliveryLine>>([]);

    public ValueTask<CallbackReply> TakeAsync(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        LastCallback = body.ToArray();
        return ValueTask.FromResult(CallbackRefusal is null ? new CallbackReply(204, null) : new CallbackReply(401, CallbackRefusal));
    }

    private bool IsOn(FacePart part) => _parts.TryGetValue(part, out bool on) && on;

    private static Energy UnitsOf(Money amount) => Energy.FromTenthsOfKilowattHour(amount.MinorUnits * 10 / 98);

    private static QuoteLine[] LinesOf(Money amount) => [new("energy", "", $"{UnitsOf(amount)} × 0.867", amount - Yuan(amount.MinorUnits * 13 / 113)), new("vat", "", "13 %", Yuan(amount.MinorUnits * 13 / 113))];
}
