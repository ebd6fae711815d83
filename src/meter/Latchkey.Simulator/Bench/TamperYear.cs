using Latchkey.Meter;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.State;
using Latchkey.Meter.Tamper;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Envelope;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>
/// A year of normal loads and bad mains for one meter core: every change is sampled as seconds, and what does not change is not sampled again.
/// Whatever the tamper log holds at its end is a false event.
/// </summary>
internal sealed class TamperYear : IDisposable
{
    private const int SecondsPerDay = 86_400;
    private readonly Random _chance;
    private readonly TestMint _mint = new();
    private readonly MessageKey _key = new(BareMeter.Secret);
    private readonly EepromModel _memory = new(new MemoryNvmImage());
    private readonly MeterProfile _profile;
    private readonly MeterIdentity _identity;
    private readonly Hall _hall = new();
    private readonly BareMeter.InstantSwitch _switch = new();
    private readonly BareMeter.FakeTamper _covers = new();
    private readonly Phase[] _phases;
    private MeterCore _core = null!;
    private long _second;
    private long _bootSecond;

    /// <summary>One phase as the year has it now.</summary>
    private record struct Phase(double Volts, double Amps, double PowerFactor, double NeutralAmps);

    public TamperYear(MeterProfile profile, int seed, bool hasSun)
    {
        _chance = new Random(seed);
        _profile = profile;
        _phases = new Phase[profile.Phases];
        HasSun = hasSun;
        _identity = new MeterIdentity
        {
            Profile = profile,
            Pan = _mint.Attributes.Pan,
            Algorithm = EncryptionAlgorithm.Ea11,
            Tampers = hasSun ? TamperPolicy.Default.With(TamperInputs.ReverseFlow, TamperActions.None) : TamperPolicy.Default,
        };
        var postpaid = new DurableState { Parameters = MeterParameters.Default with { IsPostpaid = true } };
        if (!MeterCore.Manufacture(_identity, _memory, _mint.Key, _mint.Attributes, postpaid)) throw new InvalidOperationException("The memory does not hold what is written.");
        Boot(StartCause.Power);
    }

    /// <summary>Energy goes back by day, and the meter was told of it.</summary>
    public bool HasSun { get; }

    /// <summary>Events of the mains and of the house so far.</summary>
    public int Happenings { get; private set; }

    /// <summary>What the tamper log holds, by kind.</summary>
    public IReadOnlyList<EventCode> FalseEvents => [.. _core.Snapshot.FraudEvents.Select(e => e.Code)];

    /// <summary>Something to be planted into the year, at a day, to show that it would be found.</summary>
    public (int Day, Action<TamperYear> Act)? Planted { get; init; }

    public void Run(int days)
    {
        for (int day = 0; day < days; day++)
        {
            if (Planted is { } planted && planted.Day == day) planted.Act(this);
            Day(day);
        }
    }

    /// <summary>A magnet for so many seconds.</summary>
    public void HoldMagnet(int microtesla, int seconds)
    {
        _hall.Microtesla = microtesla;
        Live(seconds);
        _hall.Microtesla = 0;
        Live(10);
    }

    public void Dispose()
    {
        _core.Dispose();
        _key.Dispose();
        _mint.Dispose();
    }

    private void Day(int day)
    {
        long midnight = (long)day * SecondsPerDay;
        int changes = 30 + _chance.Next(30);
        foreach (int second in Enumerable.Range(0, changes).Select(_ => _chance.Next(SecondsPerDay - 600)).Order())
        {
            JumpTo(midnight + second);
            House(second);
            Live(2);
            if (_chance.Next(4) == 0) Happen();
        }
    }

    /// <summary>What the house draws from here on; by day, with a sun, it gives.</summary>
    private void House(int second)
    {
        double sun = HasSun ? Math.Max(0, Math.Sin(Math.PI * (second - 21_600) / 43_200)) * 14 : 0;
        for (int i = 0; i < _phases.Length; i++)
        {
            double amps = _chance.Next(3) == 0 ? _chance.NextDouble() * 0.4 : _chance.NextDouble() * (_profile.MaxCurrentA / 3.0);
            // One phase of three may stand still for days; the sun shines on the first.
            if (i == 2 && _chance.Next(2) == 0) amps = 0;
            double net = i == 0 ? amps - sun : amps;
            double volts = 230 + (_chance.NextDouble() * 16) - 8 + (i == 0 ? sun * 0.8 : 0);
            double leak = _chance.NextDouble() * 0.1;
            _phases[i] = new Phase(volts, net, 0.5 + (_chance.NextDouble() * 0.5), Math.Max(0, Math.Abs(net) - leak));
        }
    }

