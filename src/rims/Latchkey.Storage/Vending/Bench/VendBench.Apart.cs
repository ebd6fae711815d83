using Latchkey.Vending.Reconciliation;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>The same shop with its signer in this process and in one of its own, by turns, so that a busy neighbour disturbs both.</summary>
public static partial class VendBench
{
    private const int Turns = 4;

    public static async Task<IReadOnlyList<VendFigure>> RunApartAsync(string directory, TimeSpan duration, BenchSigner apart, CancellationToken cancellationToken)
    {
        double flushes = DiskAnchors.FlushesPerSecond(directory, duration / 4);
        using VendingHouse here = await OpenAsync(Path.Combine(directory, "here"), apart: null, cancellationToken).ConfigureAwait(false);
        using VendingHouse there = await OpenAsync(Path.Combine(directory, "there"), apart, cancellationToken).ConfigureAwait(false);
        await WarmUpAsync(here, duration / 2, cancellationToken).ConfigureAwait(false);
        await WarmUpAsync(there, duration / 2, cancellationToken).ConfigureAwait(false);
        List<Sales> inside = [], outside = [];
        TimeSpan signerBefore = apart.ProcessorTime();
        for (short turn = 0; turn < Turns; turn++)
        {
            inside.Add(await SellAsync(here, duration / Turns, client => Vendor(client % VendorCount), (short)(100 + turn), cancellationToken).ConfigureAwait(false));
            outside.Add(await SellAsync(there, duration / Turns, client => Vendor(client % VendorCount), (short)(100 + turn), cancellationToken).ConfigureAwait(false));
        }

        TimeSpan signerTime = apart.ProcessorTime() - signerBefore;
        DailyReconciliation report = await there.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        Sales one = All(inside), two = All(outside);
        return
        [
            VendFigure.Reported("forced writes of 4 KiB, one after the other", flushes, "1/s"),
            .. Figures("signer in this process", one),
            .. Figures("signer in its own process", two),
            VendFigure.Reported("signer in its own process: its processor time per order", signerTime.TotalMicroseconds / two.SortedMs.Length, "us"),
            VendFigure.Reported("orders a second, own process to this process", two.PerSecond / one.PerSecond, "1"),
            VendFigure.AtMost("differences the signer's reconciliation finds", report.IsIntact ? 0 : Math.Max(1, report.DifferenceCount), "1", 0),
        ];
    }

    private static VendFigure[] Figures(string where, Sales sales) =>
    [
        VendFigure.Reported(where + ": orders sold, durable, 64 clients", sales.PerSecond, "1/s"),
        VendFigure.Reported(where + ": time to the answer, median", sales.PercentileMs(0.50), "ms"),
        VendFigure.Reported(where + ": time to the answer, 99 of 100", sales.PercentileMs(0.99), "ms"),
        VendFigure.Reported(where + ": the seller's processor time per order", sales.CpuUsPerOrder, "us"),
        VendFigure.Reported(where + ": orders per commit of the ledger's file", sales.OrdersPerCommit, "1"),
    ];

    private static Sales All(IReadOnlyList<Sales> turns) => new(
        [.. turns.SelectMany(t => t.SortedMs).Order()], Sum(turns, t => t.Elapsed), Sum(turns, t => t.Cpu), turns.Sum(t => t.Commits), turns[^1].Written);

    private static TimeSpan Sum(IReadOnlyList<Sales> turns, Func<Sales, TimeSpan> part) => turns.Aggregate(TimeSpan.Zero, (sum, t) => sum + part(t));
}

/// <summary>A signer in a process of its own for the bench.</summary>
/// <param name="StartAsync">Given the seller's directory, and how the bench's key is taken in, starts it; it answers afterwards.</param>
/// <param name="ProcessorTime">What its process has used so far.</param>
public sealed record BenchSigner(IOutsideSigner Signer, Func<string, Func<KeyAdministration, Task<string?>>, Task> StartAsync, Func<TimeSpan> ProcessorTime);
