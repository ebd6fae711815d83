namespace Latchkey.Meter.LoadSwitch;

/// <summary>Where in the cycle the contacts should part, for one polarity of the arc.</summary>
/// <param name="Point">Point of the profile, with its fraction.</param>
/// <param name="Joules">Expected arc energy there.</param>
public readonly record struct AimPoint(double Point, double Joules);

/// <summary>
/// Chooses the opening instant: for every instant of the cycle, the expected arc energy over the uncertainty of the operate time.
/// Early costs little and late costs a half cycle, so the best instant lies ahead of the zero by more than the uncertainty.
/// </summary>
public sealed class OpeningAim
{
    private const int Points = CycleProfile.Points;
    private const int Span = 3 * Points;
    private const double DeadAmps = 0.05;
    private readonly double[] _charge = new double[Span + 1];
    private readonly double[] _moment = new double[Span + 1];
    private readonly double[] _zeros = new double[Span];
    private readonly double[] _energy = new double[Points];
    private readonly double[] _weights = new double[Points];
    private int _zeroCount;

    /// <summary>Best instant whose arc would carry positive current; its energy is infinite when there is none.</summary>
    public AimPoint Positive { get; private set; }

    /// <summary>Best instant whose arc would carry negative current.</summary>
    public AimPoint Negative { get; private set; }

    /// <summary>False for direct current: it has no zero to open at.</summary>
    public bool HasZeros => _zeroCount > 0;

    /// <summary>Expected energy of a random instant.</summary>
    public double RandomJoules { get; private set; }

    /// <summary>Energy of parting at each point of the cycle, for pictures and tests.</summary>
    public ReadOnlySpan<double> Energy => _energy;

    /// <summary>Evaluates a cycle.</summary>
    public void Evaluate(CycleProfile profile, ContactModel contact, double sigmaMs)
    {
        Integrate(profile);
        FindZeros(profile);
        double sum = 0;
        for (int k = 0, next = 0; k < Points; k++)
        {
            while (next < _zeroCount && _zeros[next] <= k) next++;
            _energy[k] = EnergyFrom(k, next, profile, contact);
            sum += _energy[k];
        }

        RandomJoules = sum / Points;
        Choose(profile, Weigh(sigmaMs / profile.MsPerPoint));
    }

    private void Integrate(CycleProfile profile)
    {
        double ms = profile.MsPerPoint;
        for (int k = 0; k < Span; k++)
        {
            double charge = (Math.Abs(profile.Amps[k % Points]) + Math.Abs(profile.Amps[(k + 1) % Points])) / 2 * ms;
            _charge[k + 1] = _charge[k] + charge;
            _moment[k + 1] = _moment[k] + (charge * (k + 0.5) * ms);
        }
    }

    private void FindZeros(CycleProfile profile)
    {
        _zeroCount = 0;
        for (int k = 0; k < Span; k++)
        {
            double here = profile.Amps[k % Points], there = profile.Amps[(k + 1) % Points];
            if (here > 0 != there > 0) _zeros[_zeroCount++] = k + (here / (here - there));
            else if (Math.Abs(here) >= DeadAmps && Math.Abs(there) < DeadAmps) _zeros[_zeroCount++] = k + 1;
        }
    }

    // Millivolt-ampere-milliseconds are microjoules: V · A · ms = mJ, hence the division at the end.
    private double EnergyFrom(int k, int next, CycleProfile profile, ContactModel contact)
    {
        if (Math.Abs(profile.Amps[k]) < contact.IgniteAmps || Math.Abs(profile.Volts[k]) < contact.IgniteVolts) return 0;
        double ms = profile.MsPerPoint;
        double end = Span;
        for (int z = next; z < _zeroCount; z++)
        {
            double volts = At(profile.Volts, _zeros[z]);
            if (!contact.Holds((_zeros[z] - k) * ms, volts, profile.RmsAmps, profile.SinPhi)) continue;
            end = _zeros[z];
            break;
        }

        double charge = Cumulative(_charge, end) - _charge[k];
        double moment = Cumulative(_moment, end) - _moment[k] - (charge * k * ms);
        return ((contact.ArcVolts * charge) + (contact.ArcVoltsPerMs * moment)) / 1000;
    }

    // Weights of a normal deviation, per point: the integral over each point's cell.
    private int Weigh(double sigmaPoints)
    {
        int reach = (int)Math.Clamp(Math.Ceiling(4 * sigmaPoints), 1, (Points / 2) - 1);
        double below = NormalCdf((-reach - 0.5) / sigmaPoints), total = 0;
        for (int d = -reach; d <= reach; d++)
        {
            double above = NormalCdf((d + 0.5) / sigmaPoints);
            _weights[d + reach] = above - below;
            total += above - below;
            below = above;
        }

        for (int d = 0; d <= 2 * reach; d++) _weights[d] /= total;
        return reach;
    }

    private void Choose(CycleProfile profile, int reach)
    {
        int positive = -1, negative = -1;
        double best = double.PositiveInfinity, worst = double.PositiveInfinity;
        for (int k = 0; k < Points; k++)
        {
            double cost = Cost(k, reach);
            if (profile.Amps[k] >= 0 && cost < best) (positive, best) = (k, cost);
            if (profile.Amps[k] < 0 && cost < worst) (negative, worst) = (k, cost);
        }

        Positive = new(Refine(positive, reach), best);
        Negative = new(Refine(negative, reach), worst);
    }

    private double Cost(int k, int reach)
    {
        double cost = 0;
        int from = k - reach + (2 * Points);
        for (int d = 0; d <= 2 * reach; d++) cost += _weights[d] * _energy[(from + d) % Points];
        return cost;
    }

    // The lowest point of a parabola through the best point and its neighbours.
    private double Refine(int k, int reach)
    {
        if (k < 0) return 0;
        double before = Cost(k - 1, reach), at = Cost(k, reach), after = Cost(k + 1, reach);
        double bend = before - (2 * at) + after;
        return bend > 0 ? k + Math.Clamp((before - after) / (2 * bend), -0.5, 0.5) : k;
    }

    private static double At(double[] cycle, double point)
    {
        int k = (int)point;
        double x = point - k;
        return (cycle[k % Points] * (1 - x)) + (cycle[(k + 1) % Points] * x);
    }

    private static double Cumulative(double[] sums, double point)
    {
        int k = Math.Min((int)point, Span - 1);
        return sums[k] + ((sums[k + 1] - sums[k]) * (point - k));
    }

    // Abramowitz and Stegun 7.1.26: error below 1.5e-7.
    private static double NormalCdf(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double t = 1 / (1 + (0.3275911 * z));
        double erf = 1 - (((((((((1.061405429 * t) - 1.453152027) * t) + 1.421413741) * t) - 0.284496736) * t) + 0.254829592) * t * Math.Exp(-z * z));
        return x >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
    }
}
