using Latchkey.Meter.Hal;
using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class PowerCircuitTests
{
    private static readonly FrontEndErrors Ideal = new();

    private static PowerCircuit Circuit(int seed = 1, bool closed = true, double phase = 0) =>
        new(new() { Seed = seed, StartsClosed = closed, RelaySpread = 1, FrontEnd = Ideal, StartPhase = phase });

    [Fact]
    public void Samples_ComeEvery125Microseconds()
    {
        var recorder = new Recorder();
        Circuit().Run(1_000_000, recorder);
        Assert.Equal(8001, recorder.Samples.Count);
        Assert.All(recorder.Samples.Select((s, k) => (s.TimeUs, k)), s => Assert.Equal(125L * s.k, s.TimeUs));
    }

    [Fact]
    public void Opening_OfAResistiveLoad_AtRandomInstants_CostsTheReferenceMean()
    {
        // Reference of the model: 80 A resistive, random instants: mean 6.8 J, 16.8 J at worst.
        double[] joules = [.. Enumerable.Range(0, 60).Select(k => OpenAt(80, 0, 2 * Math.PI * k / 60).Joules)];
        Assert.InRange(joules.Average(), 6.5, 7.1);
        Assert.InRange(joules.Max(), 16.0, 17.2);
    }

    [Fact]
    public void Opening_ShortlyBeforeTheZero_CostsTheClosedForm()
    {
        ContactEvent e = ParkedOpening(80, 0, leadMs: 0.3);
        Assert.InRange(e.Joules, 0.018, 0.024); // U I w x² / 2 = 0.021 J
        Assert.Equal(0, e.Reignitions);
    }

    [Fact]
    public void Opening_ShortlyBeforeTheZero_AtLowPowerFactor_LightsAgain()
    {
        // At power factor 0.1 the full voltage returns at once: 0.3 ms of gap do not hold 450 V.
        Assert.Equal(1, ParkedOpening(80, Math.Acos(0.1), leadMs: 0.3).Reignitions);
        Assert.Equal(0, ParkedOpening(80, Math.Acos(0.1), leadMs: 0.6).Reignitions);
    }

    [Fact]
    public void ContactInstants_AreNotOnTheSampleGrid()
    {
        long[] instants = [.. Enumerable.Range(0, 8).Select(k => OpeningEvents(80, 0, k, seed: k).Of(ContactEventKind.Parted).TimeUs)];
        Assert.Contains(instants, t => t % RawSample.PeriodUs != 0);
    }

    [Fact]
    public void LoadSideVoltage_ShowsTheArcAndThenNothing()
    {
        var recorder = new Recorder();
        PowerCircuit circuit = Circuit();
        circuit.Load = new SpectralLoad(40);
        circuit.TrySchedule(SwitchCoil.Open, 5000, 50_000);
        List<ContactEvent> events = circuit.EventsOf(60_000, recorder);
        long parted = events.Of(ContactEventKind.Parted).TimeUs, out_ = events.Of(ContactEventKind.Interrupted).TimeUs;

        Assert.All(recorder.Samples.Where(s => s.TimeUs < parted), s => Assert.Equal(s.Sample.V, s.Sample.Lsv));
        Assert.All(recorder.Samples.Where(s => s.TimeUs > parted && s.TimeUs < out_ && s.Sample.I != 0),
            s => Assert.InRange(Math.Abs(s.Sample.V - s.Sample.Lsv) * 60e-6, 12.9, 30.1));
        Assert.All(recorder.Samples.Where(s => s.TimeUs > out_), s => Assert.InRange(Math.Abs(s.Sample.Lsv) * 60e-6, 0, 1));
    }

    [Theory]
    [InlineData(0.0, 0.74, 0.15)]
    [InlineData(-0.9, 0.38, 0.1)]
    [InlineData(5.0, 2.1, 0.25)]
    public void Closing_OfAResistiveLoad_CostsTheReferenceBounce(double touchMs, double joules, double within)
    {
        double mean = Enumerable.Range(0, 40).Average(k => Closing(touchMs, k).Joules);
        Assert.InRange(mean, joules - within, joules + within);
    }

    [Fact]
    public void Pulse_ThatIsTooShort_MovesNothing()
    {
        PowerCircuit circuit = Circuit();
        Assert.True(circuit.TrySchedule(SwitchCoil.Open, 1000, 2000));
        Assert.Equal(ContactEventKind.PulseFailed, circuit.EventsOf(50_000)[^1].Kind);
        Assert.True(circuit.AreContactsTouching);
    }

    [Fact]
    public void Pulse_WhileAnotherIsArmed_IsRefused()
    {
        PowerCircuit circuit = Circuit();
        Assert.True(circuit.TrySchedule(SwitchCoil.Open, 1000, 50_000));
        Assert.False(circuit.TrySchedule(SwitchCoil.Close, 2000, 50_000));
        Assert.True(circuit.TryCancel());
        Assert.True(circuit.TrySchedule(SwitchCoil.Open, 3000, 50_000));
    }

    [Fact]
    public void Closing_WithOneEnableMissing_IsRefused_OpeningIsNot()
    {
        PowerCircuit circuit = Circuit();
        circuit.ManagementEnable = false;
        Assert.False(circuit.TrySchedule(SwitchCoil.Close, 1000, 50_000));
        Assert.True(circuit.TrySchedule(SwitchCoil.Open, 1000, 50_000));
    }

    [Fact]
    public void HardWeld_HoldsAgainstEveryPulse()
    {
        PowerCircuit circuit = Circuit();
        circuit.Relay.Weld = WeldKind.Hard;
        circuit.TrySchedule(SwitchCoil.Open, 1000, 50_000);
        Assert.Contains(circuit.EventsOf(100_000), e => e.Kind == ContactEventKind.WeldHeld);
        Assert.True(circuit.AreContactsTouching);
    }

    [Fact]
    public void SteadyFrame_AtFiftyHertz_IsOneSecondOfTheLoad()
    {
        PowerCircuit circuit = Circuit();
        circuit.Load = SpectralLoad.ForPower(1234, 230, 0.9);
        Assert.True(circuit.TrySteadyFrame(Calibration.Nominal, out FrameSums sums));
        Assert.Equal((RawSample.RateHz, 50), (sums.Samples, sums.Cycles));
        var core = new MetrologyCore(Calibration.Nominal);
        core.ApplyFrame(sums);
        Assert.InRange(core.Registers.ActiveMilliwatts, 1_233_800, 1_234_200);
        Assert.InRange(core.Registers.LoadVoltageMillivolts, 229_990, 230_010);
    }

    [Fact]
    public void SteadyFrame_IsWhatRunningGives()
    {
        PowerCircuit circuit = Circuit();
        circuit.Mains.SetFrequency(49.93, 0);
        circuit.Load = SpectralLoad.ForPower(5000, 230, 0.8);
        circuit.TrySteadyFrame(Calibration.Nominal, out FrameSums steady);
        var core = new MetrologyCore(Calibration.Nominal);
        core.ApplyFrame(steady);
        MetrologyRegisters fromSteady = core.Registers;
        circuit.Run(4_000_000, new CoreSink(core));
        Assert.InRange(core.Registers.ActiveMilliwatts - fromSteady.ActiveMilliwatts, -200, 200);
        Assert.InRange(core.Registers.FrequencyMicrohertz - fromSteady.FrequencyMicrohertz, -50, 50);
    }

    [Fact]
    public void SameSeed_SameLife()
    {
        ContactEvent[] first = [.. OpeningEvents(60, 0.4, 1.0, seed: 9)], second = [.. OpeningEvents(60, 0.4, 1.0, seed: 9)];
        Assert.Equal(first, second);
    }

    private static List<ContactEvent> OpeningEvents(double amps, double phi, double phase, int seed)
    {
        PowerCircuit circuit = Circuit(seed, phase: phase);
        circuit.Load = new SpectralLoad(amps, phi);
        circuit.TrySchedule(SwitchCoil.Open, 1000, 50_000);
        return circuit.EventsOf(80_000);
    }

    private static ContactEvent OpenAt(double amps, double phi, double phase) =>
        OpeningEvents(amps, phi, phase, seed: 3).Of(ContactEventKind.Interrupted);

    // The same seed parts at the same instant, so a first run tells where the phase must start for the wanted lead.
    private static ContactEvent ParkedOpening(double amps, double phi, double leadMs)
    {
        double partedSeconds = OpeningEvents(amps, phi, 0, seed: 3).Of(ContactEventKind.Parted).TimeUs * 1e-6;
        double phase = Math.PI + phi - (2 * Math.PI * 50 * (partedSeconds + (leadMs * 1e-3)));
        return OpeningEvents(amps, phi, phase, seed: 3).Of(ContactEventKind.Interrupted);
    }

    private static ContactEvent Closing(double touchMs, int seed)
    {
        double phase = 0;
        for (int pass = 0; ; pass++)
        {
            PowerCircuit circuit = Circuit(seed, closed: false, phase);
            circuit.Load = new SpectralLoad(80);
            circuit.TrySchedule(SwitchCoil.Close, 1000, 50_000);
            List<ContactEvent> events = circuit.EventsOf(120_000);
            if (pass == 1) return events.Of(ContactEventKind.Made);
            phase = -2 * Math.PI * 50 * ((events.Of(ContactEventKind.Touched).TimeUs * 1e-6) - (touchMs * 1e-3));
        }
    }

    private sealed class CoreSink(MetrologyCore core) : ISampleSink
    {
        public void OnSample(in RawSample sample, long timeUs)
        {
            core.OnSample(sample);
            if (core.TryTakeFrame(out FrameSums sums)) core.ApplyFrame(sums);
        }
    }
}
