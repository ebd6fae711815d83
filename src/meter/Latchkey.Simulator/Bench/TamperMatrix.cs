using Latchkey.Meter;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Tamper;
using Latchkey.Quantities;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>One attack of the matrix: what somebody does, and when the meter must have noticed.</summary>
/// <param name="Name">In the words of the manual.</param>
/// <param name="Model">On which meter.</param>
/// <param name="Event">What is logged.</param>
/// <param name="WithinMs">The stated time: from the act to the entry.</param>
/// <param name="Act">What is done; a draw in 0 to 1 makes each attempt another.</param>
internal sealed record TamperAttack(string Name, MeterProfile Model, EventCode Event, int WithinMs, Action<TamperRig, double> Act)
{
    /// <summary>Before the act: which load, whether the supply is on.</summary>
    public Action<TamperRig> Prepare { get; init; } = static rig => rig.Live();

    /// <summary>What the meter is expected to do besides, in the words of the manual.</summary>
    public string Reaction { get; init; } = "logged, told";
}

/// <summary>Something harmless that looks a little like an attack.</summary>
internal sealed record BenignCase(string Name, MeterProfile Model, Action<TamperRig, double> Act)
{
    public IReadOnlyList<TamperKind> Policy { get; init; } = TamperPolicy.Default;
}

/// <summary>What one row of the matrix measured.</summary>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Found">How often it was noticed in its time.</param>
/// <param name="MeanMs">Mean time to the entry.</param>
/// <param name="WorstMs">The longest.</param>
internal readonly record struct TamperRow(int Attempts, int Found, double MeanMs, int WorstMs);

/// <summary>A virtual meter to be tampered with.</summary>
internal sealed class TamperRig : IDisposable
{
    private readonly TestMint _mint = new();

    public TamperRig(MeterProfile profile, int seed, IReadOnlyList<TamperKind>? policy = null)
    {
        Meter = new VirtualMeter(
            new VirtualMeterOptions
            {
                Profile = profile,
                Attributes = _mint.Attributes,
                Key = _mint.Key,
                MessageKey = BareMeter.Secret,
                Start = new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero),
                NoModule = true,
                Seed = seed,
                Tampers = policy ?? TamperPolicy.Default,
            },
            new MemoryNvmImage());
    }

    public VirtualMeter Meter { get; }

    public TestMint Mint => _mint;

    public void Run(double seconds) => Meter.Advance(TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6)));

    /// <summary>Credit, load, and long enough that the first ten seconds are over.</summary>
    public void Live(int watts = 3_000)
    {
        Enter(_mint.Credit(Energy.FromWattHours(200_000)));
        Meter.Load = new ConstantLoad(watts);
        Run(15);
    }

    public void Enter(TokenNumber token) => Meter.Type(token.ToString() + "#", pauseMs: 100);

    public int Count(EventCode code) => Meter.Snapshot.FraudEvents.Concat(Meter.Snapshot.Events).Count(e => e.Code == code);

    public void Dispose()
    {
        Meter.Dispose();
        _mint.Dispose();
    }
}

/// <summary>Every kind of tamper against the whole meter: found in its time, and nothing found where there is nothing.</summary>
internal static class TamperMatrix
{
    private const int StepMs = 100;
    private const int SlackMs = 2_000;

    /// <summary>Tries an attack so often, each time with another seed and strength.</summary>
    public static TamperRow Try(TamperAttack attack, int attempts)
    {
        int found = 0, worst = 0;
        double sum = 0;
        for (int i = 0; i < attempts; i++)
        {
            int ms = TimeToEntry(attack, seed: 100 + i, draw: (i + 0.5) / attempts);
            if (ms > attack.WithinMs + SlackMs) continue;
            found++;
            sum += ms;
            worst = Math.Max(worst, ms);
        }

        return new TamperRow(attempts, found, found == 0 ? 0 : sum / found, worst);
    }

    /// <summary>Milliseconds from the act to its entry in the log, or a number past the limit.</summary>
    public static int TimeToEntry(TamperAttack attack, int seed, double draw)
    {
        using var rig = new TamperRig(attack.Model, seed);
        attack.Prepare(rig);
        // The act does not wait for the beginning of a second.
        rig.Run(draw);
        int before = rig.Count(attack.Event);
        attack.Act(rig, draw);
        int limit = attack.WithinMs + SlackMs;
        for (int ms = 0; ms <= limit; ms += StepMs)
        {
            if (rig.Meter.IsRunning && rig.Count(attack.Event) > before) return ms;
            // Far from the limit whole seconds will do.
            rig.Run(StepMs / 1_000.0);
        }

        return limit + StepMs;
    }

    /// <summary>Entries in the tamper log after something harmless; none is right.</summary>
    public static IReadOnlyList<EventCode> Raised(BenignCase benign, int seed, double draw)
    {
        using var rig = new TamperRig(benign.Model, seed, benign.Policy);
        rig.Live();
        benign.Act(rig, draw);
        rig.Run(30);
        return [.. rig.Meter.Snapshot.FraudEvents.Select(e => e.Code)];
    }
}
