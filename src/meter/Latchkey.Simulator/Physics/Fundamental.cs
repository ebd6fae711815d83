namespace Latchkey.Simulator.Physics;

/// <summary>The fundamental of a recording: its frequency, size and phase.</summary>
internal static class Fundamental
{
    private const double LowestHertz = 45;
    private const double HighestHertz = 65;
    private const double CoarseStep = 0.25;
    private const double FineStep = 1e-4;
    private const double ClearShare = 0.2; // of the rms: below, there is no fundamental to speak of
    private const double LongestSeconds = 10;

    /// <summary>Peak, and phase of the sine at the first sample, over whole cycles.</summary>
    public static (double Peak, double Phase) Of(double[] samples, double rateHz, double hertz)
    {
        double perCycle = rateHz / hertz;
        int cycles = Math.Max((int)(samples.Length / perCycle), 1);
        int count = Math.Min((int)Math.Round(cycles * perCycle), samples.Length);
        double mean = samples.Take(count).Average();
        (double sine, double cosine) = Project(samples.AsSpan(0, count), mean, rateHz, hertz, window: false);
        return (2 * Math.Sqrt((sine * sine) + (cosine * cosine)), Math.Atan2(cosine, sine));
    }

    /// <summary>The frequency between 45 and 65 Hz with the most in it; null where none stands out.</summary>
    public static double? FindHertz(double[] samples, double rateHz)
    {
        ReadOnlySpan<double> part = samples.AsSpan(0, (int)Math.Min(samples.Length, LongestSeconds * rateHz));
        double mean = 0, square = 0;
        foreach (double s in part) mean += s / part.Length;
        foreach (double s in part) square += (s - mean) * (s - mean) / part.Length;
        double best = LowestHertz, most = 0;
        for (double f = LowestHertz; f <= HighestHertz; f += Math.Min(CoarseStep, rateHz / part.Length / 2))
        {
            double power = Power(part, mean, rateHz, f);
            if (power > most) (best, most) = (f, power);
        }

        if (2 * Math.Sqrt(2 * most) < ClearShare * Math.Sqrt(square)) return null;
        double low = Math.Max(best - 0.5, LowestHertz), high = Math.Min(best + 0.5, HighestHertz);
        while (high - low > FineStep)
        {
            double a = low + ((high - low) / 3), b = high - ((high - low) / 3);
            if (Power(part, mean, rateHz, a) < Power(part, mean, rateHz, b)) low = a;
            else high = b;
        }

        return (low + high) / 2;
    }

    private static double Power(ReadOnlySpan<double> samples, double mean, double rateHz, double hertz)
    {
        (double sine, double cosine) = Project(samples, mean, rateHz, hertz, window: true);
        return (sine * sine) + (cosine * cosine);
    }

    // A rotating pointer instead of a sine for each sample.
    private static (double Sine, double Cosine) Project(ReadOnlySpan<double> samples, double mean, double rateHz, double hertz, bool window)
    {
        (double stepSin, double stepCos) = Math.SinCos(2 * Math.PI * hertz / rateHz);
        (double winSin, double winCos) = Math.SinCos(2 * Math.PI / samples.Length);
        double sin = 0, cos = 1, ws = 0, wc = 1, sine = 0, cosine = 0;
        foreach (double s in samples)
        {
            double value = (s - mean) * (window ? 1 - wc : 1);
            sine += value * sin;
            cosine += value * cos;
            (sin, cos) = ((sin * stepCos) + (cos * stepSin), (cos * stepCos) - (sin * stepSin));
            (ws, wc) = ((ws * winCos) + (wc * winSin), (wc * winCos) - (ws * winSin));
        }

        return (sine / samples.Length, cosine / samples.Length);
    }
}
