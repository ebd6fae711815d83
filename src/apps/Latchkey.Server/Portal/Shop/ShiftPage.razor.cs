using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Portal.Shop;

/// <summary>A turn at the till from the first count of the drawer to the last, and the end of the day.</summary>
public sealed partial class ShiftPage
{
    private const int MostShifts = 20;
    private string? _till = "till-1", _drawer, _bank, _problem;
    private bool _busy;
    private VendorBatch? _closed;
    private ShopDayEnd? _ended;
    private IReadOnlyList<VendorBatch> _shifts = [];

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await base.ReadAsync(cancellationToken);
        _shifts = [.. Shop.Shifts(Cashier, MostShifts).Where(s => !s.IsOpen)];
        return true;
    }

    private Task OpenAsync() => DoAsync(_drawer, null, async drawer =>
        await Shop.OpenShiftAsync(Cashier, (_till ?? string.Empty).Trim(), drawer, Closed) is VendorOutcome<VendorBatch>.Refused refused ? refused.Code : Clear());

    private Task CloseAsync() => DoAsync(_drawer, null, async drawer =>
    {
        VendorOutcome<VendorBatch> outcome = await Shop.CloseShiftAsync(Cashier, drawer, Closed);
        if (outcome is VendorOutcome<VendorBatch>.Refused refused) return refused.Code;
        Clear();
        _closed = ((VendorOutcome<VendorBatch>.Done)outcome).Value;
        return null;
    });

    private Task EndDayAsync() => DoAsync(_bank, Now?.Day?.Cash, async cash =>
    {
        VendorOutcome<ShopDayEnd> outcome = await Shop.EndDayAsync(Cashier, cash, Closed);
        if (outcome is VendorOutcome<ShopDayEnd>.Refused refused) return refused.Code;
        Clear();
        _ended = ((VendorOutcome<ShopDayEnd>.Done)outcome).Value;
        return null;
    });

    /// <summary>Reads the amount, does it once, shows what went wrong.</summary>
    private async Task DoAsync(string? text, long? otherwise, Func<Money, Task<string?>> work)
    {
        if (_busy || Now is null) return;
        _problem = null;
        Money amount = new(otherwise ?? 0, Now.Currency);
        bool isEmpty = string.IsNullOrWhiteSpace(text);
        if (isEmpty ? otherwise is null : !AmountText.TryRead(text!, Now.Currency, out amount))
        {
            _problem = Words["shop.count-first"];
            return;
        }

        _busy = true;
        try
        {
            if (await work(amount) is { } code) _problem = RefusalOf(code);
        }
        finally
        {
            _busy = false;
        }

        await ReadAsync(Closed);
    }

    private string? Clear()
    {
        (_drawer, _bank, _closed, _ended) = (null, null, null, null);
        return null;
    }
}
