using System.Runtime.CompilerServices;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Metrology;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;

namespace Latchkey.Bench.JobInstructions;

/// <summary>A job of the meter's processor, set up so that only its own work is counted.</summary>
internal abstract class Job
{
    /// <summary>Once, not counted.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Before every run, not counted.</summary>
    public virtual void Between()
    {
    }

    /// <summary>The work.</summary>
    public abstract void Work();
}

/// <summary>The jobs by name.</summary>
internal static class Jobs
{
    private static readonly Dictionary<string, Func<Job>> All = new(StringComparer.Ordinal)
    {
        ["sample"] = () => new SampleJob(),
        ["poll"] = () => new PollJob(),
        ["aim"] = () => new AimJob(),
        ["frame"] = () => new FrameJob(fired: true),
        ["frame-small"] = () => new FrameJob(fired: false),
        ["token"] = () => new TokenJob(),
        ["display"] = () => new FaceJob(),
        ["tick"] = () => new TickJob(),
        ["dlms"] = () => new DlmsJob(),
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Job? Find(string name) => All.TryGetValue(name, out Func<Job>? make) ? make() : null;

    /// <summary>What callgrind switches on and off by.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Do(Job job) => job.Work();
}

/// <summary>Mains of 230 V with a current, sample by sample.</summary>
internal sealed class Mains(double amps, bool fired)
{
    private uint _noise = 1;

    public long Count { get; private set; }

    public RawSample Next()
    {
        double cycles = 50.01 * Count++ / RawSample.RateHz, sine = Math.Sin(2 * Math.PI * cycles);
        _noise = unchecked((_noise * 1_664_525) + 1_013_904_223);
        int v = (int)(230 * Math.Sqrt(2) / 60e-6 * sine) + (int)(_noise >> 26);
        int i = fired && 2 * cycles % 1 < 0.5 ? 0 : (int)(amps * Math.Sqrt(2) / 34e-6 * Math.Sin((2 * Math.PI * cycles) - 0.2)) + (int)(_noise >> 27);
        return new(v, i, i, v);
    }
}

/// <summary>The sample interrupt: metrology and the load switch.</summary>
internal sealed class SampleJob : Job
{
    private readonly Mains _mains = new(10, fired: false);
    private readonly MetrologyCore _core = new(Calibration.Nominal, new WaveformTape());
    private readonly Wires _wires = new();
    private LoadSwitchController? _switch;
    private RawSample _sample;

    public override void Prepare() => _switch = new(_wires, _wires, new LoadSwitchSettings());

    public override void Between()
    {
        _sample = _mains.Next();
        _wires.NowUs = _mains.Count * RawSample.PeriodUs;
        if (_core.TryTakeFrame(out FrameSums frame)) _core.ApplyFrame(frame);
        if (_mains.Count % 8 == 0) _switch!.Poll();
    }

    public override void Work()
    {
        _core.OnSample(_sample);
        _switch!.OnSample(_sample, _wires.NowUs);
    }
}

/// <summary>The load switch's own task, every eighth sample.</summary>
internal sealed class PollJob : Job
{
    private readonly Mains _mains = new(10, fired: false);
    private readonly Wires _wires = new();
    private LoadSwitchController? _switch;

    public override void Prepare()
    {
        _switch = new(_wires, _wires, new LoadSwitchSettings());
        for (int n = 0; n < 3000; n++) Between();
        _switch.Request(SwitchPosition.Open);
    }

    public override void Between()
    {
        for (int k = 0; k < 8; k++)
        {
            RawSample s = _mains.Next();
            _wires.NowUs = _mains.Count * RawSample.PeriodUs;
            _switch!.OnSample(s, _wires.NowUs);
        }
    }

    public override void Work() => _switch!.Poll();
}

/// <summary>The aim of one opening over a whole cycle.</summary>
internal sealed class AimJob : Job
{
    private readonly CycleProfile _profile = new();
    private readonly OpeningAim _aim = new();

    public override void Prepare() => _profile.Fill(20_000, x => (325 * Math.Sin(2 * Math.PI * x), 113 * Math.Sin((2 * Math.PI * x) - 1)));

    public override void Work() => _aim.Evaluate(_profile, new ContactModel(), 0.3);
}

/// <summary>One frame from the tape to the registers: a load with two hundred jumps a second, or one that drowns in noise.</summary>
internal sealed class FrameJob(bool fired) : Job
{
    private readonly Mains _mains = new(fired ? 20 : 0.02, fired);
    private readonly MetrologyCore _core = new(Calibration.Nominal, new WaveformTape());

    // The frame is taken at the sample after the one that ended it, as the foreground would.
    public override void Between()
    {
        long ends = ((_mains.Count / RawSample.RateHz) + 1) * RawSample.RateHz + 100;
        while (_mains.Count < ends) _core.OnSample(_mains.Next());
    }

    public override void Work()
    {
        if (_core.TryTakeFrame(out FrameSums frame)) _core.ApplyFrame(frame);
    }
}

/// <summary>A credit token at the keypad: the twentieth digit is in, enter is pressed.</summary>
internal sealed class TokenJob : Job
{
    private readonly TestMint _mint = new();
    private readonly MemoryNvmImage _image = new();
    private BareMeter? _meter;

    public override void Prepare()
    {
        _meter = new BareMeter(_mint, _image, 1);
        _meter.Manufacture();
        _meter.Boot();
    }

    public override void Between()
    {
        _meter!.Wait(5_000);
        _meter.Keys(_mint.Credit(1_000).ToString());
    }

    public override void Work() => _meter!.Core.PressKey('#', _meter.Time);
}

/// <summary>The display's text, all of it.</summary>
internal sealed class FaceJob : Job
{
    private readonly TestMint _mint = new();
    private BareMeter? _meter;

    public object? Last { get; private set; }

    public override void Prepare()
    {
        _meter = new BareMeter(_mint, new MemoryNvmImage(), 1);
        _meter.Manufacture();
        _meter.Boot();
    }

    public override void Between() => _meter!.Consume(2_000);

    public override void Work() => Last = _meter!.Core.Face;
}

/// <summary>One tick of the firmware: inputs, keypad, slot, messages.</summary>
internal sealed class TickJob : Job
{
    private readonly TestMint _mint = new();
    private BareMeter? _meter;

    public override void Prepare()
    {
        _meter = new BareMeter(_mint, new MemoryNvmImage(), 1);
        _meter.Manufacture();
        _meter.Boot();
    }

    public override void Between() => _meter!.Consume(2_000);

    public override void Work() => _meter!.Wait(100);
}

/// <summary>A profile of 96 rows read over a ciphered association; the client's half of the work is in the count too.</summary>
internal sealed class DlmsJob : Job
{
    private readonly CipherKey _key = new(SecuritySuite.Suite0, SampleMeter.Encryption, SampleMeter.Authentication);
    private BenchLine? _line;

    public override void Prepare() => _line = BenchLine.Management(TimeProvider.System, _key);

    public override void Work() => _line!.Read(new AttributeDescriptor(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2));
}
