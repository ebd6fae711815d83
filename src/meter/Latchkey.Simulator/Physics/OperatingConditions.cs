namespace Latchkey.Simulator.Physics;

/// <summary>One operation of the benchmark population.</summary>
public sealed record OperatingConditions(
    double Amps, double PowerFactor, bool Leading, double Thd, double Hertz, double Celsius, double CoilRatio, SpectralLoad Load)
{
    private static readonly double[] Currents = [5, 10, 20, 40, 60, 80, 100];
    private static readonly double[] Factors = [0.1, 0.3, 0.5, 0.8, 0.95, 1];
    private static readonly double[] Distortions = [0, 0.05, 0.1, 0.2, 0.4];
    private static readonly int[] Orders = [3, 5, 7, 9];

    /// <summary>Draws from the population: current, power factor with a fifth leading, distortion, frequency, temperature, coil voltage.</summary>
    public static OperatingConditions Draw(Chance chance)
    {
        double amps = chance.Pick<double>(Currents), factor = chance.Pick<double>(Factors);
        bool leading = chance.Happens(0.2);
        double thd = chance.Pick<double>(Distortions);
        return Of(chance, amps, factor, leading, thd, chance.Between(45, 65), chance.Between(-40, 70), chance.Between(0.8, 1.15));
    }

    /// <summary>Given conditions; only the phases of the harmonics are drawn.</summary>
    public static OperatingConditions Of(
        Chance chance, double amps, double factor, bool leading, double thd, double hertz, double celsius, double coilRatio)
    {
        double phi = Math.Acos(factor) * (leading ? -1 : 1);
        // Harmonics fall with their order: a share of k/h each, so that the root of the squares is the distortion.
        double k = thd / Math.Sqrt(Orders.Sum(h => 1.0 / (h * h)));
        Harmonic[] harmonics = thd == 0 ? [] : [.. Orders.Select(h => new Harmonic(h, k / h, chance.Between(0, 2 * Math.PI)))];
        double fundamental = amps / Math.Sqrt(1 + (thd * thd));
        return new(amps, factor, leading, thd, hertz, celsius, coilRatio, new SpectralLoad(fundamental, phi, harmonics));
    }

    /// <summary>Puts a circuit under these conditions.</summary>
    public void Apply(PowerCircuit circuit)
    {
        circuit.Mains.SetFrequency(Hertz, circuit.NowUs * 1e-6);
        circuit.Celsius = Celsius;
        circuit.CoilVolts = CoilRatio * PhysicsParameters.Default.Coil.NominalVolts;
        circuit.Load = Load;
    }
}
