using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>The state of a load switch as COSEM sees it.</summary>
public enum ControlState : byte
{
    /// <summary>Open; only a remote command ends it.</summary>
    Disconnected = 0,
    /// <summary>Closed.</summary>
    Connected = 1,
    /// <summary>Open, and may be closed at the meter.</summary>
    ReadyForReconnection = 2,
}

/// <summary>What asks for a change: remote is the head-end, manual a person at the meter, local the meter's own firmware.</summary>
public enum ControlTrigger : byte
{
    /// <summary>remote_disconnect.</summary>
    RemoteDisconnect = 0,
    /// <summary>remote_reconnect.</summary>
    RemoteReconnect = 1,
    /// <summary>manual_disconnect.</summary>
    ManualDisconnect = 2,
    /// <summary>manual_reconnect.</summary>
    ManualReconnect = 3,
    /// <summary>local_disconnect.</summary>
    LocalDisconnect = 4,
    /// <summary>local_reconnect.</summary>
    LocalReconnect = 5,
}

/// <summary>The state machine of class 70, one row per transition, without any timing.</summary>
/// <remarks>Source: IEC 62056-6-2, Disconnect control (class_id 70, version 0); the letters are the standard's.</remarks>
public static class DisconnectControlTable
{
    // Per mode 0 to 7 the transitions it permits.
    private static readonly string[] Permitted = ["", "bcfgde", "bcfgae", "bcgde", "bcgae", "bcfgdeh", "bcgdeh", "bcgaieh"];

    /// <summary>The highest control mode.</summary>
    public const int MaxMode = 7;

    /// <summary>The state after <paramref name="trigger"/>, or null where the mode or the state forbids it.</summary>
    public static ControlState? Next(int mode, ControlState state, ControlTrigger trigger) => (state, trigger) switch
    {
        (ControlState.Disconnected, ControlTrigger.RemoteReconnect) when Permits(mode, 'a') => ControlState.Connected,
        (ControlState.Disconnected, ControlTrigger.RemoteReconnect) when Permits(mode, 'd') => ControlState.ReadyForReconnection,
        (ControlState.Connected, ControlTrigger.RemoteDisconnect) when Permits(mode, 'b') => ControlState.Disconnected,
        (ControlState.ReadyForReconnection, ControlTrigger.RemoteDisconnect) when Permits(mode, 'c') => ControlState.Disconnected,
        (ControlState.ReadyForReconnection, ControlTrigger.RemoteReconnect) when Permits(mode, 'i') => ControlState.Connected,
        (ControlState.ReadyForReconnection, ControlTrigger.ManualReconnect) when Permits(mode, 'e') => ControlState.Connected,
        (ControlState.Connected, ControlTrigger.ManualDisconnect) when Permits(mode, 'f') => ControlState.ReadyForReconnection,
        (ControlState.Connected, ControlTrigger.LocalDisconnect) when Permits(mode, 'g') => ControlState.ReadyForReconnection,
        (ControlState.ReadyForReconnection, ControlTrigger.LocalReconnect) when Permits(mode, 'h') => ControlState.Connected,
        _ => null,
    };

    private static bool Permits(int mode, char transition) =>
        mode is >= 0 and <= MaxMode && Permitted[mode].Contains(transition, StringComparison.Ordinal);
}

/// <summary>The load switch behind a disconnect control object.</summary>
public interface IDisconnectControl
{
    /// <summary>Whether the load is supplied.</summary>
    bool OutputState { get; }

    /// <summary>The state of the machine.</summary>
    ControlState State { get; }

    /// <summary>The mode, 0 to 7.</summary>
    byte Mode { get; }

    /// <summary>Carries out what the table permits in this mode and state; a trigger that it forbids is a temporary failure.</summary>
    ActionResult Request(ControlTrigger trigger);

    /// <summary>Takes another mode; false where it is fixed.</summary>
    bool TrySetMode(byte mode);
}

/// <summary>Disconnect control: the load switch under remote command.</summary>
/// <remarks>A command that the present mode or state does not permit is a temporary failure; disconnecting what is disconnected succeeds.
/// Source: IEC 62056-6-2, Disconnect control (class_id 70, version 0).</remarks>
public sealed class DisconnectControl(LogicalName name, IDisconnectControl control) : CosemObject(InterfaceClass.DisconnectControl, 0, name, 4, 2)
{
    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute == 2) writer.Boolean(control.OutputState);
        else writer.Enum(attribute == 3 ? (byte)control.State : control.Mode);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        if (attribute != 4) return DataAccessResult.ReadWriteDenied;
        if (!value.TryGetInteger(DataTag.Enum, out long mode)) return DataAccessResult.TypeUnmatched;
        return mode <= DisconnectControlTable.MaxMode && control.TrySetMode((byte)mode) ? DataAccessResult.Success : DataAccessResult.OtherReason;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!parameter.TryGetInteger(DataTag.Integer, out long zero)) return ActionResult.TypeUnmatched;
        if (zero != 0) return ActionResult.OtherReason;
        ControlTrigger trigger = method == 1 ? ControlTrigger.RemoteDisconnect : ControlTrigger.RemoteReconnect;
        if (trigger == ControlTrigger.RemoteDisconnect && control.State == ControlState.Disconnected) return ActionResult.Success;
        return control.Request(trigger);
    }
}
