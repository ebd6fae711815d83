namespace Latchkey.Meter.Payment;

/// <summary>Whether somebody has taken the supply out of the meter's hands.</summary>
public enum ForceMode : byte
{
    Automatic = 0,

    /// <summary>Credit, limits and switching times do not switch off; tampers, faults and the head-end's own command still do.</summary>
    On = 1,
    Off = 2,
}
