namespace Latchkey.Simulator.Loads;

/// <summary>What a load draws at an instant, at nominal voltage.</summary>
/// <param name="Watts">Active power.</param>
/// <param name="PowerFactor">0 to 1, inductive; leading when negative.</param>
public readonly record struct LoadPoint(int Watts, double PowerFactor)
{
    public static LoadPoint None { get; } = new(0, 1);
}

/// <summary>A load as the tenant knows it: power over the time of day. The same instants give the same powers.</summary>
public interface ILoad
{
    /// <summary>What it draws from <paramref name="at"/> on, and until when at least that stays so (later than <paramref name="at"/>).</summary>
    (LoadPoint Point, DateTimeOffset Until) At(DateTimeOffset at);
}

/// <summary>A load that never changes by itself.</summary>
public sealed class ConstantLoad(int watts, double powerFactor = 1) : ILoad
{
    public (LoadPoint Point, DateTimeOffset Until) At(DateTimeOffset at) => (new LoadPoint(watts, powerFactor), DateTimeOffset.MaxValue);
}
