namespace Latchkey.Meter.LoadSwitch;

/// <summary>The normal distribution.</summary>
internal static class Normal
{
    /// <summary>Probability of a value below x.</summary>
    /// <remarks>Source: Abramowitz and Stegun 7.1.26; the error is below 1.5e-7.</remarks>
    public static double Cdf(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double t = 1 / (1 + (0.3275911 * z));
        double erf = 1 - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-z * z));
        return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
    }
}
