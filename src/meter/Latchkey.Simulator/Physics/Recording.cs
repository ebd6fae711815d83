using System.Buffers.Binary;

namespace Latchkey.Simulator.Physics;

/// <summary>A current as it was recorded, with its voltage where that was recorded too. The scale is anybody's guess.</summary>
/// <param name="Amps">Current.</param>
/// <param name="Volts">Voltage at the same instants, or null.</param>
/// <param name="RateHz">Samples per second.</param>
public sealed record Recording(double[] Amps, double[]? Volts, double RateHz)
{
    /// <summary>More samples than this are left unread.</summary>
    public const int MostSamples = 4_000_000;

    private const long LargestFile = 256L << 20;
    private const double SlowestHz = 400;
    private const double FastestHz = 20e6;
    private const double LowestHertz = 45;
    private const int MeterRateHz = 8000;

    /// <summary>Reads a file: 16-bit little-endian samples, a WAVE file, text with columns, or the meter's own 32-bit triples (.i32).</summary>
    /// <param name="file">Path.</param>
    /// <param name="rateHz">Samples per second; null where the file says it.</param>
    /// <param name="column">The column of a text that holds the current, from 1; null finds it.</param>
    /// <param name="recording">The recording; null when it cannot be used.</param>
    /// <param name="reason">Why not.</param>
    public static bool TryRead(string file, double? rateHz, int? column, out Recording? recording, out string reason)
    {
        recording = null;
        byte[] bytes;
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists) return Refuse("no such file", out reason);
            if (info.Length > LargestFile) return Refuse("larger than 256 MB", out reason);
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Refuse("cannot be read", out reason);
        }

        return TryParse(bytes, Path.GetExtension(file), rateHz, column, out recording, out reason);
    }

    /// <summary>Reads the contents of a file, of which the name's ending is known.</summary>
    public static bool TryParse(byte[] bytes, string extension, double? rateHz, int? column, out Recording? recording, out string reason)
    {
        recording = null;
        if (bytes.Length == 0) return Refuse("empty", out reason);
        if (string.Equals(extension, ".i32", StringComparison.OrdinalIgnoreCase))
        {
            double[][] triples = Integers(bytes, 4, 3);
            return Finish(triples[1], triples[0], rateHz ?? MeterRateHz, out recording, out reason);
        }

        if (WaveFile.IsWave(bytes))
        {
            // Two channels are voltage and current, in this order.
            if (!WaveFile.TryRead(bytes, out double[][] channels, out int rate, out reason)) return false;
            return Finish(channels[^1], channels.Length == 2 ? channels[0] : null, rateHz ?? rate, out recording, out reason);
        }

        if (!RecordingText.LooksLikeText(bytes)) return Finish(Integers(bytes, 2, 1)[0], null, rateHz, out recording, out reason);
        if (!RecordingText.TryRead(bytes, out RecordingText? text, out reason)) return false;
        if (column is { } c && (c < 1 || c > text!.Columns.Length)) return Refuse($"there is no column {c}; the text has {text!.Columns.Length}", out reason);
        (int current, int? voltage) = text!.Find(column);
        return Finish(text.Columns[current], voltage is { } v ? text.Columns[v] : null, rateHz ?? text.RateHz, out recording, out reason);
    }

    /// <summary>Samples of 16 or 32 bits, little-endian, the channels in turn.</summary>
    internal static double[][] Integers(ReadOnlySpan<byte> bytes, int size, int channels)
    {
        int count = Math.Min(bytes.Length / (size * channels), MostSamples);
        double[][] read = new double[channels][];
        for (int c = 0; c < channels; c++)
        {
            read[c] = new double[count];
            for (int k = 0; k < count; k++)
            {
                ReadOnlySpan<byte> at = bytes[(((k * channels) + c) * size)..];
                read[c][k] = size == 2 ? BinaryPrimitives.ReadInt16LittleEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at);
            }
        }

        return read;
    }

    /// <summary>The frequency of the mains, from the voltage where there is one, else from the current; 50 Hz where neither tells.</summary>
    public double FindHertz() => Fundamental.FindHertz(Volts ?? Amps, RateHz) ?? 50;

    /// <summary>Phase of the voltage at the first sample. Where no voltage was recorded the current's fundamental is taken to be in phase.</summary>
    public double PhaseOfFirstSample(double hertz) => Fundamental.Of(Volts ?? Amps, RateHz, hertz).Phase;

    /// <summary>Lag of the current's fundamental behind the voltage's; 0 where no voltage was recorded.</summary>
    public double LagRadians(double hertz) =>
        Volts is null ? 0 : Fundamental.Of(Volts, RateHz, hertz).Phase - Fundamental.Of(Amps, RateHz, hertz).Phase;

    /// <summary>True where the current never comes near zero: direct current, or the recorder's offset was not taken off.</summary>
    public bool NeverComesNearZero() => Amps.All(a => a > 0.2 * Amps.Max()) || Amps.All(a => a < 0.2 * Amps.Min());

    private static bool Finish(double[] amps, double[]? volts, double? rateHz, out Recording? recording, out string reason)
    {
        recording = null;
        if (rateHz is not { } rate) return Refuse("the file does not say its sample rate: give it", out reason);
        if (!(rate >= SlowestHz && rate <= FastestHz)) return Refuse("the sample rate must lie between 400 Hz and 20 MHz", out reason);
        if (amps.Length < rate / LowestHertz) return Refuse($"{amps.Length} samples are less than one cycle of the mains", out reason);
        if (Array.TrueForAll(amps, a => a == amps[0])) return Refuse("the current never changes", out reason);
        recording = new(amps, volts, rate);
        reason = "";
        return true;
    }

    private static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
