namespace Latchkey.Meter;

/// <summary>When a meter on its hold-up charge saves.</summary>
/// <remarks>
/// Most outages are shorter than the charge. Saving at once would wear the memory with every flicker, so it waits as long as the charge surely allows.
/// It goes on as soon as mains is back, saved or not: a wait would be time in which energy flows and is not metered, and mains can be made to flicker.
/// </remarks>
public static class PowerFailRules
{
    private const int LongestWaitMs = 300;

    /// <summary>Milliseconds from the warning to the save: a third of the charge, and 300 ms at most. A page takes 10 ms.</summary>
    public static int CommitAfterMs(long chargeMs) => (int)Math.Min(LongestWaitMs, chargeMs / 3);
}
