namespace Latchkey.Meter.Tamper;

/// <summary>The four states of one tamper: a threshold alone is a suspicion, a threshold that lasts is a fact.</summary>
public enum TamperPhase : byte
{
    Normal = 0,
    Suspect = 1,
    Active = 2,
    Restoring = 3,
}

/// <summary>The debouncing of one tamper input.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="SinceMs">When the phase began, on the meter's monotonic clock.</param>
public readonly record struct TamperDebounce(TamperPhase Phase, long SinceMs)
{
    /// <summary>The phase after the input was seen as <paramref name="present"/> at <paramref name="nowMs"/>.</summary>
    public TamperDebounce After(bool present, long nowMs, int onMs, int offMs) => (Phase, present) switch
    {
        (TamperPhase.Normal, true) => new TamperDebounce(TamperPhase.Suspect, nowMs).After(present, nowMs, onMs, offMs),
        (TamperPhase.Suspect, false) => new(TamperPhase.Normal, nowMs),
        (TamperPhase.Suspect, true) when nowMs - SinceMs >= onMs => new(TamperPhase.Active, nowMs),
        (TamperPhase.Active, false) => new TamperDebounce(TamperPhase.Restoring, nowMs).After(present, nowMs, onMs, offMs),
        (TamperPhase.Restoring, true) => new(TamperPhase.Active, nowMs),
        (TamperPhase.Restoring, false) when nowMs - SinceMs >= offMs => new(TamperPhase.Normal, nowMs),
        _ => this,
    };

    public bool IsActive => Phase is TamperPhase.Active or TamperPhase.Restoring;
}
