using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Accuracy;

/// <summary>One test point of a calibration.</summary>
/// <param name="Point">Current and power factor.</param>
/// <param name="BeforePercent">Error with the nominal parameters.</param>
/// <param name="AfterPercent">Error with the calibrated ones.</param>
/// <param name="LimitPercent">Limit of class 1.</param>
public sealed record CalibrationRow(string Point, double BeforePercent, double AfterPercent, double LimitPercent);

/// <summary>The calibration of one drawn meter, step by step as on a bench: what was found, what was set, what is left.</summary>
/// <param name="Faults">Its front end.</param>
/// <param name="Calibration">The parameters that the procedure came to.</param>
/// <param name="Rows">Errors before and after.</param>
/// <param name="Block">The sealed parameter block to write, change counter 1, hexadecimal.</param>
public sealed record CalibrationReport(FrontEndFaults Faults, Calibration Calibration, IReadOnlyList<CalibrationRow> Rows, string Block)
{
    private static readonly (double Share, string Name, double Phi)[] Points =
    [
        (0.05, "PF 1", 0), (0.1, "PF 1", 0), (1, "PF 1", 0), (12, "PF 1", 0),
        (0.1, "PF 0.5 ind", Math.PI / 3), (0.2, "PF 0.5 ind", Math.PI / 3), (1, "PF 0.5 ind", Math.PI / 3), (12, "PF 0.5 ind", Math.PI / 3),
        (0.2, "PF 0.8 cap", -Math.Acos(0.8)), (1, "PF 0.8 cap", -Math.Acos(0.8)),
    ];

    /// <summary>Draws a meter, calibrates it, measures it before and after.</summary>
    public static CalibrationReport Of(int seed)
    {
        FrontEndFaults faults = FrontEndFaults.Draw(new Chance(seed));
        Calibration calibration = CalibrationBench.Calibrate(faults, seed);
        byte[] block = new byte[ParameterBlock.Length];
        new ParameterBlock(calibration, 1).Write(block);
        return new(faults, calibration, [.. Points.Select(p => Row(p.Share, p.Name, p.Phi, calibration, faults, seed))], Convert.ToHexStringLower(block));
    }

    private static CalibrationRow Row(double share, string name, double phi, in Calibration calibration, FrontEndFaults faults, int seed)
    {
        AccuracyTables tables = AccuracyTables.Default;
        var signal = new TestSignal(tables.Meter.NominalVolts, share * tables.Meter.BaseAmps, 50, phi);
        int frames = share < 0.5 ? 8 : 2;
        double Error(in Calibration c) => TestLoad.Percent(signal.Measure(c, faults, frames, seed + 9), signal.Watts);
        string point = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{share} Ib, {name}");
        return new(point, Error(Calibration.Nominal with { StartingPowerMilliwatts = 0 }), Error(calibration), tables.Limit("1", share, phi == 0)!.Value);
    }
}
