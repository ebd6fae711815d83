using Latchkey.Quantities;
using Latchkey.Server.Platform;
using Latchkey.Server.Portal.Shop;
using Latchkey.Server.Rooms;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Demo;

/// <summary>The kiosk at the park's gate: two cashiers, a float, a day of two shifts, and the bank that hears of it the next morning.</summary>
internal sealed class DemoKiosk
{
    public const string Code = "gate-kiosk";
    public const string EarlyCashier = "li.na", LateCashier = "zhou.wei";
    private const int Opens = 8, Changes = 14, Closes = 20;
    private const int OpeningFloatYuan = 800, DrawerYuan = 50;
    private static readonly TwoPeople Founders = new("demo-manager", "demo-auditor");
    private static readonly long[] AmountsFen = [500, 800, 1_003, 600, 1_200, 757];
    private static readonly TenderKind[] Tenders = [TenderKind.Cash, TenderKind.Cash, TenderKind.MobileMoney, TenderKind.Cash, TenderKind.Card];

    private readonly DemoWorld _world;
    private readonly IShop _shop;

    public DemoKiosk(DemoWorld world)
    {
        _world = world;
        _shop = new ShopReader(world.Platform.Vending, world.Platform.Counter, new PaperReader(world.Platform.Vending), world.Clock);
    }

    /// <summary>Opens the kiosk with a float; what is there already stays.</summary>
    public async Task FoundAsync(CancellationToken cancellationToken)
    {
        if (_world.Platform.Vending.Vendors.Find(Code) is not null) return;
        var vendor = new Vendor(
            Code, "Kiosk at the gate 大门售电亭", Currency.Cny, MinimumSale: 1_00, MaximumSale: 2_000_00, IsBlocked: false,
            [new CommissionScheme(DateOnly.MinValue, SharePpm: 15_000, PerKilowattHour: 0, PerSale: 0, [new CommissionTier(5_000_00, 20_000)])], Coin: 10);
        Require(await _world.Platform.Vending.VendorDesk.SaveAsync(vendor, cancellationToken).ConfigureAwait(false));
        ApprovalEffect note = ActEffects.CreditNote(Code, Money.FromMajor(OpeningFloatYuan, Currency.Cny), out string? problem) ?? throw new InvalidOperationException(problem);
        await FoundingActs.DoAsync(_world.Platform.Vending.Acts, Founders, DemoIds.Of, note, "opening float", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does what falls on the full hours after <paramref name="from"/> up to now. Today is left to whoever looks at the demo.</summary>
    /// <param name="from">When it was asked the last time.</param>
    /// <param name="today">The day on which nothing is done.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task LiveAsync(DateTimeOffset from, DateOnly today, CancellationToken cancellationToken)
    {
        DateTime now = DemoWorld.Vending.WallClock(_world.Clock.GetUtcNow());
        if (DateOnly.FromDateTime(now) >= today || DemoWorld.Vending.WallClock(from).Hour == now.Hour) return;
        Cashier early = new(Code, EarlyCashier), late = new(Code, LateCashier);
        if (now.Hour == Opens)
        {
            await BankAsync(DateOnly.FromDateTime(now), cancellationToken).ConfigureAwait(false);
            await _shop.OpenShiftAsync(early, "till-1", Drawer, cancellationToken).ConfigureAwait(false);
        }
        else if (now.Hour == Changes)
        {
            await CloseAsync(early, short50: now.Day % 2 == 0, cancellationToken).ConfigureAwait(false);
            await _shop.OpenShiftAsync(late, "till-1", Drawer, cancellationToken).ConfigureAwait(false);
        }
        else if (now.Hour == Closes)
        {
            await CloseAsync(late, short50: false, cancellationToken).ConfigureAwait(false);
            if (_shop.Now(late)?.Day is { } day) await _shop.EndDayAsync(late, new Money(day.Cash, Currency.Cny), cancellationToken).ConfigureAwait(false);
        }

        if (now.Hour is >= Opens and < Closes) await SellAsync(now.Hour < Changes ? early : late, now, cancellationToken).ConfigureAwait(false);
    }

    private static Money Drawer => Money.FromMajor(DrawerYuan, Currency.Cny);

    private async Task SellAsync(Cashier cashier, DateTime now, CancellationToken cancellationToken)
    {
        DemoRoomPlan[] rooms = [.. DemoRoomPlan.Park.Where(room => room.Tenant is not null)];
        int turn = (now.Day * 24) + now.Hour;
        Money amount = new(AmountsFen[turn % AmountsFen.Length], Currency.Cny);
        TenderKind kind = Tenders[turn % Tenders.Length];
        SaleTender tender = kind == TenderKind.Cash ? SaleTender.Cash(amount, tendered: 20_00, coin: 10) : new SaleTender(kind, amount.MinorUnits);
        string pan = rooms[turn % rooms.Length].Meter.Attributes.Pan.ToString();
        await _shop.SellAsync(cashier, DemoIds.Of($"kiosk sale {now:yyyyMMddHH}"), pan, amount, tender, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts the drawer as a person does: now and then a coin is missing.</summary>
    private async Task CloseAsync(Cashier cashier, bool short50, CancellationToken cancellationToken)
    {
        if (_shop.Now(cashier) is not { IsMine: true, Shift: { } shift, ShiftTotals: { } totals }) return;
        long counted = (shift.ExpectedCash(totals) ?? totals.Cash) - (short50 ? 50 : 0);
        await _shop.CloseShiftAsync(cashier, new Money(Math.Max(0, counted), Currency.Cny), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The bank's statement of the morning: the slips of the days before, and once a line that nobody can explain.</summary>
    private async Task BankAsync(DateOnly day, CancellationToken cancellationToken)
    {
        BankLine[] lines =
        [
            .. _world.Platform.Vending.Vendors.Slips(Code, 14).Select(slip => new BankLine("BANK-" + slip.Reference, day, slip.Reference, slip.Amount)),
            new BankLine("BANK-UNKNOWN-1", day, "thanks, gate kiosk", Money.FromMajor(120, Currency.Cny)),
        ];
        await _world.Platform.Vending.VendorBank.ImportAsync([.. lines.Where(l => _world.Platform.Vending.Vendors.FindLine(l.Id) is null)], cancellationToken).ConfigureAwait(false);
    }

    private static void Require<T>(VendorOutcome<T> outcome)
    {
        if (outcome is VendorOutcome<T>.Refused refused) throw new InvalidOperationException("The demo's kiosk could not be opened: " + refused.Detail);
    }
}
