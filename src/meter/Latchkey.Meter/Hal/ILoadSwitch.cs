namespace Latchkey.Meter.Hal;

/// <summary>Which coil direction a pulse drives.</summary>
public enum SwitchCoil
{
    Open = 0,
    Close = 1,
}

/// <summary>
/// The drive of one latching relay in series with the load: a hardware timer compare that starts a coil pulse at a set microsecond.
/// </summary>
/// <remarks>
/// Nothing is read back here: the state is concluded from load-side voltage and current. Never throws.
/// The driver needs two independent enables: opening needs one of them, closing needs both.
/// </remarks>
public interface ILoadSwitch
{
    /// <summary>The free-running hardware timer, microseconds since start.</summary>
    long NowUs { get; }

    /// <summary>Arms the compare. One pulse can be armed or running at a time.</summary>
    /// <param name="coil">Direction.</param>
    /// <param name="startUs">When the pulse starts; in the future.</param>
    /// <param name="widthUs">How long the coil is driven.</param>
    /// <returns>False when the instant has passed, a pulse is armed or running, or the enables forbid it; nothing is then armed.</returns>
    bool TrySchedule(SwitchCoil coil, long startUs, int widthUs);

    /// <summary>Disarms a pulse that has not started; a running pulse is not cut.</summary>
    /// <returns>True when a pulse was disarmed.</returns>
    bool TryCancel();
}
