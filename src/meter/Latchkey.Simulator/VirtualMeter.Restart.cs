using Latchkey.Meter;
using Latchkey.Meter.Hal;
using Latchkey.Metrology;

namespace Latchkey.Simulator;

/// <summary>The application goes down and comes up again while the metering core, the switch and mains go on.</summary>
public sealed partial class VirtualMeter
{
    private const long RestartUs = 2_000_000;
    private readonly List<PolyphaseFrame> _unbooked = [];
    private MeasuringUnit? _metrology;
    private MeterHardware? _hardware;
    private long? _restartUntilUs;
    private StartCause _cause;

    /// <summary>True while the processor has supply, its application running or not.</summary>
    private bool HasSupply => _core is not null && _asleepUntilUs is null;

    /// <summary>Something makes the watchdog restart the application: a hit of static electricity, a jammer.</summary>
    public void Upset() => WithCore(_ => GoDown(StartCause.Watchdog));

    /// <summary>A frame for the application; while there is none, the metering core keeps it.</summary>
    private void Apply(in PolyphaseFrame frame)
    {
        if (_restartUntilUs is null) _core!.ApplyFrame(frame, Time());
        else _unbooked.Add(frame);
    }

    private void GoDown(StartCause cause)
    {
        FlushMetrology();
        _lastSnapshot = _core!.Snapshot;
        _core.OnRestarting(Time());
        CollectOutgoing();
        _core.Dispose();
        _bay.Powered = false;
        _core = NewCore();
        _restartUntilUs = _nowUs + RestartUs;
        _cause = cause;
        Restarts++;
    }

    private void ComeUp()
    {
        _core!.LoadFirmware();
        if (FirmwareComesUp(_core.Update.RunningVersion))
        {
            StartAnew();
            return;
        }

        // It hangs; the watchdog bites, and the boot loader chooses again.
        _core.Dispose();
        _core = NewCore();
        _restartUntilUs = _nowUs + RestartUs;
        _cause = StartCause.Watchdog;
        Restarts++;
    }

    private void StartAnew()
    {
        _restartUntilUs = null;
        _bootUs = _nowUs;
        _core!.Start(Time(), _cause);
        foreach (PolyphaseFrame frame in _unbooked) _core.ApplyFrame(frame, Time());
        _unbooked.Clear();
        Serve();
    }

    /// <summary>The first start after power: the boot loader's choice, then the application.</summary>
    private void StartProcessor()
    {
        _core = NewCore();
        _cause = StartCause.Power;
        ComeUp();
    }

    private MeterCore NewCore()
    {
        var core = new MeterCore(_identity, _hardware!, _metrology!, _messageKey);
        Connect(core);
        return core;
    }
}
