using System.Buffers.Binary;
using System.Globalization;

namespace Latchkey.Simulator.Physics;

/// <summary>A recorded current from a file: 16-bit little-endian samples, or text with one number per line (the last column counts).</summary>
public static class RecordedCurrent
{
    private const int MostSamples = 10_000_000;

    /// <summary>Reads a file; false with a reason when it is neither or holds too little.</summary>
    public static bool TryRead(string file, out double[] amps, out string reason)
    {
        amps = [];
        reason = "";
        if (!File.Exists(file))
        {
            reason = "no such file";
            return false;
        }

        bool text = Path.GetExtension(file).ToUpperInvariant() is ".CSV" or ".TXT";
        double[] read = text ? ReadText(file) : ReadInt16(file);
        amps = read;
        if (read.Length < 400) reason = "fewer than 400 samples";
        else if (read.All(a => a == read[0])) reason = "the current never changes";
        return reason.Length == 0;
    }

    /// <summary>Cuts to whole cycles of the mains, so that the recording can be repeated.</summary>
    public static double[] WholeCycles(double[] amps, double rateHz, double hertz)
    {
        int cycles = (int)Math.Floor(amps.Length * hertz / rateHz);
        return amps[..(int)Math.Round(cycles * rateHz / hertz)];
    }

    private static double[] ReadText(string file)
    {
        List<double> values = [];
        foreach (string line in File.ReadLines(file))
        {
            string last = line.Split(',', ';', '\t')[^1];
            // A heading or a comment is no number and is passed over.
            if (double.TryParse(last, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)) values.Add(value);
            if (values.Count == MostSamples) break;
        }

        return [.. values];
    }

    private static double[] ReadInt16(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        var values = new double[Math.Min(bytes.Length / 2, MostSamples)];
        for (int k = 0; k < values.Length; k++) values[k] = BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * k));
        return values;
    }
}
