using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Meter.Control;

/// <summary>The supply switch on top of the timing controllers, one for each relay: turns a lasting wish into requests.</summary>
/// <remarks>
/// Each relay operates at the zero of its own phase, all inside one cycle; the supply is on or off only when all are. Where one relay does
/// not close the others open again: a motor on two phases burns. It is tried again an hour later, and at once after the next opening.
/// </remarks>
public sealed class SupplySwitch : ISupplySwitch
{
    private const long FailedRetryUs = 3_600_000_000;
    private readonly LoadSwitchController[] _controllers;
    private readonly bool[] _hasNews;
    private readonly SwitchWindow _window = new();
    private SwitchPosition _asked;
    private long? _retryUs;

    public SupplySwitch(params LoadSwitchController[] controllers)
    {
        _controllers = controllers;
        _hasNews = new bool[controllers.Length];
        if (controllers.Length < 2) return;
        foreach (LoadSwitchController controller in controllers) controller.Window = _window;
    }

    public SupplyPosition Position
    {
        get
        {
            Listen();
            if (_retryUs is not null) return SupplyPosition.Failed;
            SupplyPosition first = PositionOf(_controllers[0]);
            for (int i = 1; i < _controllers.Length; i++)
            {
                SupplyPosition next = PositionOf(_controllers[i]);
                if (next == first) continue;
                if (first == SupplyPosition.Failed || next == SupplyPosition.Failed) return SupplyPosition.Failed;
                first = first == SupplyPosition.Unknown || next == SupplyPosition.Unknown ? SupplyPosition.Unknown : SupplyPosition.Moving;
            }

            return first;
        }
    }

    public void Request(bool closed, SwitchUrgency urgency)
    {
        if (!WouldAct(closed)) return;
        SwitchPosition wanted = closed ? SwitchPosition.Closed : SwitchPosition.Open;
        _retryUs = null;
        bool taken = Ask(wanted, urgency == SwitchUrgency.Safety ? SwitchPriority.Safety : SwitchPriority.Normal);
        // A refusal is asked again at the next occasion: what stands against closing may go away.
        _asked = taken ? wanted : SwitchPosition.Unknown;
    }

    /// <summary>Whether <see cref="Request"/> with this wish would do anything. A controller keeps a wish by itself, retries included.</summary>
    public bool WouldAct(bool closed)
    {
        Listen();
        if (closed && _retryUs is { } due && _controllers[0].NowUs >= due) return true;
        return _asked != (closed ? SwitchPosition.Closed : SwitchPosition.Open);
    }

    public void RestoreLearning(ReadOnlySpan<byte> learning)
    {
        if (learning.Length < 1 || learning[0] >= _controllers.Length) return;
        if (LoadSwitchMemory.TryRead(learning[1..], out LoadSwitchMemory memory)) _controllers[learning[0]].Restore(memory);
    }

    public bool TryTakeLearning(Span<byte> destination, out int length)
    {
        length = 0;
        Listen();
        for (int i = 0; i < _controllers.Length; i++)
        {
            if (!_hasNews[i]) continue;
            _hasNews[i] = false;
            destination[0] = (byte)i;
            _controllers[i].Export().Write(destination[1..]);
            length = 1 + LoadSwitchMemory.Size;
            return true;
        }

        return false;
    }

    private bool Ask(SwitchPosition wanted, SwitchPriority priority)
    {
        double slowest = 0;
        foreach (LoadSwitchController controller in _controllers)
            slowest = Math.Max(slowest, controller.ExpectedDelayUs(wanted == SwitchPosition.Closed) ?? 0);
        _window.Renew(slowest);
        bool taken = true;
        foreach (LoadSwitchController controller in _controllers)
            taken &= controller.Request(wanted, priority) is SwitchRequestResult.Accepted or SwitchRequestResult.AlreadyThere;
        return taken;
    }

    private void Listen()
    {
        bool failed = false;
        for (int i = 0; i < _controllers.Length; i++)
        {
            while (_controllers[i].TryTakeEvent(out SwitchEvent e))
            {
                _hasNews[i] |= IsWorthKeeping(e.Kind);
                failed |= e.Kind == SwitchEventKind.ReconnectFailure;
            }
        }

        if (!failed || _asked != SwitchPosition.Closed) return;
        _retryUs = _controllers[0].NowUs + FailedRetryUs;
        if (_controllers.Length > 1) Ask(SwitchPosition.Open, SwitchPriority.Normal);
    }

    private static bool IsWorthKeeping(SwitchEventKind kind) =>
        kind is SwitchEventKind.Opened or SwitchEventKind.Closed or SwitchEventKind.DisconnectFailure or SwitchEventKind.ReconnectFailure;

    private static SupplyPosition PositionOf(LoadSwitchController controller) => controller switch
    {
        { HasFailed: true } => SupplyPosition.Failed,
        { IsBusy: true } when controller.Wanted != controller.Position => SupplyPosition.Moving,
        { Position: SwitchPosition.Open } => SupplyPosition.Open,
        { Position: SwitchPosition.Closed } => SupplyPosition.Closed,
        _ => SupplyPosition.Unknown,
    };
}
