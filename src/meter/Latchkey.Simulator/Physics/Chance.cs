namespace Latchkey.Simulator.Physics;

/// <summary>Seeded randomness of the physics: the same seed, the same life.</summary>
public sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => _random.NextDouble();

    /// <summary>Uniform between two bounds.</summary>
    public double Between(double lowest, double highest) => lowest + ((highest - lowest) * _random.NextDouble());

    /// <summary>Normal with mean 0 and deviation 1.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>Normal with a mean and a deviation.</summary>
    public double Normal(double mean, double deviation) => mean + (deviation * Normal());

    /// <summary>True with a probability.</summary>
    public bool Happens(double probability) => _random.NextDouble() < probability;

    /// <summary>One of the given values.</summary>
    public T Pick<T>(ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    /// <summary>A seed for another source.</summary>
    public int NextSeed() => _random.Next();
}
