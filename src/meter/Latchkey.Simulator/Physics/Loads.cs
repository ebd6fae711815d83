namespace Latchkey.Simulator.Physics;

/// <summary>A resistor.</summary>
public sealed class ResistiveLoad(double ohms, double nominalVolts = 230) : LoadModel
{
    public override double RmsAmps => nominalVolts / ohms;

    public override bool IsPeriodic => true;

    public override double Step(in MainsPoint supply, double step) => supply.Volts / ohms;
}

/// <summary>A coil with resistance; switched on away from its natural phase, its current carries a decaying offset.</summary>
public class InductiveLoad(double ohms, double henries, double nominalVolts = 230, double nominalHertz = 50) : LoadModel
{
    private double _amps;

    public override double RmsAmps => nominalVolts / Math.Sqrt((ohms * ohms) + (Reactance * Reactance));

    public override double SinPhi => Reactance / Math.Sqrt((ohms * ohms) + (Reactance * Reactance));

    public override bool NeedsFineSteps => true;

    public override bool IsPeriodic => true;

    /// <summary>Factor on the impedance; a motor that runs up changes it.</summary>
    protected double ImpedanceShare { get; set; } = 1;

    private double Reactance => 2 * Math.PI * nominalHertz * henries;

    public override double Step(in MainsPoint supply, double step)
    {
        double settled = supply.Volts / (ohms * ImpedanceShare);
        _amps = settled + ((_amps - settled) * Math.Exp(-ohms / henries * step));
        return _amps;
    }

    public override void Rest(double step) => _amps = 0;
}

/// <summary>A motor: five times its running current at power factor 0.5 until it has run up.</summary>
public sealed class MotorLoad(double runningAmps, double volts = 230, double hertz = 50) : InductiveLoad(
    volts / (StartFactor * runningAmps) * 0.5, volts / (StartFactor * runningAmps) * Math.Sqrt(0.75) / (2 * Math.PI * hertz), volts, hertz)
{
    private const double StartFactor = 5;
    private const double RunUpSeconds = 0.4;
    private double _speed;

    // It runs up slowly: two cycles that look alike promise nothing.
    public override bool IsPeriodic => false;

    public override double Step(in MainsPoint supply, double step)
    {
        if (supply.Volts != 0) _speed += (1 - _speed) * step / RunUpSeconds;
        ImpedanceShare = 1 + ((StartFactor - 1) * _speed);
        return base.Step(supply, step);
    }

    public override void Rest(double step)
    {
        base.Rest(step);
        _speed *= Math.Exp(-step / RunUpSeconds);
    }
}

/// <summary>An incandescent lamp: twelve times its current while cold.</summary>
public sealed class LampLoad(double amps, double volts = 230) : LoadModel
{
    private const double ColdFactor = 12;
    private const double WarmSeconds = 0.008;
    private double _warmth;

    public override double RmsAmps => amps;

    public override bool NeedsFineSteps => true;

    public override bool IsPeriodic => true;

    // The inrush decays with the filament's time constant from the first supply on.
    public override double Step(in MainsPoint supply, double step)
    {
        _warmth += (1 - _warmth) * step / WarmSeconds;
        return supply.Volts * amps / volts * (1 + ((ColdFactor - 1) * (1 - _warmth)));
    }

    public override void Rest(double step) => _warmth *= Math.Exp(-step / WarmSeconds);
}

/// <summary>A rectifier into a capacitor: 1.5 µF a watt behind 0.6 Ω and 6 V of drop at its rated current.</summary>
public sealed class RectifierLoad(double amps, double volts = 230) : LoadModel
{
    private const double FaradsPerWatt = 1.5e-6;
    private const double LowestVolts = 100;
    private double _capacitorVolts;

    public override double RmsAmps => amps;

    public override bool NeedsFineSteps => true;

    public override bool IsPeriodic => true;

    public override double Step(in MainsPoint supply, double step)
    {
        double watts = amps * volts, ohms = 0.6 + (6 / amps);
        double over = Math.Abs(supply.Volts) - _capacitorVolts;
        double charging = over > 0 ? over / ohms : 0;
        // Constant power above, a resistor below the voltage at which a converter starts.
        double drawn = _capacitorVolts > LowestVolts ? watts / _capacitorVolts : watts * _capacitorVolts / (LowestVolts * LowestVolts);
        _capacitorVolts += (charging - drawn) * step / (FaradsPerWatt * watts);
        return charging * Math.Sign(supply.Volts);
    }

    public override void Rest(double step) => _capacitorVolts *= Math.Exp(-step / 0.2);
}

/// <summary>An unloaded transformer: hardly any current until the flux passes 1.25 times its peak, then hardly any limit.</summary>
public sealed class TransformerLoad(double volts = 230, double hertz = 50) : LoadModel
{
    private const double Ohms = 0.3;
    private const double SaturationShare = 1.25;
    private const double MagnetisingAmps = 0.2;
    private const double SaturatedHenries = 0.007;
    private double _flux;

    public override double RmsAmps => MagnetisingAmps;

    public override double SinPhi => 1;

    public override bool NeedsFineSteps => true;

    private double PeakFlux => volts * Math.Sqrt(2) / (2 * Math.PI * hertz);

    public override double Step(in MainsPoint supply, double step)
    {
        _flux += (supply.Volts - (Ohms * Current())) * step;
        return Current();
    }

    // Without current the core falls back; remanence is left out.
    public override void Rest(double step) => _flux *= Math.Exp(-step / 0.0005);

    private double Current()
    {
        double knee = SaturationShare * PeakFlux;
        double over = Math.Max(Math.Abs(_flux) - knee, 0) / SaturatedHenries;
        return (_flux / PeakFlux * MagnetisingAmps * Math.Sqrt(2)) + (Math.Sign(_flux) * over);
    }
}

/// <summary>A phase-fired dimmer on a resistor.</summary>
public sealed class DimmerLoad(double ohms, double firingRadians, double nominalVolts = 230) : LoadModel
{
    public override double RmsAmps =>
        nominalVolts / ohms * Math.Sqrt(1 - (firingRadians / Math.PI) + (Math.Sin(2 * firingRadians) / (2 * Math.PI)));

    public override bool IsPeriodic => true;

    public override double Step(in MainsPoint supply, double step)
    {
        double angle = supply.Phase / Math.PI;
        return (angle - Math.Floor(angle)) * Math.PI >= firingRadians ? supply.Volts / ohms : 0;
    }
}

/// <summary>A rectified or otherwise direct load: a constant current and a half wave.</summary>
public sealed class DirectLoad(double directAmps, double halfWavePeakAmps = 0) : LoadModel
{
    public override double RmsAmps => Math.Sqrt((directAmps * directAmps) + (halfWavePeakAmps * halfWavePeakAmps / 4));

    public override bool IsPeriodic => true;

    public override double Step(in MainsPoint supply, double step) => directAmps + (halfWavePeakAmps * Math.Max(Math.Sin(supply.Phase), 0));
}
