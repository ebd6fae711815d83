namespace Latchkey.Meter.LoadSwitch;

/// <summary>The nominal relay: from the start of the pulse to the contact instant over coil voltage and temperature.</summary>
/// <remarks>L di/dt = V − R(T) i until the armature breaks away, then a travel that shortens with the square root of the surplus.</remarks>
public sealed record DelayModel
{
    private const double VoltStep = 0.002;
    private const double KelvinStep = 0.5;

    public double NominalVolts { get; init; } = 12;

    public double TimeConstantMs { get; init; } = 4;

    public double BreakawayShare { get; init; } = 0.55;

    public double OpenTravelMs { get; init; } = 3.2;

    public double CloseTravelMs { get; init; } = 4.3;

    public double CopperPerKelvin { get; init; } = 0.00393;

    public double ColdPerKelvin { get; init; } = 0.0025;

    /// <summary>Deviation from one operation to the next, milliseconds.</summary>
    public double JitterMs { get; init; } = 0.1;

    /// <summary>How many observed operations the sheet's jitter is worth while the relay's own is learned.</summary>
    public double JitterTrust { get; init; } = 30;

    /// <summary>Relative deviation of the measured coil voltage.</summary>
    public double CoilVoltageDeviation { get; init; } = 0.01;

    public double TemperatureDeviation { get; init; } = 1;

    /// <summary>The nominal operate time, or null when the coil cannot move the armature.</summary>
    public double? OperateMs(bool close, double coilVolts, double celsius)
    {
        double ratio = coilVolts / NominalVolts;
        double copper = 1 + (CopperPerKelvin * (celsius - 20));
        double share = BreakawayShare * copper / ratio;
        double surplus = (1.25 * ratio / copper) - 0.25;
        if (ratio <= 0 || share >= 1 || surplus <= 0) return null;
        double travel = (close ? CloseTravelMs : OpenTravelMs) * (1 + (ColdPerKelvin * Math.Max(0, 20 - celsius)));
        return (-TimeConstantMs / copper * Math.Log(1 - share)) + (travel / Math.Sqrt(surplus));
    }

    /// <summary>Variance of the operate time that comes from not knowing voltage and temperature exactly, ms².</summary>
    public double SensingVariance(bool close, double coilVolts, double celsius)
    {
        double here = OperateMs(close, coilVolts, celsius) ?? 0;
        double up = OperateMs(close, coilVolts * (1 + VoltStep), celsius) ?? here;
        double warm = OperateMs(close, coilVolts, celsius + KelvinStep) ?? here;
        double perVolt = (up - here) / VoltStep * CoilVoltageDeviation;
        double perKelvin = (warm - here) / KelvinStep * TemperatureDeviation;
        return (perVolt * perVolt) + (perKelvin * perKelvin);
    }
}
