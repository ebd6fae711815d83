using Latchkey.Quantities;
using Latchkey.Server.Portal.Vendors;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Server.Rooms;

/// <summary>Vendors over the rooms of selling.</summary>
internal sealed class VendorReader(VendingHouse vending, PortalActs acts) : IVendorView
{
    private const string AssignReason = "money in suspense given at the portal";
    private const int MostBatches = 30, MostLines = 100;
    private readonly FloatReader _floats = new(vending.Vendors, vending.Ledger);

    public IReadOnlyList<VendorLine> List() => [.. vending.Vendors.List().Select(v => new VendorLine(
        v.Code, v.Name, v.IsBlocked, Float(v), _floats.Balance(v.CommissionAccount, v.Currency), vending.Vendors.OpenBatch(v.Code, BatchKind.Shift)))];

    public VendorDetail? Find(string code)
    {
        if (vending.Vendors.Find(code) is not { } vendor) return null;
        return new VendorDetail(
            vendor, Float(vendor), _floats.Balance(vendor.CommissionAccount, vendor.Currency), new Money(vending.VendorDesk.CommissionSoFar(code), vendor.Currency),
            vending.Vendors.OpenBatch(code, BatchKind.Shift), vending.VendorDesk.Total(code, BatchKind.Sales) is VendorOutcome<BatchTotals>.Done day ? day.Value : null,
            [.. vending.Vendors.Batches(code, BatchKind.Shift, MostBatches).Where(b => !b.IsOpen)], [.. vending.Vendors.Batches(code, BatchKind.Sales, MostBatches).Where(b => !b.IsOpen)],
            vending.Vendors.Slips(code, MostBatches), [.. _floats.Newest(vendor, MostLines).Select(line => FloatReader.LineOf(line, vendor.Currency))]);
    }

    public async Task<string?> BlockAsync(string code, bool isBlocked, CancellationToken cancellationToken) =>
        vending.Vendors.Find(code) is { } vendor ? CodeOf(await vending.VendorDesk.SaveAsync(vendor with { IsBlocked = isBlocked }, cancellationToken)) : VendorCodes.Unknown;

    public IReadOnlyList<BankLineRecord> Suspense(int limit) => vending.Vendors.Unmatched(limit);

    public Task<IReadOnlyList<BankMatch>> ImportAsync(IReadOnlyList<BankLine> lines, CancellationToken cancellationToken) => vending.VendorBank.ImportAsync(lines, cancellationToken);

    public async Task<string?> AssignAsync(string lineId, string code, string first, string second, CancellationToken cancellationToken) =>
        vending.Vendors.FindLine(lineId) is { } record
            ? await acts.DoAsync(ActEffects.BankLine(record.Line, code), AssignReason, first, second, cancellationToken)
            : VendorCodes.Invalid;

    private Money Float(Vendor vendor) => _floats.Balance(vendor.Float, vendor.Currency);

    private static string? CodeOf<T>(VendorOutcome<T> outcome) => outcome is VendorOutcome<T>.Refused refused ? refused.Code : null;
}
