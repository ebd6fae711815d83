namespace Latchkey.Meter.LoadSwitch;

/// <summary>Learns the operate time of one relay in one direction: a Kalman filter over a relative and a constant deviation.</summary>
public sealed class DelayEstimator(DelayModel model, bool close)
{
    private const double ThetaNoise = 3e-4 * 3e-4;
    private const double BiasNoise = 0.004 * 0.004;
    private const double FloorVariance = 0.02 * 0.02;
    private const double Gate = 5;
    private const int RejectsBeforeDoubt = 3;
    private const double MostWeight = 100;
    private const double LeastJitterMs = 0.02;
    private const double MostJitterMs = 0.5;
    private const double JitterUnitMs = 0.002;

    private double _theta;
    private double _bias;
    private double _p11 = 0.09 * 0.09;
    private double _p12;
    private double _p22 = 0.45 * 0.45;
    private int _rejects;
    private double _jitter = model.JitterMs * model.JitterMs;
    private double _jitterWeight = model.JitterTrust;

    /// <summary>Operations learned from since start.</summary>
    public int Observations { get; private set; }

    /// <summary>The expected operate time and its deviation, milliseconds; null when the coil cannot move the armature.</summary>
    public (double DelayMs, double SigmaMs)? Predict(double coilVolts, double celsius)
    {
        if (model.OperateMs(close, coilVolts, celsius) is not { } nominal) return null;
        double variance = Spread(nominal) + model.SensingVariance(close, coilVolts, celsius) + _jitter + FloorVariance;
        return ((nominal * (1 + _theta)) + _bias, Math.Sqrt(variance));
    }

    /// <summary>Takes an observed operate time with the deviation of the observation; false when it is not believed.</summary>
    public bool Learn(double observedMs, double deviationMs, double coilVolts, double celsius)
    {
        if (model.OperateMs(close, coilVolts, celsius) is not { } nominal) return false;
        double innovation = observedMs - ((nominal * (1 + _theta)) + _bias);
        double noise = model.SensingVariance(close, coilVolts, celsius) + _jitter + (deviationMs * deviationMs);
        double s = Spread(nominal) + noise;
        if (Math.Abs(innovation) > Gate * Math.Sqrt(s))
        {
            Doubt();
            return false;
        }

        _rejects = 0;
        LearnJitter(innovation * innovation, s);
        double k1 = ((_p11 * nominal) + _p12) / s;
        double k2 = ((_p12 * nominal) + _p22) / s;
        _theta += k1 * innovation;
        _bias += k2 * innovation;
        double h1 = (nominal * _p11) + _p12, h2 = (nominal * _p12) + _p22;
        _p11 += ThetaNoise - (k1 * h1);
        _p12 -= k1 * h2;
        _p22 += BiasNoise - (k2 * h2);
        Observations++;
        return true;
    }

    /// <summary>The jitter of single operations as learned, in 2 µs; 0 where nothing has been learned.</summary>
    public byte StoredJitter => _jitterWeight > model.JitterTrust ? (byte)Math.Clamp(Math.Round(Math.Sqrt(_jitter) / JitterUnitMs), 1, byte.MaxValue) : (byte)0;

    public void RestoreJitter(byte stored)
    {
        if (stored == 0) return;
        _jitter = stored * JitterUnitMs * stored * JitterUnitMs;
        _jitterWeight = MostWeight / 2;
    }

    public DelayState Export() => new(
        Fixed(_theta * 1e9), Fixed(_bias * 1e6), Math.Max(Fixed(_p11 * 1e9), 1), Fixed(_p12 * 1e9), Math.Max(Fixed(_p22 * 1e9), 1));

    public void Restore(in DelayState state)
    {
        _theta = state.ThetaPpb * 1e-9;
        _bias = state.BiasNs * 1e-6;
        _p11 = state.VarianceTheta * 1e-9;
        _p12 = state.Covariance * 1e-9;
        _p22 = state.VarianceBias * 1e-9;
    }

    // What an innovation exceeds or falls short of its expected variance is laid to the jitter, by the jitter's part in it.
    private void LearnJitter(double squaredInnovation, double expected)
    {
        double part = _jitter / expected;
        _jitterWeight = Math.Min(_jitterWeight + part, Math.Max(MostWeight, model.JitterTrust));
        _jitter = Math.Clamp(
            _jitter + (part * (squaredInnovation - expected) / _jitterWeight), LeastJitterMs * LeastJitterMs, MostJitterMs * MostJitterMs);
    }

    // Several surprises in a row are no outliers: the relay has changed, and the filter opens its eyes again.
    private void Doubt()
    {
        if (++_rejects < RejectsBeforeDoubt) return;
        _rejects = 0;
        (_p11, _p12, _p22) = (0.09 * 0.09, 0, 0.45 * 0.45);
    }

    private double Spread(double nominal) => (nominal * nominal * _p11) + (2 * nominal * _p12) + _p22;

    private static int Fixed(double value) => (int)Math.Clamp(Math.Round(value), int.MinValue, int.MaxValue);
}
