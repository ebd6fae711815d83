using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Meter.Control;

/// <summary>The supply switch on top of the timing controllers, one for each relay: turns a lasting wish into requests.</summary>
/// <remarks>Each relay opens at the current zero of its own phase; the supply is on or off only when all are.</remarks>
public sealed class SupplySwitch(params LoadSwitchController[] controllers) : ISupplySwitch
{
    private readonly bool[] _hasNews = new bool[controllers.Length];
    private SwitchPosition _asked;

    public SupplyPosition Position
    {
        get
        {
            SupplyPosition first = PositionOf(controllers[0]);
            for (int i = 1; i < controllers.Length; i++)
            {
                SupplyPosition next = PositionOf(controllers[i]);
                if (next == first) continue;
                if (first == SupplyPosition.Failed || next == SupplyPosition.Failed) return SupplyPosition.Failed;
                first = first == SupplyPosition.Unknown || next == SupplyPosition.Unknown ? SupplyPosition.Unknown : SupplyPosition.Moving;
            }

            return first;
        }
    }

    public void Request(bool closed, SwitchUrgency urgency)
    {
        SwitchPosition wanted = closed ? SwitchPosition.Closed : SwitchPosition.Open;
        if (_asked == wanted) return;
        bool taken = true;
        foreach (LoadSwitchController controller in controllers)
        {
            SwitchRequestResult result = controller.Request(wanted, urgency == SwitchUrgency.Safety ? SwitchPriority.Safety : SwitchPriority.Normal);
            taken &= result is SwitchRequestResult.Accepted or SwitchRequestResult.AlreadyThere;
        }

        // A refusal is asked again at the next occasion: what stands against closing may go away.
        _asked = taken ? wanted : SwitchPosition.Unknown;
    }

    /// <summary>Whether <see cref="Request"/> with this wish would do anything. A controller keeps a wish by itself, retries included.</summary>
    public bool WouldAct(bool closed) => _asked != (closed ? SwitchPosition.Closed : SwitchPosition.Open);

    public void RestoreLearning(ReadOnlySpan<byte> learning)
    {
        if (learning.Length < 1 || learning[0] >= controllers.Length) return;
        if (LoadSwitchMemory.TryRead(learning[1..], out LoadSwitchMemory memory)) controllers[learning[0]].Restore(memory);
    }

    public bool TryTakeLearning(Span<byte> destination, out int length)
    {
        length = 0;
        for (int i = 0; i < controllers.Length; i++)
        {
            while (controllers[i].TryTakeEvent(out SwitchEvent e)) _hasNews[i] |= IsWorthKeeping(e.Kind);
            if (!_hasNews[i]) continue;
            _hasNews[i] = false;
            destination[0] = (byte)i;
            controllers[i].Export().Write(destination[1..]);
            length = 1 + LoadSwitchMemory.Size;
            return true;
        }

        return false;
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
