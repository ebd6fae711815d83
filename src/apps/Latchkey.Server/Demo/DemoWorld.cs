using System.Globalization;
using System.Security.Cryptography;
using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Meters;
using Latchkey.Messaging.Policy;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Store;
using Latchkey.Quantities;
using Latchkey.Server.Platform;
using Latchkey.Simulator;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Server.Demo;

/// <summary>A made-up park that lives: its platform, its meters in virtual time, the radio between them and the services outside.</summary>
public sealed class DemoWorld : IAsyncDisposable
{
    /// <summary>The sales channel of the office at the gate; opening credit is bought there.</summary>
    public const string OfficeChannel = "office", GoodwillChannel = "goodwill";

    /// <summary>More than the park sells in years: the signer's own limit on one key.</summary>
    private const long KeyCreditLimit = 10_000_000_00;
    private static readonly TimeSpan ParkOffset = TimeSpan.FromHours(8);
    private static readonly (BudgetKind, Latchkey.Ledger.LedgerUnit, long)[] Budgets =
    [
        (BudgetKind.FreeIssue, Latchkey.Ledger.LedgerUnit.TenthsOfKilowattHour, 10_000),
        (BudgetKind.CreditTransfer, Latchkey.Ledger.LedgerUnit.TenthsOfKilowattHour, 10_000),
        (BudgetKind.ClearTamper, Latchkey.Ledger.LedgerUnit.Token, 100),
        (BudgetKind.ClearCredit, Latchkey.Ledger.LedgerUnit.Token, 10),
        (BudgetKind.PowerLimit, Latchkey.Ledger.LedgerUnit.Token, 100),
        (BudgetKind.PhaseUnbalance, Latchkey.Ledger.LedgerUnit.Token, 100),
        (BudgetKind.MeterTest, Latchkey.Ledger.LedgerUnit.Token, 100),
        (BudgetKind.Refunds, Latchkey.Ledger.LedgerUnit.Of(Currency.Cny), 500_00),
    ];

    private static readonly TwoPeople Founders = new("demo-manager", "demo-auditor");

    private readonly DemoWorldOptions _options;
    private readonly DemoSecrets _secrets;
    private readonly List<IDisposable> _memories = [];

    private DemoWorld(DemoWorldOptions options, WorldClock clock, DemoSecrets secrets, EmulatedServices services, VirtualRadio radio, LatchkeyPlatform platform)
    {
        (_options, Clock, _secrets, Services, Radio, Platform) = (options, clock, secrets, services, radio, platform);
    }

    public static Guid ParkId { get; } = DemoIds.Of("park");

    public WorldClock Clock { get; }

    public EmulatedServices Services { get; }

    public VirtualRadio Radio { get; }

    public LatchkeyPlatform Platform { get; }

    /// <summary>What a demo's platform sells by: WeChat and the office, in Beijing time.</summary>
    public static VendingOptions Vending { get; } = new(
        "Liangxiang Park Energy", ParkOffset, [new SalesChannel("wechat", FundingKind.Clearing), new SalesChannel(OfficeChannel, FundingKind.Clearing), new SalesChannel(GoodwillChannel, FundingKind.Clearing, Budget: BudgetKind.Refunds)])
    {
        SellerTaxNumber = "91110111DEMO00000X",
        SellerAddress = "8 Willow Road, Liangxiang 良乡柳树路8号",
    };

    public static async Task<DemoWorld> OpenAsync(
        DemoWorldOptions options, WorldClock clock, DemoSecrets secrets, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        EmulatedServices services = await EmulatedServices.StartAsync(options.Seed, options.Lives, clock, cancellationToken).ConfigureAwait(false);
        var radio = new VirtualRadio();
        var platformOptions = new PlatformOptions
        {
            DataDirectory = options.DataDirectory,
            Vending = Vending,
            Bundles = new BundleOptions(FreeUnits: null, GoodwillChannel),
            Tariffs = DemoTariffs.Book,
            WeChatPay = services.PaySetup(options.NotifyAddress),
            WeChat = services.MessageSetup(),
            Messaging = new MessagingPolicy { MaxPerReaderPerDay = 50 },
            Seed = unchecked((ulong)options.Seed),
        };
        LatchkeyPlatform platform = await LatchkeyPlatform.OpenAsync(platformOptions, [radio], clock, loggers, cancellationToken).ConfigureAwait(false);
        return new DemoWorld(options, clock, secrets, services, radio, platform);
    }

