using Latchkey.Dlms.Cosem;

namespace Latchkey.Meter.Control;

/// <summary>State, mode and reasons of the supply, as a value; the rules by which they change are pure.</summary>
/// <remarks>
/// Many reasons may hold at once; the supply comes back only when the last is gone. What the head-end switched off is state 0 and is not
/// undone by a token: the token only takes the reason "credit" away.
/// </remarks>
/// <param name="State">COSEM control_state.</param>
/// <param name="Mode">COSEM control_mode.</param>
/// <param name="Reasons">The local reasons that hold; <see cref="OffReasons.Remote"/> is told by the state.</param>
public readonly record struct SupplyDecision(ControlState State, byte Mode, OffReasons Reasons)
{
    /// <summary>Reasons of the meter's own firmware, which <see cref="ControlTrigger.LocalDisconnect"/> stands for.</summary>
    private const OffReasons Local = ~(OffReasons.Remote | OffReasons.Manual);

    public bool WantsClosed => State == ControlState.Connected;

    /// <summary>All reasons, the remote one included.</summary>
    public OffReasons AllReasons => Reasons | (State == ControlState.Disconnected ? OffReasons.Remote : OffReasons.None);

    /// <summary>With a local reason begun or ended.</summary>
    public SupplyDecision WithReason(OffReasons reason, bool holds)
    {
        SupplyDecision changed = this with { Reasons = holds ? Reasons | reason : Reasons & ~reason };
        return changed.Settle();
    }

    /// <summary>After a remote or manual trigger; null where mode or state forbids it. Disconnecting twice is no fault.</summary>
    public SupplyDecision? After(ControlTrigger trigger)
    {
        if (trigger == ControlTrigger.RemoteDisconnect && State == ControlState.Disconnected) return this;
        if (trigger == ControlTrigger.RemoteReconnect && State == ControlState.Connected) return this;
        if (DisconnectControlTable.Next(Mode, State, trigger) is not { } next) return null;
        // A reconnection by hand or from afar cannot talk a reason away: the standard's state is taken, then the reasons speak.
        OffReasons reasons = trigger switch
        {
            ControlTrigger.ManualDisconnect => Reasons | OffReasons.Manual,
            ControlTrigger.ManualReconnect or ControlTrigger.RemoteReconnect => Reasons & ~OffReasons.Manual,
            _ => Reasons,
        };
        return (this with { State = next, Reasons = reasons }).Settle();
    }

    /// <summary>Lets the meter's own disconnect or reconnect happen where the reasons call for it and the mode permits it.</summary>
    private SupplyDecision Settle()
    {
        bool held = (Reasons & Local) != OffReasons.None;
        ControlTrigger trigger = held ? ControlTrigger.LocalDisconnect : ControlTrigger.LocalReconnect;
        if (!held && (Reasons & OffReasons.Manual) != OffReasons.None) return this;
        return this with { State = DisconnectControlTable.Next(Mode, State, trigger) ?? State };
    }
}
