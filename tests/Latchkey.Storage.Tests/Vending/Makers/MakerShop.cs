using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>A seller with one meter of his own and one whose maker makes the tokens; a directory that survives restarts.</summary>
internal sealed class MakerShop : IDisposable
{
    public const string Make = "calin";
    private static readonly TwoPeople People = new("Ann", "Bo");
    private readonly TemporaryDirectory _directory = new();
    private int _asked;

    private MakerShop(StandInMaker service)
    {
        Service = service;
        House = Open();
    }

    public StandInMaker Service { get; }

    public VendingHouse House { get; private set; }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 22, 9, 30, 20, TimeSpan.Zero));

    public string Directory => _directory.Path;

    /// <summary>The meter whose maker makes its tokens.</summary>
    public static MeterPan Pan => Shop.OtherPan;

    public VendingOptions Options => Shop.Options with { Makers = new MakerServices([new(Make, Service)]) };

    public static async Task<MakerShop> OpenAsync(StandInMaker? service = null)
    {
        var shop = new MakerShop(service ?? new StandInMaker());
        await shop.House.Meters.SaveAsync(new MeterRecord(Shop.Key, "T", "ACC-1", "Room 301", Make: "elster"), CancellationToken.None);
        await shop.House.Meters.SaveAsync(new MeterRecord(Shop.Key with { Pan = Pan }, "T", "ACC-2", "Room 302", Make: "CALIN"), CancellationToken.None);
        Assert.Null(await shop.House.Keys.ImportAsync(Convert.FromHexString("ABABABABABABABAB949494949494949401234567"), Shop.Terms(), 10_000_000, People, CancellationToken.None));
        return shop;
    }

    public static PlaceOrder Order(int id, decimal yuan = 50m) => Shop.Order(id, yuan, Pan);

    public Task<OrderOutcome> Place(PlaceOrder order) => House.Desk.PlaceAsync(order, CancellationToken.None);

    public async Task<OrderOutcome.Issued> Buy(int id) => Assert.IsType<OrderOutcome.Issued>(await Place(Order(id)));

    public async Task<string> Pending(int id) => Assert.IsType<OrderOutcome.Pending>(await Place(Order(id))).Code;

    public VendOrder Find(int id) => House.Desk.Find(Shop.Id(id))!;

    public IReadOnlyList<MakerRequest> Journal() => House.Store.Read(books =>
    {
        List<MakerRequest> lines = [];
        books.Makers.ForEach(line =>
        {
            lines.Add(line);
            return true;
        });
        return lines;
    });

    /// <summary>The money that is taken and that is set aside for sales on WeChat.</summary>
    public (long Taken, long Held) Money() => House.Ledger.FindAccount(Latchkey.Ledger.AccountId.Require("clearing:wechat")) is { Balance: var b }
        ? ((long)b.DebitsPosted, (long)b.DebitsPending)
        : (0, 0);

    /// <summary>Two people say what the maker told them of an order's request. Null when done, otherwise the code.</summary>
    public Task<string?> Settle(int id, TokenNumber? token) => Settle(ActEffects.MakerAnswer(House.Makers.Find(Shop.Id(id))!, token), Insiders.Ann, Insiders.Bo);

    public async Task<string?> Settle(ApprovalEffect effect, ApprovalPerson asks, ApprovalPerson answers, string reason = "phone call")
    {
        _asked++;
        ApprovalOutcome outcome = await House.Acts.AskAndApproveAsync(Shop.Id(90_000 + _asked), effect, reason, asks, answers, CancellationToken.None);
        return outcome is ApprovalOutcome.Refused refused ? refused.Code : null;
    }

    /// <summary>As the server does each minute; orders of makers are led on in the background, so the test waits for its own.</summary>
    public async Task Recover(int id, OrderState expected)
    {
        await House.Desk.RecoverAsync(CancellationToken.None);
        for (int look = 0; look < 500 && Find(id).State != expected; look++) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(expected, Find(id).State);
    }

    public void AssertBooksAgree()
    {
        VendingAuditReport report = House.Audit.Verify();
        Assert.Null(report.Ledger.Problem);
        Assert.Empty(report.Differences);
    }

    public IReadOnlyList<string> Problems() => [.. House.Audit.Verify().Differences.Select(d => d.Problem)];

    public void Restart()
    {
        House.Dispose();
        House = Open();
    }

    public void Dispose()
    {
        House.Dispose();
        _directory.Dispose();
    }

    private VendingHouse Open() => VendingHouse.Open(_directory.Path, new VendingHouseOptions(Options, new TariffBook([Shop.Blocks()])), Clock);
}
