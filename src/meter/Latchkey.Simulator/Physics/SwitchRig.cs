using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>A circuit with the load-switch firmware on it, and nothing else of a meter: for benches, pictures and tests.</summary>
public sealed class SwitchRig : ISampleSink
{
    private const int SamplesPerPoll = 8;
    private readonly LoadSwitchSettings _settings;
    private readonly ILoadSwitch _drive;
    private int _toPoll = SamplesPerPoll;

    /// <summary>Puts them together.</summary>
    /// <param name="options">The circuit.</param>
    /// <param name="settings">The firmware.</param>
    /// <param name="probe">Something to stand between the firmware and its timer; null is nothing.</param>
    public SwitchRig(PowerCircuitOptions options, LoadSwitchSettings settings, Func<ILoadSwitch, ILoadSwitch>? probe = null)
    {
        Circuit = new PowerCircuit(options with { RepeatsQuietCycles = true });
        _settings = settings;
        _drive = probe?.Invoke(Circuit) ?? Circuit;
        Firmware = new LoadSwitchController(_drive, Circuit, settings);
    }

    public PowerCircuit Circuit { get; }

    public LoadSwitchController Firmware { get; private set; }

    public void OnSample(in RawSample sample, long timeUs)
    {
        Firmware.OnSample(sample, timeUs);
        if (--_toPoll > 0) return;
        _toPoll = SamplesPerPoll;
        Firmware.Poll();
    }

    /// <summary>Starts the firmware anew with what its journal kept; an armed pulse is lost, a running one goes on.</summary>
    public void Restart(in LoadSwitchMemory memory)
    {
        _drive.TryCancel();
        Firmware = new LoadSwitchController(_drive, Circuit, _settings);
        Firmware.Restore(memory);
    }

    /// <summary>Runs for a while.</summary>
    public void Run(long durationUs) => Circuit.Run(durationUs, this);

    /// <summary>Asks for a position and runs until the firmware is done with it.</summary>
    public SwitchRequestResult Switch(SwitchPosition position, SwitchPriority priority = SwitchPriority.Normal, long atMostUs = 10_000_000)
    {
        SwitchRequestResult result = Firmware.Request(position, priority);
        for (long waited = 0; waited < atMostUs && Firmware.IsBusy; waited += 10_000) Run(10_000);
        return result;
    }

    /// <summary>The contact events since the last call.</summary>
    public List<ContactEvent> TakeContactEvents()
    {
        List<ContactEvent> events = [];
        while (Circuit.TryTakeEvent(out ContactEvent e)) events.Add(e);
        return events;
    }

    /// <summary>The firmware's events since the last call.</summary>
    public List<SwitchEvent> TakeSwitchEvents()
    {
        List<SwitchEvent> events = [];
        while (Firmware.TryTakeEvent(out SwitchEvent e)) events.Add(e);
        return events;
    }
}
