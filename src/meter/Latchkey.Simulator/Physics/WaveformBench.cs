using System.Buffers.Binary;
using System.Text.Json;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>Recorded waveforms with analytic truth: the core must read them as they are.</summary>
public static class WaveformBench
{
    private const int Loops = 6;

    /// <summary>Every record of a folder with its index.json.</summary>
    public static IEnumerable<BenchFigure> Run(string folder)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "index.json")));
        foreach (JsonProperty record in index.RootElement.EnumerateObject())
        {
            string name = Path.GetFileNameWithoutExtension(record.Name);
            JsonElement truth = record.Value;
            double vPerCount = truth.GetProperty("vfs").GetDouble() / RawSample.FullScale, iPerCount = truth.GetProperty("ifs").GetDouble() / RawSample.FullScale;
            Calibration calibration = Calibration.Nominal with
            {
                VoltagePicovolts = (long)Math.Round(vPerCount * 1e12),
                CurrentPicoamps = (long)Math.Round(iPerCount * 1e12),
                NeutralPicoamps = (long)Math.Round(iPerCount * 1e12),
            };
            foreach (BenchFigure figure in Read(name, truth, ReadSamples(Path.Combine(folder, record.Name)), calibration)) yield return figure;
        }
    }

    private static IEnumerable<BenchFigure> Read(string name, JsonElement truth, RawSample[] samples, Calibration calibration)
    {
        // Two frames of 50 or 60 cycles are a whole number of periods of every record, sub-harmonics included.
        var core = new MetrologyCore(calibration, new WaveformTape());
        FrameSums sum = default;
        int whole = 0;
        for (int n = 0; whole < 3 && n < samples.Length * Loops; n++)
        {
            core.OnSample(samples[n % samples.Length]);
            if (!core.TryTakeFrame(out FrameSums f) || f.Cycles == 0) continue;
            if (whole++ > 0) sum = sum.Then(f);
        }

        core.ApplyFrame(sum);
        MetrologyRegisters r = core.Registers;
        double Truth(string key) => truth.GetProperty(key).GetDouble();
        yield return BenchFigure.AtMost($"{name}-U", Off(r.VoltageMillivolts / 1000.0, Truth("Vrms")), "%", 0.05);
        yield return BenchFigure.AtMost($"{name}-I", Off(r.CurrentMicroamps / 1e6, Truth("Irms")), "%", 0.05);
        yield return BenchFigure.AtMost($"{name}-PF", Math.Abs((r.PowerFactorTenThousandths / 10000.0) - Truth("PF")), "", 0.001);
        yield return BenchFigure.AtMost($"{name}-f", Math.Abs((r.FrequencyMicrohertz / 1000.0) - (1000 * Truth("f"))), "mHz", 1);
        yield return BenchFigure.AtMost($"{name}-THD-U", 100 * Math.Abs((r.VoltageDistortionPpm / 1e6) - Truth("thd_v")), "points", 0.1);
        yield return BenchFigure.AtMost($"{name}-THD-I", 100 * Math.Abs((r.CurrentDistortionPpm / 1e6) - Truth("thd_i")), "points", 0.1);
        yield return BenchFigure.Reported($"{name}-I-measured", r.CurrentMicroamps / 1e6, "A");
        yield return BenchFigure.Reported($"{name}-P", Off(r.ActiveMilliwatts / 1000.0, Truth("P")), "%");
    }

    private static double Off(double value, double truth) => 100 * Math.Abs(value - truth) / Math.Abs(truth);

    private static RawSample[] ReadSamples(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        var samples = new RawSample[bytes.Length / 12];
        for (int k = 0; k < samples.Length; k++)
        {
            ReadOnlySpan<byte> s = bytes.AsSpan(k * 12, 12);
            int v = BinaryPrimitives.ReadInt32LittleEndian(s);
            samples[k] = new(v, BinaryPrimitives.ReadInt32LittleEndian(s[4..]), BinaryPrimitives.ReadInt32LittleEndian(s[8..]), v);
        }

        return samples;
    }
}
