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
    private const int LongestReach = (Points / 2) - 1;
    private const double DeadAmps = 0.05;
    private const double Certain = 1e-4;
    private readonly double[] _charge = new double[Span + 1];
    private readonly double[] _moment = new double[Span + 1];
    private readonly double[] _zeros = new double[Span];
    private readonly double[] _needed = new double[Span];
    private readonly double[] _energy = new double[Points];
    private readonly double[] _sign = new double[Points];
    private readonly double[] _positiveCost = new double[Points + (2 * LongestReach)];
    private readonly double[] _negativeCost = new double[Points + (2 * LongestReach)];
    private readonly double[] _weights = new double[(2 * LongestReach) + 1];
    private int _zeroCount;
    private int _reach;

    /// <summary>
    /// What a joule counts that burns in another half cycle than the chosen one. Above 1 the aim goes further ahead of the zero: a missed
    /// zero costs not only its energy but a charge of the wrong polarity that many good openings must balance.
    /// </summary>
    public double StrayWeight { get; init; } = 1;

    /// <summary>Best instant whose arc would carry positive current; its energy is infinite when there is none.</summary>
    public AimPoint Positive { get; private set; }

    /// <summary>Best instant whose arc would carry negative current.</summary>
    public AimPoint Negative { get; private set; }

    /// <summary>False for direct current: it has no zero to open at.</summary>
    public bool HasZeros { get; private set; }

    /// <summary>Expected energy of a random instant.</summary>
    public double RandomJoules { get; private set; }

    /// <summary>Energy of parting at each point of the cycle, for pictures and tests.</summary>
    public ReadOnlySpan<double> Energy => _energy;

    /// <summary>Evaluates a cycle that comes again and again.</summary>
    public void Evaluate(CycleProfile profile, ContactModel contact, double sigmaMs)
    {
        Begin();
        Add(profile, contact);
        Choose(profile.MsPerPoint, sigmaMs);
    }

    /// <summary>Begins a mixture: the load changes from cycle to cycle, and the instant must be good on the average of those seen.</summary>
    public void Begin()
    {
        Array.Clear(_energy);
        Array.Clear(_sign);
        Array.Clear(_positiveCost);
        Array.Clear(_negativeCost);
        (RandomJoules, HasZeros) = (0, false);
    }

    /// <summary>Adds a cycle.</summary>
    public void Add(CycleProfile profile, ContactModel contact)
    {
        Integrate(profile);
        FindZeros(profile, contact);
        HasZeros |= _zeroCount > 0;
        for (int k = 0, next = 0; k < Points; k++)
        {
            while (next < _zeroCount && _zeros[next] <= k) next++;
            (double own, double stray) = EnergyFrom(k, next, profile, contact);
            _energy[k] += own + stray;
            _sign[k] += profile.Amps[k];
            RandomJoules += (own + stray) / Points;
            double chosen = own + (StrayWeight * stray), other = StrayWeight * (own + stray);
            bool positive = profile.Amps[k] >= 0;
            _positiveCost[LongestReach + k] += positive ? chosen : other;
            _negativeCost[LongestReach + k] += positive ? other : chosen;
        }
    }

    /// <summary>Chooses for each polarity.</summary>
    public void Choose(double msPerPoint, double sigmaMs)
    {
        Wrap(_positiveCost);
        Wrap(_negativeCost);
        Weigh(sigmaMs / msPerPoint);
        Positive = Best(_positiveCost, positive: true);
        Negative = Best(_negativeCost, positive: false);
    }

    /// <summary>The instant before an aim from which an arc to the same zero carries a charge, at most so much energy.</summary>
    /// <param name="aim">The aim.</param>
    /// <param name="coulombs">Charge to carry.</param>
    /// <param name="mostJoules">Never more than this.</param>
    public AimPoint Earlier(in AimPoint aim, double coulombs, double mostJoules)
    {
        int k = (int)Math.Round(aim.Point) % Points;
        int next = 0;
        while (next < _zeroCount && _zeros[next] <= k + Points) next++;
        if (next == _zeroCount) return aim;
        double end = Cumulative(_charge, _zeros[next]);
        int steps = 0;
        while (steps < Points / 4 && _energy[(k - steps - 1 + Points) % Points] < mostJoules
            && (end - _charge[k + Points - steps]) / 1000 < coulombs
            && _energy[(k - steps - 1 + Points) % Points] >= _energy[(k - steps + Points) % Points]) steps++;
        return steps == 0 ? aim : new(aim.Point - steps, _energy[(k - steps + Points) % Points]);
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

    private void FindZeros(CycleProfile profile, ContactModel contact)
    {
        _zeroCount = 0;
        for (int k = 0; k < Span; k++)
        {
            double here = profile.Amps[k % Points], there = profile.Amps[(k + 1) % Points];
            if (here > 0 != there > 0) _zeros[_zeroCount++] = k + (here / (here - there));
            else if (Math.Abs(here) >= DeadAmps && Math.Abs(there) < DeadAmps) _zeros[_zeroCount++] = k + 1;
        }

        for (int z = 0; z < _zeroCount; z++) _needed[z] = contact.NeededVolts(At(profile.Volts, _zeros[z]), profile.RmsAmps, profile.SinPhi);
    }

    // Energy to the first zero, and what is expected beyond it. V · A · ms = mJ, hence the division at the end.
    private (double Own, double Stray) EnergyFrom(int k, int next, CycleProfile profile, ContactModel contact)
    {
        if (Math.Abs(profile.Amps[k]) < contact.IgniteAmps || Math.Abs(profile.Volts[k]) < contact.IgniteVolts) return (0, 0);
        double ms = profile.MsPerPoint;
        double burns = 1, expected = 0, own = 0;
        for (int z = next; z < _zeroCount && burns > Certain; z++)
        {
            double joules = Joules(k, _zeros[z], contact, ms);
            if (z == next) own = joules;
            double holds = contact.HoldProbability((_zeros[z] - k) * ms, _needed[z]);
            expected += burns * holds * joules;
            burns *= 1 - holds;
        }

        if (burns > Certain) expected += burns * Joules(k, Span, contact, ms);
        return (Math.Min(own, expected), Math.Max(expected - own, 0));
    }

    private double Joules(int k, double end, ContactModel contact, double ms)
    {
        double charge = Cumulative(_charge, end) - _charge[k];
        double moment = Cumulative(_moment, end) - _moment[k] - (charge * k * ms);
        return ((contact.ArcVolts * charge) + (contact.ArcVoltsPerMs * moment)) / 1000;
    }

    private static void Wrap(double[] cost)
    {
        Array.Copy(cost, Points, cost, 0, LongestReach);
        Array.Copy(cost, LongestReach, cost, LongestReach + Points, LongestReach);
    }

    // Weights of a normal deviation, per point: the integral over each point's cell.
    private void Weigh(double sigmaPoints)
    {
        _reach = (int)Math.Clamp(Math.Ceiling(4 * sigmaPoints), 1, LongestReach);
        double below = Normal.Cdf((-_reach - 0.5) / sigmaPoints), total = 0;
        for (int d = -_reach; d <= _reach; d++)
        {
            double above = Normal.Cdf((d + 0.5) / sigmaPoints);
            _weights[d + _reach] = above - below;
            total += above - below;
            below = above;
        }

        for (int d = 0; d <= 2 * _reach; d++) _weights[d] /= total;
    }

    private AimPoint Best(double[] costs, bool positive)
    {
        int best = -1;
        double least = double.PositiveInfinity;
        for (int k = 0; k < Points; k++)
        {
            if (_sign[k] >= 0 != positive || costs[LongestReach + k] * _weights[_reach] >= least) continue;
            double cost = Cost(costs, k);
            if (cost < least) (best, least) = (k, cost);
        }

        return best < 0 ? new(0, double.PositiveInfinity) : new(Refine(costs, best), Expected(best));
    }

    private double Cost(double[] costs, int k)
    {
        ReadOnlySpan<double> near = costs.AsSpan(LongestReach + k - _reach, (2 * _reach) + 1);
        ReadOnlySpan<double> weights = _weights.AsSpan(0, near.Length);
        double cost = 0;
        for (int d = 0; d < near.Length; d++) cost += weights[d] * near[d];
        return cost;
    }

    // The energy without the weight of strays.
    private double Expected(int k)
    {
        double joules = 0;
        for (int d = -_reach; d <= _reach; d++) joules += _weights[d + _reach] * _energy[(k + d + Points) % Points];
        return joules;
    }

    // The lowest point of a parabola through the best point and its neighbours.
    private double Refine(double[] costs, int k)
    {
        if (k == 0 || k == Points - 1) return k;
        double before = Cost(costs, k - 1), at = Cost(costs, k), after = Cost(costs, k + 1);
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
}
