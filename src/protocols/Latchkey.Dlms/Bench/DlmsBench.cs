using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Bench.Torture;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Bench;

/// <summary>One measured figure with the limit it is held to.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The value seen in this run.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Limit">The bound in words; null where the figure is only reported.</param>
/// <param name="Holds">Whether the bound holds; true where there is none.</param>
public sealed record DlmsFigure(string Name, double Value, string Unit, string? Limit, bool Holds);

/// <summary>Measures client and server in one process on one thread: every octet is encoded, protected, opened and decoded. Speeds are per second
/// of the process's own processor time.</summary>
public static class DlmsBench
{
    private const int WarmUp = 2_000;

    /// <summary>Runs every figure.</summary>
    /// <param name="time">The clock of client and meter.</param>
    /// <param name="perFigure">How much of the processor's time to measure each for, after half as much to warm up: on a loaded machine the
    /// compiler would be measured otherwise.</param>
    public static IReadOnlyList<DlmsFigure> Run(TimeProvider time, TimeSpan perFigure)
    {
        using var key = new CipherKey(SecuritySuite.Suite0, SampleMeter.Encryption, SampleMeter.Authentication);
        var ciphered = BenchLine.Management(time, key);
        var plain = BenchLine.Reading(time);
        var profile = new AttributeDescriptor(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2);
        var register = new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2);
        var hdlc = new BenchHdlc(plain.LastAnswer(profile));
        var figures = new List<DlmsFigure>();
        Anchor(figures, perFigure, key);
        Speed(figures, perFigure, "96-row profile read, plain", null, () => plain.Read(profile));
        Speed(figures, perFigure, "96-row profile read, AES-GCM", 40_000, () => ciphered.Read(profile));
        Speed(figures, perFigure, "register read, plain", null, () => plain.Read(register));
        Speed(figures, perFigure, "register read, AES-GCM", null, () => ciphered.Read(register));
        Speed(figures, perFigure, "HLS5 session: associate, prove, release", 25_000, ciphered.Session, countAllocations: false);
        Speed(figures, perFigure, "96-row profile over HDLC at 128 octets", null, hdlc.Carry, countAllocations: false);
        figures.AddRange(LineSizes.Run(time, key));
        return figures;
    }

    /// <summary>Profile reads and token entries over bad lines, in virtual time.</summary>
    /// <param name="operations">Operations on each kind of line.</param>
    /// <param name="seed">Replays a run.</param>
    public static IReadOnlyList<DlmsFigure> RunTorture(int operations, uint seed)
    {
        var figures = new List<DlmsFigure>();
        foreach (TortureKind kind in Enum.GetValues<TortureKind>())
        {
            TortureResult result = LinkTorture.Run(kind, operations, seed);
            string name = $"link torture, {kind.ToString().ToLowerInvariant()}, {operations} operations";
            figures.Add(new DlmsFigure(name + ", ended right", result.Right, "operations", null, Holds: true));
            figures.Add(new DlmsFigure(name + ", ended with a clear error", result.Clear, "operations", null, Holds: true));
            int bad = result.Wrong + result.Replayed + result.CreditedTwice + result.Hung;
            figures.Add(new DlmsFigure(name + ", wrong, replayed, credited twice or hung", bad, "operations", "= 0", bad == 0));
        }

        return figures;
    }

    // What the machine gives right now: a ciphered read is four of these, two of them long, so the other speeds mean little without it.
    private static void Anchor(List<DlmsFigure> figures, TimeSpan duration, CipherKey key)
    {
        byte[] plain = new byte[2_700];
        byte[] secured = new byte[2_800];
        SecurityControl control = SecurityControl.AuthenticatedAndEncrypted(key.Suite);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        uint count = 0;
        do
        {
            for (int i = 0; i < 100; i++) key.Protect(control, SampleMeter.MeterTitle, count++, default, plain, secured);
        }
        while (Environment.CpuUsage.TotalTime - before < duration);
        double perSecond = Math.Round(PerSecond(count, before));
        figures.Add(new DlmsFigure("anchor: AES-GCM of 2700 octets", perSecond, "operations/s", null, Holds: true));
    }

    private static void Speed(
        List<DlmsFigure> figures, TimeSpan duration, string name, int? atLeast, Func<int> once, bool countAllocations = true)
    {
        int octets = 0;
        TimeSpan warm = Environment.CpuUsage.TotalTime;
        do
        {
            for (int i = 0; i < WarmUp; i++) octets = once();
        }
        while (Environment.CpuUsage.TotalTime - warm < duration / 2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        TimeSpan used = Environment.CpuUsage.TotalTime;
        long count = 0;
        do
        {
            for (int i = 0; i < 100; i++) once();
            count += 100;
        }
        while (Environment.CpuUsage.TotalTime - used < duration);

        double perSecond = PerSecond(count, used);
        double allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        string? limit = atLeast is int bound ? $">= {bound}" : null;
        figures.Add(new DlmsFigure(name, Math.Round(perSecond), "operations/s", limit, atLeast is null || perSecond >= atLeast));
        figures.Add(new DlmsFigure(name + ", on the line", octets, "octets/operation", null, Holds: true));
        figures.Add(countAllocations
            ? new DlmsFigure(name + ", allocated", Math.Floor(allocated), "bytes/operation", "= 0", allocated < 1)
            : new DlmsFigure(name + ", allocated", Math.Floor(allocated), "bytes/operation", null, Holds: true));
    }

    // Per second of processor time: on a shared machine the wall clock measures the neighbours.
    private static double PerSecond(long count, TimeSpan before) =>
        count / Math.Max(1e-6, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
}
