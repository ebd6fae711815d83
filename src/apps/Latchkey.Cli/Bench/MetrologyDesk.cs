using System.Globalization;
using Latchkey.Simulator.Accuracy;
using Spectre.Console;

namespace Latchkey.Cli.Bench;

/// <summary>What a person at the calibration bench asks for: one meter's calibration, and the error curves as pictures.</summary>
internal static class MetrologyDesk
{
    /// <summary>Draws a meter, calibrates it, prints what it was and what it became.</summary>
    public static int Calibrate(int seed, bool json)
    {
        CalibrationReport report = CalibrationReport.Of(seed);
        if (json) CommandOutput.WriteJson(report);
        else Print(report, seed);
        return report.Rows.All(r => Math.Abs(r.AfterPercent) <= r.LimitPercent / 2) ? CommandOutput.Success : CommandOutput.Failure;
    }

    /// <summary>Writes the pictures.</summary>
    public static int Draw(string folder)
    {
        foreach (string file in AccuracyGallery.Write(folder)) AnsiConsole.WriteLine(file);
        return CommandOutput.Success;
    }

    private static void Print(CalibrationReport report, int seed)
    {
        var invariant = CultureInfo.InvariantCulture;
        AnsiConsole.MarkupLine(string.Create(invariant, $"Meter {seed}: voltage gain {report.Faults.VoltageGain:+0.00%;-0.00%}, current gain {report.Faults.CurrentGain:+0.00%;-0.00%}, zero {report.Faults.CurrentOffset:+0;-0} counts, delay {report.Faults.CurrentDelayUs:+0.0;-0.0} µs and {report.Faults.CurrentPhaseRadians * 180 / Math.PI:0.00}°"));
        AnsiConsole.MarkupLine("Steps: zeros without current; gains at Ib, PF 1; phase at Ib, PF 0.5; offset at 0.05 Ib; three rounds, for each step is measured through what the others left.");
        AnsiConsole.MarkupLine(string.Create(invariant, $"Set: {report.Calibration.VoltagePicovolts / 1e6:0.0000} µV and {report.Calibration.CurrentPicoamps / 1e6:0.0000} µA a count, zero {report.Calibration.CurrentOffset}, lag {report.Calibration.CurrentLagQ16 * 125 / 65536.0:0.000} µs, power {report.Calibration.PowerOffsetMicrowatts / 1000.0:+0.000;-0.000} mW"));
        Table table = new Table().RoundedBorder().AddColumns("point", "before, %", "after, %", "class 1, %");
        foreach (int column in new[] { 1, 2, 3 }) table.Columns[column].RightAligned();
        foreach (CalibrationRow row in report.Rows)
        {
            table.AddRow(
                row.Point, row.BeforePercent.ToString("+0.000;-0.000", invariant),
                row.AfterPercent.ToString("+0.0000;-0.0000", invariant), "±" + row.LimitPercent.ToString("0.0", invariant));
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine("Parameter block, change counter 1: " + report.Block);
    }
}
