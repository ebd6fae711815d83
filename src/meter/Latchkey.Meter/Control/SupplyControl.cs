using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.State;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Control;

/// <summary>Keeps the supply decision durable and the switch following it.</summary>
internal sealed class SupplyControl(MeterContext context, ISupplySwitch supplySwitch)
{
    /// <summary>Reasons for which the timing of the switch may not search long.</summary>
    private const OffReasons Urgent = OffReasons.MeterCover | OffReasons.TerminalCover | OffReasons.StorageFault;

    private bool _failureTold;

    public SupplyDecision Decision => context.State.Supply;

    public SupplyPosition Position => supplySwitch.Position;

    /// <summary>Begins or ends local reasons. The decision is durable before the switch is asked.</summary>
    public void SetReason(OffReasons reason, bool holds)
    {
        OffReasons wanted = holds ? Decision.Reasons | reason : Decision.Reasons & ~reason;
        if (wanted == Decision.Reasons) return;
        Adopt(Decision.WithReason(reason, holds), context.State.Incoming, holds ? EventCode.LocalDisconnection : EventCode.LocalConnection, (long)reason);
    }

    /// <summary>A remote command; its counter becomes used in the same record as its effect.</summary>
    public CommandStatus Remote(RelayAction action, ReplayWindow window)
    {
        ControlTrigger trigger = action == RelayAction.Disconnect ? ControlTrigger.RemoteDisconnect : ControlTrigger.RemoteReconnect;
        if (Decision.After(trigger) is not { } next) return CommandStatus.RefusedByMode;
        EventCode told = action == RelayAction.Disconnect ? EventCode.RemoteDisconnection : EventCode.RemoteConnection;
        if (!Adopt(next, window, told, (long)next.AllReasons)) return CommandStatus.StorageFailure;
        return next.WantsClosed == (action == RelayAction.Reconnect) ? CommandStatus.Done : CommandStatus.Deferred;
    }

    /// <summary>The button at the meter, where the mode has one.</summary>
    public bool Manual(bool reconnect)
    {
        if (Decision.After(reconnect ? ControlTrigger.ManualReconnect : ControlTrigger.ManualDisconnect) is not { } next) return false;
        return Adopt(next, context.State.Incoming, reconnect ? EventCode.ManualConnection : EventCode.ManualDisconnection, 0);
    }

    /// <summary>Asks the switch for what the decision wants; it is for the switch to find nothing to do.</summary>
    public void Drive()
    {
        bool broken = context.Journal.IsBroken || context.Journal.Acceptor is null;
        bool closed = Decision.WantsClosed && !broken;
        OffReasons reasons = Decision.AllReasons;
        supplySwitch.Request(closed, broken || (reasons & Urgent) != OffReasons.None ? SwitchUrgency.Safety : SwitchUrgency.Normal);
        if (supplySwitch.Position == SupplyPosition.Failed && !_failureTold) context.Log(EventCode.SwitchFailed, closed ? 1 : 0);
        _failureTold = supplySwitch.Position == SupplyPosition.Failed;
    }

    private bool Adopt(SupplyDecision next, ReplayWindow window, EventCode told, long detail)
    {
        if (next == Decision && window == context.State.Incoming) return true;
        bool moved = next.WantsClosed != Decision.WantsClosed;
        bool durable = context.Journal.TryCommit(new MeterTransaction.ControlChanged(next, window, (uint)Math.Clamp(context.Now.ClockSeconds, 0, uint.MaxValue)));
        Drive();
        if (durable && moved) context.Log(told, detail);
        return durable;
    }
}
