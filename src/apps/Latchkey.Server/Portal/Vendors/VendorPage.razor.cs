using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Vending.Vendors;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Vendors;

/// <summary>One vendor: money, limits, plan, shifts, slips, statement.</summary>
public sealed partial class VendorPage
{
    private VendorDetail? _detail;
    private bool _missing;

    [Parameter] public string Code { get; set; } = string.Empty;

    [Inject] private IVendorView Vendors { get; set; } = null!;

    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _detail = Vendors.Find(Code);
        _missing = _detail is null;
        return ValueTask.FromResult(true);
    }

    private Task BlockAsync() => _detail is { Vendor: var vendor } ? DoAsync(!vendor.IsBlocked) : Task.CompletedTask;

    private async Task DoAsync(bool block) => await TellAsync(await Vendors.BlockAsync(Code, block, Closed), block ? "vendor.is-blocked" : "vendor.is-unblocked");

    private string Of(long minorUnits) => new Money(minorUnits, _detail!.Vendor.Currency).ToString();

    private string From(CommissionScheme scheme) => scheme.From == DateOnly.MinValue ? Words["vendor.always"] : scheme.From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Percent(int ppm) => (ppm / 10_000m).ToString("0.####", CultureInfo.InvariantCulture) + " %";

    private string Micro(long millionths) => (millionths / 1_000_000m / _detail!.Vendor.Currency.MinorPerMajor).ToString("0.######", CultureInfo.InvariantCulture) + " " + _detail.Vendor.Currency;
}
