using System.Diagnostics;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>One audit of everything that was sold, with its time and what it kept in memory at most.</summary>
/// <param name="PeakBytes">Live objects over those before, sampled while it ran.</param>
internal sealed record AuditMeasure(VendingAuditReport Report, TimeSpan Elapsed, TimeSpan Cpu, long PeakBytes)
{
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Of this process while it ran: what a busy machine does not change.</summary>
    public double CpuUsPerEntry => Cpu.TotalMicroseconds / Report.Ledger.EntriesRead;

    public double EntriesPerSecond => Report.Ledger.EntriesRead / Elapsed.TotalSeconds;

    public static AuditMeasure Of(VendingAudit audit)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true), peak = 0;
        using var stop = new CancellationTokenSource();
        var sampler = new Thread(() =>
        {
            while (!stop.Token.WaitHandle.WaitOne(SampleEvery)) peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        });
        sampler.Start();
        TimeSpan cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        VendingAuditReport report = audit.Verify();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start), cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuBefore;
        stop.Cancel();
        sampler.Join();
        return new AuditMeasure(report, elapsed, cpu, Math.Max(0, peak));
    }
}
