using static Latchkey.Meter.Control.ControlState;
using static Latchkey.Meter.Control.ControlTrigger;
using static Latchkey.Meter.Control.Transitions;

namespace Latchkey.Meter.Control;

/// <summary>The control_state of COSEM class 70; only in <see cref="Connected"/> is the supply on.</summary>
public enum ControlState : byte
{
    /// <summary>Switched off from afar; nothing local may undo it.</summary>
    Disconnected = 0,
    Connected = 1,

    /// <summary>Off, and free to be connected again by hand or by the meter itself, as the mode permits.</summary>
    ReadyForReconnection = 2,
}

/// <summary>What may happen to the supply. "Local" is the meter's own firmware: credit, limiter, tamper.</summary>
public enum ControlTrigger : byte
{
    RemoteDisconnect = 0,
    RemoteReconnect = 1,
    ManualDisconnect = 2,
    ManualReconnect = 3,
    LocalDisconnect = 4,
    LocalReconnect = 5,
}

/// <summary>The transitions of the standard by their letters.</summary>
[Flags]
internal enum Transitions
{
    None = 0,
    A = 1 << 0,
    B = 1 << 1,
    C = 1 << 2,
    D = 1 << 3,
    E = 1 << 4,
    F = 1 << 5,
    G = 1 << 6,
    H = 1 << 7,
    I = 1 << 8,
}

/// <summary>The decision of COSEM disconnect control, as a table; when and how the switch moves is another matter.</summary>
/// <remarks>Source: IEC 62056-6-2, Disconnect control (class_id 70, version 0; transition i from version 1 for mode 7); the letters are the standard's.</remarks>
public static class DisconnectControl
{
    public const byte MaxMode = 7;

    private static readonly Transitions[] Permitted =
    [
        None,
        B | C | D | E | F | G,
        A | B | C | E | F | G,
        B | C | D | E | G,
        A | B | C | E | G,
        B | C | D | E | F | G | H,
        B | C | D | E | G | H,
        A | B | C | E | G | H | I,
    ];

    /// <summary>The state after <paramref name="trigger"/>, or null where the mode or the state forbids it.</summary>
    public static ControlState? Next(int mode, ControlState state, ControlTrigger trigger)
    {
        (Transitions transition, ControlState next) = (state, trigger) switch
        {
            (Disconnected, RemoteReconnect) when Permits(mode, A) => (A, Connected),
            (Disconnected, RemoteReconnect) => (D, ReadyForReconnection),
            (Connected, RemoteDisconnect) => (B, Disconnected),
            (ReadyForReconnection, RemoteDisconnect) => (C, Disconnected),
            (ReadyForReconnection, ManualReconnect) => (E, Connected),
            (Connected, ManualDisconnect) => (F, ReadyForReconnection),
            (Connected, LocalDisconnect) => (G, ReadyForReconnection),
            (ReadyForReconnection, LocalReconnect) => (H, Connected),
            (ReadyForReconnection, RemoteReconnect) => (I, Connected),
            _ => (None, state),
        };
        return transition != None && Permits(mode, transition) ? next : null;
    }

    private static bool Permits(int mode, Transitions transition) =>
        mode is >= 0 and <= MaxMode && (Permitted[mode] & transition) != None;
}