    /// <summary>Opens the park with its rooms, meters and tenants. What is there already stays as it is.</summary>
    public async Task FoundAsync(IReadOnlyList<DemoRoomPlan> rooms, CancellationToken cancellationToken)
    {
        await ImportKeysAsync(rooms, cancellationToken).ConfigureAwait(false);
        await FoundingBudgets.SetAsync(Platform.Vending.Approvals, Platform.Vending.Budgets, Founders, DemoIds.Of, Budgets, cancellationToken).ConfigureAwait(false);
        if (Platform.ParkStore.FindPark(ParkId) is null) await WriteEstateAsync(rooms, cancellationToken).ConfigureAwait(false);
        foreach (DemoRoomPlan room in rooms) await InstallAsync(room, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A tenant moves in at what the meter shows now. Moving in twice is moving in once.</summary>
    public async Task<MoveOutcome> MoveInAsync(DemoRoomPlan room, CancellationToken cancellationToken)
    {
        MeterRegisters registers = Meter(room).Use(m => new MeterRegisters(
            Clock.GetUtcNow(), Energy.FromMilliwattHours(m.Snapshot.Registers.ActiveImport / 1_000), m.Snapshot.Balance));
        return await Platform.Occupancies.MoveInAsync(room.OccupancyId, room.RoomId, room.TenantId, Clock.GetUtcNow(), registers, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sells over the office's counter for cash, which its cash book has at once; the token travels by radio like any other.</summary>
    public async Task SellAtOfficeAsync(Guid orderId, DemoRoomPlan room, Money amount, CancellationToken cancellationToken)
    {
        // A demo of an earlier version sold it without saying how it was paid.
        PlaceOrder order = Platform.Vending.Desk.Find(orderId)?.Command
            ?? new PlaceOrder(orderId, room.Meter.Attributes.Pan, amount, OfficeChannel, "office-" + orderId.ToString("N"), "demo-clerk", Tender: SaleTender.Cash(amount, amount.MinorUnits, coin: 1));
        OrderOutcome outcome = await Platform.Counter.SellAsync(order, cancellationToken).ConfigureAwait(false);
        if (outcome is not OrderOutcome.Issued) throw new InvalidOperationException("The office could not sell: " + outcome);
        DateTimeOffset now = Clock.GetUtcNow();
        var taken = new SettlementLine(OfficeChannel, SettlementKind.Payment, order.PaymentReference!, amount, FeeMinorUnits: 0, now);
        await Platform.Vending.Papers.KeepAsync(new SettlementFile(OfficeChannel, now, now, [taken]), cancellationToken).ConfigureAwait(false);
    }

    public FieldMeter Meter(DemoRoomPlan room) => Radio.Find(room.Meter.Attributes.Pan)
        ?? throw new InvalidOperationException($"Room {room.Building}-{room.Number} has no meter yet.");

    /// <summary>Lets the world catch up with its clock: meters live, messages arrive, what is due is done.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        Radio.AdvanceTo(Clock.GetUtcNow(), Platform.HeadEnd);
        if (!_options.Lives) await Services.Pay.DeliverDueAsync(cancellationToken).ConfigureAwait(false);
        await Platform.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FieldMeter meter in Radio.Meters) meter.Dispose();
        foreach (IDisposable memory in _memories) memory.Dispose();
        Platform.Dispose();
        await Services.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ImportKeysAsync(IReadOnlyList<DemoRoomPlan> rooms, CancellationToken cancellationToken)
    {
        foreach (DemoMeterPlan meter in rooms.Select(room => room.Meter).DistinctBy(meter => meter.SupplyGroup))
        {
            DecoderKeyAttributes key = meter.Attributes;
            byte[] bytes = _secrets.VendingKeyBytes(meter.VendingKeyLength);
            var terms = new SigningKeyTerms(key.SupplyGroup, key.KeyRevision, key.KeyType, key.BaseDate, DateTimeOffset.UnixEpoch, null);
            string? fault = await Platform.Vending.Keys.ImportAsync(bytes, terms, KeyCreditLimit, Founders, cancellationToken).ConfigureAwait(false);
            CryptographicOperations.ZeroMemory(bytes);
            if (fault is not null) throw new InvalidOperationException($"The demo's vending key was not taken: {fault}");
        }
    }

    private async Task WriteEstateAsync(IReadOnlyList<DemoRoomPlan> rooms, CancellationToken cancellationToken)
    {
        CommitResult result = await Platform.ParkStore.CommitAsync(
            new ParkChanges
            {
                Parks = [new Park(ParkId, "Liangxiang Park", "良乡园区", "Asia/Shanghai", Currency.Cny)],
                Buildings = [.. rooms.DistinctBy(r => r.BuildingId).Select(r => new Building(r.BuildingId, ParkId, r.Building))],
                Rooms = [.. rooms.Select(r => new Room(r.RoomId, r.BuildingId, r.Number, r.Meter.Attributes.Pan, r.PricePlan))],
                Tenants = [.. rooms.Where(r => r.Tenant is not null).Select(r => new Tenant(r.TenantId, r.Tenant!, r.OpenId, null, r.Language))],
            },
            cancellationToken).ConfigureAwait(false);
        if (result != CommitResult.Committed) throw new InvalidOperationException("The demo's park could not be written: " + result);
    }

    private async Task InstallAsync(DemoRoomPlan room, CancellationToken cancellationToken)
    {
        DecoderKeyAttributes attributes = room.Meter.Attributes;
        byte[] messageKey = _secrets.MessageKey(attributes.Pan);
        Platform.HeadEnd.Register(
            new MeterRegistration(attributes.Pan, messageKey, room.Meter.Profile.Name, CoverageClass.Normal), Clock.GetUtcNow());
        string account = string.Create(CultureInfo.InvariantCulture, $"P{room.Meter.Index:D5}");
        await Platform.Vending.Meters.SaveAsync(
            new Latchkey.Vending.MeterRecord(attributes, room.PricePlan, account, $"{room.Building}-{room.Number}", CustomerName: room.Tenant), cancellationToken).ConfigureAwait(false);
        Radio.Add(new FieldMeter(attributes.Pan, Build(room, messageKey)));
    }

    private VirtualMeter Build(DemoRoomPlan room, byte[] messageKey)
    {
        byte[] bytes = _secrets.VendingKeyBytes(room.Meter.VendingKeyLength);
        if (!VendingKey.TryCreate(bytes, out VendingKey? vendingKey)) throw new InvalidOperationException("The demo's vending key is unsound.");
        using (vendingKey)
        {
            CryptographicOperations.ZeroMemory(bytes);
            using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, room.Meter.Attributes);
            var options = new VirtualMeterOptions
            {
                Profile = room.Meter.Profile,
                Attributes = room.Meter.Attributes,
                Key = key,
                MessageKey = messageKey,
                Seed = unchecked((_options.Seed * 1_000) + room.Meter.Index),
                Start = Clock.GetUtcNow(),
            };
            return new VirtualMeter(options, Memory(room)) { Load = new HouseholdLoad(unchecked((_options.Seed * 100) + room.Meter.Index), room.LoadScale) };
        }
    }

    private INvmImage Memory(DemoRoomPlan room)
    {
        if (!_options.Lives) return new MemoryNvmImage();
        var image = new FileNvmImage(Path.Combine(_options.DataDirectory, $"meter-{room.Meter.Attributes.Pan.Drn}.nvm"));
        _memories.Add(image);
        return image;
    }
}

/// <summary>How a demo world is opened.</summary>
public sealed record DemoWorldOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>Where WeChat Pay's notifications are to go.</summary>
    public required Uri NotifyAddress { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>True: a served park; meters keep their memory in files, services act by themselves. False: a story, moved step by step.</summary>
    public bool Lives { get; init; }
}
