using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class RecordingTests
{
    private const double Rate = 16_000;

    [Theory]
    [InlineData(".raw")]
    [InlineData(".bin")]
    [InlineData("")]
    public void SixteenBits_OfAnyEnding_AreRead(string extension)
    {
        Assert.True(Recording.TryParse(Int16(Sine(2, 50.02, 9000)), extension, Rate, null, out Recording? recording, out _));
        Assert.Equal((32_000, Rate), (recording!.Amps.Length, recording.RateHz));
        Assert.InRange(recording.FindHertz(), 50.015, 50.025);
    }

    [Fact]
    public void SixteenBits_OfOddLength_LoseTheHalfSample()
    {
        Assert.True(Recording.TryParse([.. Int16(Sine(1, 50, 100)), 7], ".raw", Rate, null, out Recording? recording, out _));
        Assert.Equal(16_000, recording!.Amps.Length);
    }

    [Theory]
    [InlineData("t,i\n", ",", false)]
    [InlineData("Time (s);Voltage (V);Current (A)\n", ";", true)]
    [InlineData("# lab 3\nvolts\tamps\n", "\t", true)]
    [InlineData("", ",", true)]
    public void Text_InManyForms_YieldsTheCurrent(string heading, string separator, bool hasVolts)
    {
        var text = new StringBuilder(heading);
        bool timed = heading.StartsWith('t') || heading.StartsWith('T');
        for (int k = 0; k < 3000; k++)
        {
            double phase = 2 * Math.PI * 50 * k / Rate;
            string[] cells = [.. timed ? [F(k / Rate)] : Array.Empty<string>(), .. hasVolts ? [F(325 * Math.Sin(phase))] : Array.Empty<string>(), F(3 * Math.Sin(phase - 0.7))];
            string line = string.Join(separator, cells);
            text.Append(separator == ";" ? line.Replace('.', ',') : line).Append('\n');
        }

        double? rate = timed ? null : Rate;
        Assert.True(Recording.TryParse(Encoding.UTF8.GetBytes(text.ToString()), ".csv", rate, null, out Recording? recording, out string reason), reason);
        Assert.InRange(recording!.Amps.Max(), 2.99, 3.01);
        Assert.Equal(hasVolts, recording.Volts is not null);
        Assert.InRange(recording.RateHz, Rate * 0.999, Rate * 1.001);
        if (hasVolts) Assert.InRange(recording.LagRadians(50), 0.69, 0.71);
    }

    [Fact]
    public void Text_WithCurrentBeforeVoltage_IsNotMistaken()
    {
        string text = string.Join('\n', Enumerable.Range(0, 2000).Select(k => $"{F(0.4 * Math.Sin(k * 0.02))},{F(165 * Math.Sin(k * 0.02))}"));
        Assert.True(Recording.TryParse(Encoding.UTF8.GetBytes(text), ".csv", Rate, null, out Recording? recording, out _));
        Assert.InRange(recording!.Amps.Max(), 0.39, 0.41);
    }

    [Fact]
    public void Wave_OfTwoChannels_IsVoltageAndCurrent()
    {
        short[] both = [.. Enumerable.Range(0, 4000).SelectMany(k => new[] { (short)(20_000 * Math.Sin(k * 0.02)), (short)(500 * Math.Sin(k * 0.02)) })];
        byte[] wave = [.. "RIFF\0\0\0\0WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 2, 0, 0x40, 0x1F, 0, 0, 0, 0, 0, 0, 4, 0, 16, 0, .. "data"u8, 0x80, 0x3E, 0, 0, .. Int16(both)];
        Assert.True(Recording.TryParse(wave, ".wav", null, null, out Recording? recording, out string reason), reason);
        Assert.Equal((8000.0, 4000), (recording!.RateHz, recording.Amps.Length));
        Assert.InRange(recording.Amps.Max(), 499, 500);
        Assert.All(Enumerable.Range(0, 60), cut => Assert.False(Recording.TryParse(wave[..cut], ".wav", null, null, out _, out _)));
    }

    [Theory]
    [InlineData("", 16_000.0, "empty")]
    [InlineData("hello\nworld 1\n", 16_000.0, "no line of numbers")]
    [InlineData("1\n2\n3\n", 16_000.0, "less than one cycle")]
    [InlineData("1,2\n2,x\n", null, "sample rate")]
    [InlineData("1\n2\n", 10.0, "between 400 Hz and 20 MHz")]
    public void BadFiles_SayWhatIsWrong(string text, double? rate, string reason)
    {
        Assert.False(Recording.TryParse(Encoding.UTF8.GetBytes(text), ".csv", rate, null, out _, out string said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsARefusal()
    {
        Assert.False(Recording.TryRead(Path.Combine(Path.GetTempPath(), "no-such-recording.raw"), Rate, null, out _, out string reason));
        Assert.Equal("no such file", reason);
    }

    [Fact]
    public void ArbitraryBytes_NeverThrow()
    {
        var random = new Random(5);
        for (int n = 0; n < 300; n++)
        {
            byte[] bytes = new byte[random.Next(3000)];
            random.NextBytes(bytes);
            if (n % 3 == 0) bytes = [.. bytes.Select(b => (byte)"0123456789,;.-\n\t e"[b % 18])];
            if (n % 3 == 1 && bytes.Length > 16) "RIFF    WAVEfmt "u8.CopyTo(bytes);
            if (Recording.TryParse(bytes, n % 2 == 0 ? ".csv" : ".i32", 8000, null, out Recording? recording, out _)) recording!.FindHertz();
        }
    }

    // Flat zones, noise, an offset, a half wave, a slow recorder: what real recordings bring.
    [Theory]
    [InlineData("pulses", 16_000)]
    [InlineData("noisy", 8000)]
    [InlineData("offset", 10_000)]
    [InlineData("halfwave", 10_000)]
    [InlineData("slow", 1000)]
    [InlineData("burst", 8000)]
    public void Recordings_OfEveryKind_AreOpenedNearTheBound(string kind, double rate)
    {
        double[] amps = [.. Enumerable.Range(0, (int)rate + 17).Select(k => Shape(kind, 50.01 * k / rate, k))];
        Assert.Empty(RecordedBench.Run(new Recording(amps, null, rate), null, 6).Where(f => !f.Holds));
    }

    [Fact]
    public void DirectCurrent_IsLeftClosedAndSaidSo()
    {
        double[] amps = [.. Enumerable.Range(0, 4000).Select(k => 20 + Math.Sin(k * 0.04))];
        var recording = new Recording(amps, null, 8000);
        Assert.True(recording.NeverComesNearZero());
        Assert.Equal(100, RecordedBench.Run(recording, 50, 2).Single(f => f.Name == "recorded-left-closed").Value);
    }

    private static double Shape(string kind, double cycles, int k)
    {
        double sine = Math.Sin(2 * Math.PI * cycles);
        return kind switch
        {
            "pulses" => Math.Abs(sine) > 0.8 ? Math.Sign(sine) * (Math.Abs(sine) - 0.8) * 5 : 0,
            "noisy" => sine + (0.1 * Math.Sin(k * 12.9898 * k % 7)),
            "offset" => sine + 0.2,
            "halfwave" => Math.Max(sine, 0),
            "burst" => (int)cycles % 4 < 2 ? sine : 0,
            _ => sine,
        };
    }

    private static short[] Sine(double seconds, double hertz, double peak) =>
        [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(k => (short)(peak * Math.Sin(2 * Math.PI * hertz * k / Rate)))];

    private static byte[] Int16(short[] samples)
    {
        byte[] bytes = new byte[samples.Length * 2];
        for (int k = 0; k < samples.Length; k++) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * k), samples[k]);
        return bytes;
    }

    private static string F(double value) => value.ToString("F6", CultureInfo.InvariantCulture);
}
