using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Vendors;

/// <summary>Who sells for us, with what money.</summary>
public sealed partial class VendorsPage
{
    private IReadOnlyList<VendorLine>? _vendors;

    [Inject] private IVendorView Vendors { get; set; } = null!;

    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<VendorLine> vendors = Vendors.List();
        bool changed = _vendors is null || !_vendors.SequenceEqual(vendors);
        _vendors = vendors;
        return ValueTask.FromResult(changed);
    }
}
