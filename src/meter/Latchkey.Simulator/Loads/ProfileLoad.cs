using System.Globalization;

namespace Latchkey.Simulator.Loads;

/// <summary>A recorded profile in equal steps, scaled to a year's consumption and repeated year after year.</summary>
/// <remarks>
/// The file is CSV: a heading, then <c>time,value</c> with values in watts per megawatt-hour of yearly consumption.
/// The first row holds from the beginning of the time that <see cref="At"/> is asked about; times in the file set only the step.
/// </remarks>
public sealed class ProfileLoad : ILoad
{
    private readonly int[] _watts;
    private readonly long _stepTicks;
    private readonly DateTimeOffset _start;
    private readonly double _powerFactor;

    private ProfileLoad(int[] watts, TimeSpan step, DateTimeOffset start, double powerFactor)
    {
        (_watts, _stepTicks, _start, _powerFactor) = (watts, step.Ticks, start, powerFactor);
    }

    /// <summary>Rows of the profile.</summary>
    public int Count => _watts.Length;

    public TimeSpan Step => TimeSpan.FromTicks(_stepTicks);

    /// <summary>Energy of the whole profile, watt-hours.</summary>
    public long TotalWh => (long)_watts.Sum(w => (decimal)w * _stepTicks / TimeSpan.TicksPerHour);

    /// <summary>Reads a profile; throws <see cref="FormatException"/> with the line number for a file that is none.</summary>
    /// <param name="csv">The file's text.</param>
    /// <param name="yearlyMwh">Yearly consumption in MWh that the values are multiplied by.</param>
    /// <param name="start">The instant of the first row.</param>
    /// <param name="powerFactor">0 to 1, inductive.</param>
    public static ProfileLoad Read(TextReader csv, double yearlyMwh, DateTimeOffset start, double powerFactor = 0.95)
    {
        var watts = new List<int>();
        var times = new List<DateTimeOffset>(2);
        for (int line = 1; csv.ReadLine() is { } row; line++)
        {
            if (line == 1 && row.Contains("time", StringComparison.OrdinalIgnoreCase)) continue;
            if (string.IsNullOrWhiteSpace(row)) continue;
            int comma = row.IndexOf(',', StringComparison.Ordinal);
            if (comma < 0 || !double.TryParse(row.AsSpan(comma + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || value < 0)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {line} of the load profile is not 'time,value'."));
            if (times.Count < 2)
            {
                if (!DateTimeOffset.TryParse(row.AsSpan(0, comma), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
                    throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Line {line} of the load profile has no time."));
                times.Add(time);
            }

            watts.Add((int)Math.Round(value * yearlyMwh));
        }

        if (times.Count < 2 || times[1] <= times[0]) throw new FormatException("A load profile has two rows or more, in rising time.");
        return new ProfileLoad([.. watts], times[1] - times[0], start, powerFactor);
    }

    public static ProfileLoad ReadFile(string path, double yearlyMwh, DateTimeOffset start, double powerFactor = 0.95)
    {
        using var reader = new StreamReader(path);
        return Read(reader, yearlyMwh, start, powerFactor);
    }

    public (LoadPoint Point, DateTimeOffset Until) At(DateTimeOffset at)
    {
        long step = Math.DivRem((at - _start).Ticks, _stepTicks, out long within);
        if (within < 0) (step, within) = (step - 1, within + _stepTicks);
        long row = ((step % _watts.Length) + _watts.Length) % _watts.Length;
        return (new LoadPoint(_watts[row], _powerFactor), at.AddTicks(_stepTicks - within));
    }
}
