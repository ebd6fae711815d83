using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Meter.Control;

/// <summary>The supply switch on top of the timing controller: turns a lasting wish into requests.</summary>
public sealed class SupplySwitch(LoadSwitchController controller) : ISupplySwitch
{
    private SwitchPosition _asked;
    private bool _hasNews;

    public SupplyPosition Position => controller switch
    {
        { HasFailed: true } => SupplyPosition.Failed,
        { IsBusy: true } when controller.Wanted != controller.Position => SupplyPosition.Moving,
        { Position: SwitchPosition.Open } => SupplyPosition.Open,
        { Position: SwitchPosition.Closed } => SupplyPosition.Closed,
        _ => SupplyPosition.Unknown,
    };

    public void Request(bool closed, SwitchUrgency urgency)
    {
        SwitchPosition wanted = closed ? SwitchPosition.Closed : SwitchPosition.Open;
        if (!IsNews(wanted)) return;
        SwitchRequestResult result = controller.Request(wanted, urgency == SwitchUrgency.Safety ? SwitchPriority.Safety : SwitchPriority.Normal);
        // A refusal is asked again at the next occasion: what stands against closing may go away.
        _asked = result is SwitchRequestResult.Accepted or SwitchRequestResult.AlreadyThere ? wanted : SwitchPosition.Unknown;
    }

    /// <summary>Whether <see cref="Request"/> with this wish would do anything.</summary>
    public bool WouldAct(bool closed) => IsNews(closed ? SwitchPosition.Closed : SwitchPosition.Open);

    public void RestoreLearning(ReadOnlySpan<byte> learning)
    {
        if (LoadSwitchMemory.TryRead(learning, out LoadSwitchMemory memory)) controller.Restore(memory);
    }

    public bool TryTakeLearning(Span<byte> destination, out int length)
    {
        length = 0;
        while (controller.TryTakeEvent(out SwitchEvent e)) _hasNews |= e.Kind is SwitchEventKind.Opened or SwitchEventKind.Closed or SwitchEventKind.DisconnectFailure or SwitchEventKind.ReconnectFailure;
        if (!_hasNews) return false;
        _hasNews = false;
        controller.Export().Write(destination);
        length = LoadSwitchMemory.Size;
        return true;
    }

    // The controller keeps a wish by itself, retries included; it is asked again only for another one.
    private bool IsNews(SwitchPosition wanted) => _asked != wanted;
}
