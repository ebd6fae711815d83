using Latchkey.Meter.Hal;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

/// <summary>Playing a cycle again gives what computing it again would have given.</summary>
public sealed class QuietSpanTests
{
    public static TheoryData<string> Loads => ["spectral", "rectifier", "inductive", "dimmer"];

    [Theory, MemberData(nameof(Loads))]
    public void RepeatedCycles_EqualComputedOnes(string load)
    {
        Recorder quick = Run(Make(load)), slow = Run(new Unpredictable(Make(load)));
        Assert.Equal(slow.Samples.Count, quick.Samples.Count);
        // Steps of a differential equation begin elsewhere after a repetition: half a percent of the peak at a steep flank.
        int tolerance = Math.Max(60, slow.Samples.Max(s => Math.Abs(s.Sample.I)) / 200);
        for (int k = 0; k < slow.Samples.Count; k++)
        {
            Assert.Equal(slow.Samples[k].TimeUs, quick.Samples[k].TimeUs);
            Assert.InRange(Math.Abs(slow.Samples[k].Sample.V - quick.Samples[k].Sample.V), 0, 40);
            Assert.InRange(Math.Abs(slow.Samples[k].Sample.I - quick.Samples[k].Sample.I), 0, tolerance);
            Assert.InRange(Math.Abs(slow.Samples[k].Sample.Lsv - quick.Samples[k].Sample.Lsv), 0, 40);
        }
    }

    private static Recorder Run(LoadModel load)
    {
        var circuit = new PowerCircuit(new() { Seed = 5, RepeatsQuietCycles = true }) { Load = load };
        var recorder = new Recorder();
        circuit.Run(400_000, recorder);
        circuit.Mains.JumpPhase(0.7, circuit.NowUs * 1e-6);
        circuit.Run(333_333, recorder);
        circuit.Mains.Volts = 200;
        circuit.Run(400_000, recorder);
        circuit.TrySchedule(SwitchCoil.Open, circuit.NowUs + 1_700, 50_000);
        circuit.Run(500_000, recorder);
        circuit.BackfeedVolts = 100;
        circuit.Run(200_000, recorder);
        return recorder;
    }

    private static LoadModel Make(string load) => load switch
    {
        "rectifier" => new RectifierLoad(12),
        "inductive" => new InductiveLoad(5, 0.02),
        "dimmer" => new DimmerLoad(10, 1.2),
        _ => new SpectralLoad(30, 0.6),
    };

    private sealed class Unpredictable(LoadModel inner) : LoadModel
    {
        public override double RmsAmps => inner.RmsAmps;

        public override double SinPhi => inner.SinPhi;

        public override bool NeedsFineSteps => inner.NeedsFineSteps;

        public override double Step(in MainsPoint supply, double step) => inner.Step(supply, step);

        public override void Rest(double step) => inner.Rest(step);
    }
}