    private void Happen()
    {
        Happenings++;
        Phase[] normal = [.. _phases];
        switch (_chance.Next(9))
        {
            case 0: All(p => p with { Volts = p.Volts * (0.1 + (_chance.NextDouble() * 0.8)), Amps = p.Amps * 0.7, NeutralAmps = p.NeutralAmps * 0.7 }); Live(1); break;
            case 1: All(p => p with { Volts = p.Volts * (1.1 + (_chance.NextDouble() * 0.25)) }); Live(_chance.Next(1, 59)); break;
            case 2: All(p => p with { Volts = p.Volts * 0.85, Amps = p.Amps + 30, NeutralAmps = p.Amps + 30, PowerFactor = 0.3 }); Live(_chance.Next(1, 9)); break;
            case 3: All(p => p with { Volts = 0, Amps = 0, NeutralAmps = 0 }); Live(1); break;
            case 4: Restarts(_chance.Next(1, 4)); break;
            case 5: Outage(); break;
            case 6: Field(microtesla: _chance.Next(1_000, 40_000), seconds: _chance.Next(1, 5)); break;
            case 7: Field(microtesla: _chance.Next(10, 3_000), seconds: _chance.Next(1, 3_600)); break;
            default: _phases[0] = _phases[0] with { Volts = 70, NeutralAmps = _phases[0].NeutralAmps * 0.5 }; Live(_chance.Next(1, 8)); break;
        }

        normal.CopyTo(_phases, 0);
        Live(3);
    }

    private void All(Func<Phase, Phase> change)
    {
        for (int i = 0; i < _phases.Length; i++) _phases[i] = change(_phases[i]);
    }

    private void Field(int microtesla, int seconds)
    {
        _hall.Microtesla = microtesla;
        Live(Math.Min(seconds, 20));
        if (seconds > 20) JumpTo(_second + seconds - 20);
        _hall.Microtesla = 0;
    }

    private void Restarts(int times)
    {
        for (int i = 0; i < times; i++)
        {
            _core.OnRestarting(Time);
            Boot(StartCause.Watchdog);
            Live(_chance.Next(2, 15));
        }

        // The next burst is another storm.
        JumpTo(_second + 90);
    }

    private void Outage()
    {
        _core.OnPowerFailing(Time);
        _second += _chance.Next(5, 20_000);
        Boot(StartCause.Power);
    }

    private void Boot(StartCause cause)
    {
        _core?.Dispose();
        _bootSecond = _second;
        _core = new MeterCore(_identity, new MeterHardware(_memory, _switch, _covers, BareMeter.NoModule) { Field = _hall }, Metrology(), _key);
        _core.Start(Time, cause);
    }

    private MeasuringUnit Metrology() => _profile.Phases == 1
        ? MeasuringUnit.Of(new MetrologyCore(Calibration.Nominal))
        : MeasuringUnit.Of(new PolyphaseMetrologyCore(Calibration.Nominal, Calibration.Nominal, Calibration.Nominal));

    /// <summary>Seconds one by one.</summary>
    private void Live(int seconds)
    {
        PolyphaseFrame frame = Frame();
        for (int i = 0; i < seconds; i++) Second(frame);
    }

    /// <summary>Nothing changes until then: what the rules say at its end they said all along.</summary>
    private void JumpTo(long second)
    {
        if (second <= _second) return;
        PolyphaseFrame frame = Frame();
        if (second - _second > 1) Second(frame);
        _second = Math.Max(_second, second - 1);
        Second(frame);
    }

    private void Second(in PolyphaseFrame frame)
    {
        _second++;
        _core.ApplyFrame(frame, Time);
        _core.Tick(Time);
    }

    private MeterTime Time => new((_second - _bootSecond) * 1_000, 1_780_000_000 + _second);

    private PolyphaseFrame Frame() => new(Sums(_phases[0]), _phases.Length > 1 ? Sums(_phases[1]) : default, _phases.Length > 2 ? Sums(_phases[2]) : default, IsClockwise: true);

    private static FrameSums Sums(Phase p)
    {
        const double VoltsPerCount = 60e-6, AmpsPerCount = 34e-6;
        double v = p.Volts / VoltsPerCount, i = Math.Abs(p.Amps) / AmpsPerCount, n = Math.Abs(p.NeutralAmps) / AmpsPerCount;
        double factor = p.PowerFactor * Math.Sign(p.Amps);
        bool live = p.Volts > 20;
        return new FrameSums
        {
            V2 = (long)(v * v * 8_000),
            I2 = (long)(i * i * 8_000),
            In2 = (long)(n * n * 8_000),
            P = (long)(v * i * factor * 8_000),
            Pn = (long)(v * n * factor * 8_000),
            Q = (long)(v * i * Math.Sqrt(1 - (p.PowerFactor * p.PowerFactor)) * 8_000),
            Lsv2 = (long)(v * v * 8_000),
            Samples = 8_000,
            Cycles = live ? 50 : 0,
            SpanQ16 = live ? 8_000L << 16 : 0,
        };
    }

    private sealed class Hall : IFieldSensor
    {
        public int Microtesla { get; set; }

        public bool IsAwake => Microtesla > 500;

        public void Read(Span<FieldSample> window) => window.Fill(new FieldSample(0, 0, Microtesla));
    }
}
