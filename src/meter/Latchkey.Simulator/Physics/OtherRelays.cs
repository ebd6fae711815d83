using System.Globalization;

namespace Latchkey.Simulator.Physics;

/// <summary>Relays of another make than the firmware's type parameters say: it keeps its defaults and must learn.</summary>
public static class OtherRelays
{
    private const int Warmup = 20;

    /// <summary>The makes: name and physics.</summary>
    public static IReadOnlyList<(string Name, PhysicsParameters Physics)> All { get; } =
    [
        .. new[] { 10.0, 20 }.Select(v => ($"arc-{v.ToString(CultureInfo.InvariantCulture)}V", Arc(a => a with { FallVolts = v }))),
        .. new[] { 1.0, 4 }.Select(v => ($"gap-{v.ToString(CultureInfo.InvariantCulture)}kV-per-mm", Arc(a => a with { DielectricVoltsPerMm = v * 1000 }))),
        .. new[] { 0.2, 0.5 }.Select(v => ($"speed-{v.ToString(CultureInfo.InvariantCulture)}m-per-s", Arc(a => a with { GapMmPerMs = v }))),
        .. new[] { 0.05, 0.2, 0.3 }.Select(v => ($"jitter-{v.ToString(CultureInfo.InvariantCulture)}ms", Jitter(v))),
    ];

    /// <summary>Mean energy of the firmware and of the oracle, which knows these contacts, over scored operations.</summary>
    public static (double Learned, double Oracle) Means(PhysicsParameters physics, int units, int scored, int seed)
    {
        OpeningTrial[] trials = [.. new OpeningPopulation(physics, seed).Run(units, Warmup + scored, OpeningStrategy.Learned, OpeningStrategy.Oracle)
            .Where(t => t.Operation > Warmup)];
        double Mean(OpeningStrategy s) => trials.Where(t => t.Strategy == s).Average(t => t.Joules);
        return (Mean(OpeningStrategy.Learned), Mean(OpeningStrategy.Oracle));
    }

    private static PhysicsParameters Arc(Func<ArcParameters, ArcParameters> change) =>
        PhysicsParameters.Default with { Arc = change(PhysicsParameters.Default.Arc) };

    private static PhysicsParameters Jitter(double ms) =>
        PhysicsParameters.Default with { Coil = PhysicsParameters.Default.Coil with { JitterMs = ms } };
}
