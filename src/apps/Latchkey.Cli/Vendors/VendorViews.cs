using Latchkey.Quantities;
using Latchkey.Vending.Vendors;

namespace Latchkey.Cli.Vendors;

/// <summary>What of a vendor's records people and programs are shown.</summary>
internal static class VendorViews
{
    public static object Of(object answer) => answer switch
    {
        Vendor v => new
        {
            v.Code, v.Name, currency = v.Currency.ToString(), v.MinimumSale, v.MaximumSale, v.IsBlocked,
            commission = v.Schemes.Select(s => new { from = s.From, s.SharePpm, s.PerKilowattHour, s.PerSale, s.Tiers }),
        },
        VendorBatch b => new
        {
            b.Vendor, kind = b.Kind.ToString(), b.Number, b.OpenedBy, b.OpenedAt, b.ClosedAt, commissionMinorUnits = b.Commission,
            totals = b.Totals is { } totals ? Of(totals) : null,
        },
        BatchTotals t => new
        {
            sales = t.Sales.Count, t.Sales.MinorUnits, kilowattHours = t.Sales.Tenths / 10m, t.Sales.TaxMinorUnits, depositsMinorUnits = t.Deposits, t.OtherMinorUnits,
            byPerson = t.ByOperator.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new { person = p.Key, sales = p.Value.Count, p.Value.MinorUnits }),
        },
        DepositSlip s => new { s.Reference, s.Vendor, amountMinorUnits = s.Amount.MinorUnits, currency = s.Amount.Currency.ToString(), s.WrittenAt, s.BankingBatch },
        BankLineRecord l => new
        {
            l.Line.Id, l.Line.ValueDate, l.Line.Reference, amountMinorUnits = l.Line.Amount.MinorUnits, currency = l.Line.Amount.Currency.ToString(), l.Vendor,
            approvedBy = l.ApprovedBy?.ToString(),
        },
        FloatLease l => new { l.Vendor, l.Slot, l.Holder, l.Channel, l.MinorUnits, l.GrantedAt, l.ExpiresAt, l.ReturnedAt },
        Money m => new { amountMinorUnits = m.MinorUnits, currency = m.Currency.ToString() },
        _ => answer,
    };
}
