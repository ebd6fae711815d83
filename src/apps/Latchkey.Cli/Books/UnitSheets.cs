using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Vending.Units;

namespace Latchkey.Cli.Books;

/// <summary>The unit ledgers as sheets.</summary>
internal static class UnitSheets
{
    public static Sheet Of(UnitIdentity units)
    {
        (string Name, long Tenths)[] figures =
        [
            ("sold, by the ledger", units.Sold), ("  waiting for the meter's proof", units.Waiting), ("  accepted by meters", units.Accepted),
            ("on orders with a token", units.OnOrders), ("signed, by the signer's counters", units.Signed), ("  taken back", units.TakenBack),
            ("  on the way", units.OnTheWay), ("sold less issued", units.SoldLessIssued), ("sold less orders", units.SoldLessOrders),
            ("signed less explained", units.SignedLessExplained),
        ];
        return new Sheet(
            [], ["energy", "kWh#"], [.. figures.Select(f => new[] { f.Name, Kwh(f.Tenths) })],
            [units.Holds ? "Energy and tokens agree." : "ENERGY AND TOKENS DIFFER; while sales run, ask again, then run audit verify."],
            new { unit = "0.1kWh", holds = units.Holds, units });
    }

    public static Sheet Of(MeterUnits meter, Func<DateTimeOffset, string> clock) => new(
        [$"meter {meter.Pan}"],
        ["sold at", "token id#", "kWh#", "state", "accepted at", "order"],
        [
            .. meter.Lines.Select(l => new[]
            {
                clock(l.At), l.TidMinutes.ToString(CultureInfo.InvariantCulture), Kwh(l.Tenths), l.State.ToString().ToLowerInvariant(),
                l.AcceptedAt is { } at ? clock(at) : string.Empty, l.OrderId.ToString("D"),
            }),
        ],
        [
            $"issued {Kwh(meter.IssuedTenths)} kWh, accepted {Kwh(meter.AcceptedTenths)}, waiting {Kwh(meter.WaitingTenths)}, expired {Kwh(meter.ExpiredTenths)}, "
            + $"taken back {Kwh(meter.TakenBackTenths)}",
            meter.Report is { } report
                ? $"the meter reported at {clock(report.At)}: accepted {Kwh(report.AcceptedTenths)}, consumed {(report.ConsumedTenths is { } used ? Kwh(used) : "unknown")}"
                : "the meter has not reported its totals",
        ],
        new
        {
            pan = meter.Pan.ToString(), meter.IssuedTenths, meter.AcceptedTenths, meter.WaitingTenths, meter.ExpiredTenths, meter.TakenBackTenths,
            consumedTenths = meter.Report?.ConsumedTenths, reportedAt = meter.Report?.At,
            tokens = meter.Lines.Select(l => new { l.OrderId, l.At, l.TidMinutes, l.Tenths, state = l.State.ToString(), l.AcceptedAt }),
        });

    private static string Kwh(long tenths) => Amounts.Text(tenths, LedgerUnit.TenthsOfKilowattHour);
}
