using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Channels;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Tests;
using Latchkey.Messaging;
using Latchkey.Messaging.Policy;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Messages;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Prices;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Parks.Views;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Parks.Tests;

/// <summary>A park of one room with a tenant and a meter, a payment service, phones; and a process that can die and start again.</summary>
internal sealed class ParkWorld : IDeviceChannel, IDisposable
{
    public static readonly Guid ParkId = TestMeters.Id(901);
    public static readonly Guid RoomId = TestMeters.Id(902);
    public static readonly Guid TenantId = TestMeters.Id(903);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);
    private readonly Func<TimeProvider, Disk> _openDisk;
    private readonly MessageKeyVault _vault = new(TestMeters.MasterKey());
    private Disk _disk;

    public ParkWorld(Func<TimeProvider, Disk>? openDisk = null)
    {
        Clock = new ManualClock(TestMeters.Start);
        Payments = new PaymentService(Clock);
        Phone = new Phone(Plan);
        _openDisk = openDisk ?? (time => new MemoryDisk(time));
        _disk = _openDisk(Clock);
        Start();
        HeadEnd.Register(new MeterRegistration(Meter.Pan, TestMeters.MessageKey(1), "kpm31", CoverageClass.Normal), Now);
        Report(creditWh: 50_000);
        Settle();
    }

    public ManualClock Clock { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public CrashPlan Plan { get; } = new();

    public IOrderDesk Orders => _disk.Orders;

    /// <summary>The stand-in for Vending, where there is one.</summary>
    public OrderBook OrderBook => (OrderBook)_disk.Orders;

    public PaymentService Payments { get; }

    public Phone Phone { get; }

    public FakeMeter Meter { get; } = new(1);

    /// <summary>How often two people gave the money of a top-up back.</summary>
    public GivenBack Returns { get; } = new();

    /// <summary>Whether datagrams to the meter arrive.</summary>
    public bool IsMeterReachable { get; set; } = true;

    public HeadEndDesk HeadEnd { get; private set; } = null!;

    public TopUpDesk TopUps { get; private set; } = null!;

    public ParkRuntime Runtime { get; private set; } = null!;

    public ControlDesk Control { get; private set; } = null!;

    public OccupancyDesk Occupancies { get; private set; } = null!;

    public RoomViews Views { get; private set; } = null!;

    public IParkStore Store => _disk.Parks;

    public Disk Disk => _disk;

    public string Name => "radio";

    public PaymentDesk PaymentDesk { get; private set; } = null!;

    private Messenger Messenger { get; set; } = null!;

    /// <summary>The process starts on what is stored. Everything it had in memory is gone.</summary>
    public void Start()
    {
        Runtime?.Dispose();
        var parks = new CrashingParkStore(_disk.Parks, Plan);
        var orders = new CrashingOrderDesk(_disk.Orders, Plan);
        HeadEnd = new HeadEndDesk(new CrashingHeadEndStore(_disk.HeadEnd, Plan), _vault, [this], new HeadEndOptions { Seed = 3 });
        PaymentDesk = new PaymentDesk([Payments], new CrashingPaymentStore(_disk.Payments, Plan), Clock, NullLogger<PaymentDesk>.Instance);
        var policy = new MessagingPolicy { QuietHours = QuietHours.None, MaxPerReaderPerDay = 1_000 };
        Messenger = new Messenger([Phone], new CrashingMessageLog(_disk.Messages, Plan), policy, Clock, NullLogger<Messenger>.Instance);
        var prices = new PricePlans(() => Tariffs);
        var messages = new TenantMessages(Messenger, Clock, WeChatAddressing.ServiceAccount);
        TopUps = new TopUpDesk(parks, PaymentDesk, orders, HeadEnd, messages, Returns, new TopUpOptions(), Clock, NullLogger<TopUpDesk>.Instance);
        Control = new ControlDesk(parks, HeadEnd, Clock);
        Occupancies = new OccupancyDesk(parks, HeadEnd, prices);
        Views = new RoomViews(parks, HeadEnd, prices, Clock);
        Runtime = new ParkRuntime(HeadEnd, TopUps, new BalanceWatch(parks, HeadEnd, prices, messages, BalanceRules.TenYuan), Control);
    }

    /// <summary>The process dies and starts again, on a disk that is opened anew where it is a real one.</summary>
    public void Restart()
    {
        if (_disk is not MemoryDisk)
        {
            _disk.Dispose();
            _disk = _openDisk(Clock);
        }

        Wait(_disk.Orders.RecoverAsync(CancellationToken.None));
        Start();
    }

    /// <summary>Time passes in steps of ten seconds, and with each step the process does what is due.</summary>
    public async Task LiveAsync(TimeSpan time)
    {
        DateTimeOffset end = Now + time;
        while (Now < end)
        {
            Clock.Advance(Step);
            await PumpAsync();
        }
    }

    /// <summary>The process does what is due now.</summary>
    public async Task PumpAsync()
    {
        HeadEnd.Tick(Now);
        await PaymentDesk.QueryDueAsync(50, CancellationToken.None);
        await Runtime.RunAsync(CancellationToken.None);
        await Messenger.PumpAsync(50, CancellationToken.None);
    }

    public Task<StartTopUpOutcome> StartTopUpAsync(int id = 1, decimal yuan = 20m) => TopUps.StartAsync(
        new StartTopUp(TestMeters.Id(id), RoomId, Money.FromMajor(yuan, Currency.Cny), "testpay", PaymentMethod.Native, null), CancellationToken.None);

    /// <summary>The payer comes back from the payment to the page, which asks whether it is paid.</summary>
    public Task ReturnToPageAsync(Guid topUpId) => PaymentDesk.QueryNowAsync(OutTradeNo.FromOrder(topUpId), CancellationToken.None);

    /// <summary>The meter sends a reading of now, or of a given time.</summary>
    public void Report(long creditWh, DateTimeOffset? at = null, bool isSupplied = true, long importWh = 1_000) => HeadEnd.Receive(
        Meter.Pan,
        Meter.Say(FakeMeter.ReadingAt(at ?? Now, importWh, creditWh, isSupplied ? RelayReport.Connected : RelayReport.ReadyForReconnection)),
        Name,
        Now);

    public bool Reaches(MeterPan pan) => true;

    public SubmitResult Submit(DeliveryAttempt attempt)
    {
        if (IsMeterReachable && Meter.Hear(attempt.Datagram) is { } answer) HeadEnd.Receive(Meter.Pan, answer, Name, Now);
        return SubmitResult.Taken;
    }

    public void Dispose()
    {
        Runtime.Dispose();
        _disk.Dispose();
        _vault.Dispose();
    }

    /// <summary>One yuan a kilowatt-hour.</summary>
    public static TariffBook Tariffs { get; } = new(
    [
        new Tariff
        {
            Id = "flat", Utility = "park", CurrencyCode = "CNY", MinorDigits = 2, Valid = default, Accumulation = Accumulation.CalendarMonth,
            Blocks = [new EnergyBlock(Rational.Zero, null, Rational.One)],
        },
    ]);

    private void Settle()
    {
        var building = new Building(TestMeters.Id(904), ParkId, "A");
        var changes = new ParkChanges
        {
            Parks = [new Park(ParkId, "Lvyi Park", "绿益园", "Asia/Shanghai", Currency.Cny)],
            Buildings = [building],
            Rooms = [new Room(RoomId, building.Id, "101", Meter.Pan, "flat")],
            Tenants = [new Tenant(TenantId, "Li Wei", "openid-1", null, TenantLanguage.Chinese)],
        };
        Wait(Store.CommitAsync(changes, CancellationToken.None));
        Wait(Occupancies.MoveInAsync(TestMeters.Id(905), RoomId, TenantId, Now, null, CancellationToken.None));
    }

#pragma warning disable xUnit1031 // a constructor cannot await, and nothing here waits for anybody
    private static void Wait(Task task) => task.GetAwaiter().GetResult();
#pragma warning restore xUnit1031
}
